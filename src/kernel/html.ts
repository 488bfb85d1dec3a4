const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', hellip: '…' };

function character(code: number): string {
  return Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function decoded(entity: string, name: string): string {
  if (/^#x/i.test(name)) return character(Number.parseInt(name.slice(2), 16));
  if (name.startsWith('#')) return character(Number.parseInt(name.slice(1), 10));
  return ENTITIES[name.toLowerCase()] ?? entity;
}

/** A text that its author wrote in HTML (a question, a label), as people read it. Answers are plain and never come here. */
export function plainText(html: string): string {
  return html
    .replace(/<\/?(?:b|i|u|em|strong|span|font|a|sup|sub)(?:\s[^>]*)?>/gi, '')
    .replace(/<\/?[a-z][^>]*>|<!--.*?-->/gis, ' ')
    .replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, decoded)
    .replace(/\s+/g, ' ')
    .trim();
}
