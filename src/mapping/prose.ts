/** What stands at the end of a text that was longer than its field over there. The same text is always shortened alike. */
const MARK = ' … [shortened; the whole text is in Syncline]';

/** A text in at most `max` characters as `write` writes them: whole, or shortened with the mark at its end. Never silently, never in half a character. */
export function within(text: string, max: number, write: (part: string) => string): string {
  const whole = write(text);
  if (whole.length <= max) return whole;
  const end = write(MARK);
  const parts: string[] = [];
  let left = max - end.length;
  for (const character of text) {
    const written = write(character);
    if (written.length > left) break;
    left -= written.length;
    parts.push(character);
  }
  return write(parts.join('').trimEnd()) + end;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '\n': '<br>' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', apos: "'" };

/** Plain text as HTML that shows it as it is, whatever it contains. */
export function toHtml(text: string): string {
  return text.replace(/[&<>"'\n]/g, (character) => ESCAPES[character] ?? character);
}

/** What HTML says, in plain text. */
export function fromHtml(html: string): string {
  return html
    .replace(/\r?\n/g, ' ')
    .replace(/<br\s*\/?>|<\/(?:p|div|li|h[1-6])>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{1,8}));/gi, decodeEntity)
    .trim();
}

const LAST_CODE_POINT = 0x10ffff;

function decodeEntity(entity: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > LAST_CODE_POINT || (code >= 0xd800 && code <= 0xdfff) ? entity : String.fromCodePoint(code);
}
