const BROWSERS = [
  ['Edge', /Edg(e|A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Firefox', /(Firefox|FxiOS)\//],
  ['Chrome', /(Chrome|CriOS)\//],
  ['Safari', /Safari\//],
] as const;
const SYSTEMS = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X|Macintosh/],
  ['Linux', /Linux|X11/],
] as const;

/** Which browser on which system calls itself so: the first that fits, since each claims to be those before it as well. Null: none that is known. */
export function browserIn(userAgent: string | null): { readonly browser: string; readonly system: string } | null {
  const [browser] = BROWSERS.find(([, sign]) => sign.test(userAgent ?? '')) ?? [];
  const [system] = SYSTEMS.find(([, sign]) => sign.test(userAgent ?? '')) ?? [];
  return browser === undefined || system === undefined ? null : { browser, system };
}
