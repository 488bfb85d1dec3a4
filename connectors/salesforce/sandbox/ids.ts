const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of a 15-character id: three letters more, which say where the capitals are. */
export function longId(id: string): string {
  if (id.length !== 15) return id;
  const blocks = [id.slice(0, 5), id.slice(5, 10), id.slice(10, 15)];
  const suffix = blocks.map((block) => {
    const bits = [...block].reduce((sum, char, i) => sum + (/[A-Z]/.test(char) ? 1 << i : 0), 0);
    return SUFFIX.charAt(bits);
  });
  return id + suffix.join('');
}

/** Whether a text has the form of an id. */
export function looksLikeId(text: string): boolean {
  return /^[A-Za-z0-9]{15}([A-Z0-5]{3})?$/.test(text);
}

/** The `n`-th id of a kind in this org. */
export function makeId(keyPrefix: string, n: number): string {
  let digits = '';
  for (let rest = n; rest > 0; rest = Math.floor(rest / 62)) digits = DIGITS.charAt(rest % 62) + digits;
  return longId(`${keyPrefix}Sb0${digits.padStart(9, '0')}`);
}
