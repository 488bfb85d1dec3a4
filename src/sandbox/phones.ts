/** Country code, then the national number in the groups that people there read out loud. */
function phoneGroups(e164: string): readonly string[] {
  const found =
    /^\+(1)(\d{3})(\d{3})(\d{4})$|^\+(44)(\d{4})(\d{3})(\d{3})$|^\+(81)(\d0|[36]|\d\d)(\d{3,4})(\d{4})$|^\+(66)(2|\d\d)(\d{3})(\d{3,4})$/.exec(
      e164,
    );
  return found === null ? [e164.slice(1)] : found.slice(1).filter((group) => group !== undefined);
}

/** As it is dialled inside the country: `(415) 555-0123`, `090-1234-5678`. */
export function national(e164: string): string {
  const [code = '', area = '', ...rest] = phoneGroups(e164);
  if (code === '1') return `(${area}) ${rest.join('-')}`;
  return [`0${area}`, ...rest].join('-');
}

/** With the country code, in groups: `+66 81 234 5678`. */
export function international(e164: string, between: string): string {
  return `+${phoneGroups(e164).join(between)}`;
}
