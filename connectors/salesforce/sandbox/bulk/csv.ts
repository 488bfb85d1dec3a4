export const DELIMITERS = { COMMA: ',', SEMICOLON: ';', TAB: '\t', PIPE: '|', CARET: '^', BACKQUOTE: '`' } as const;
export type Delimiter = keyof typeof DELIMITERS;
export const LINE_ENDS = { LF: '\n', CRLF: '\r\n' } as const;
export type LineEnd = keyof typeof LINE_ENDS;

/** How a CSV text is written. */
export type Dialect = { readonly delimiter: Delimiter; readonly lineEnd: LineEnd };

/** Rows with every value in quotes, as the result files have them. */
export function writeCsv(rows: readonly (readonly string[])[], { delimiter, lineEnd }: Dialect): string {
  const cell = (value: string) => `"${value.replaceAll('"', '""')}"`;
  return rows.map((row) => row.map(cell).join(DELIMITERS[delimiter]) + LINE_ENDS[lineEnd]).join('');
}

/** The rows of a CSV text; null when its line ends are others than those that were said, or a quote is out of place. */
export function readCsv(text: string, { delimiter, lineEnd }: Dialect): readonly (readonly string[])[] | null {
  const [apart, end] = [DELIMITERS[delimiter], LINE_ENDS[lineEnd]];
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quoted = text[at] === '"' ? closingQuote(text, at) : null;
    if (quoted === -1) return null;
    const stop = quoted === null ? nextOf(text, at, [apart, '\n']) : quoted + 1;
    const plain = quoted === null ? text.slice(at, stop) : text.slice(at + 1, quoted).replaceAll('""', '"');
    const isLineEnd = text[stop] === '\n' || text.startsWith('\r\n', stop);
    const hasReturn = quoted === null && isLineEnd && plain.endsWith('\r');
    const found = text.startsWith('\r\n', stop) || hasReturn ? '\r\n' : '\n';
    if (isLineEnd && found !== end) return null;
    if (quoted === null && plain.includes('"')) return null;
    row.push(hasReturn ? plain.slice(0, -1) : plain);
    if (stop >= text.length || isLineEnd) {
      rows.push(row);
      row = [];
      at = stop + (text.startsWith('\r\n', stop) ? 2 : 1);
    } else if (text.startsWith(apart, stop)) at = stop + apart.length;
    else return null;
  }
  return rows.filter((one) => one.length > 1 || one[0] !== '');
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function nextOf(text: string, from: number, marks: readonly string[]): number {
  const found = marks.map((mark) => text.indexOf(mark, from)).filter((at) => at >= 0);
  return found.length === 0 ? text.length : Math.min(...found);
}
