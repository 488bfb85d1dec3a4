export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'shift_jis'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** How the text of a table is written. `header`: how many rows name the columns. */
export type Dialect = {
  readonly encoding: Encoding;
  readonly delimiter: string;
  readonly quote: string;
  readonly header: number;
};
/** What is said of it; null is found out. */
export type GivenDialect = { readonly [K in keyof Dialect]: Dialect[K] | null };

/** One row, from the line in which it begins to the one in which it ends. */
export type Row = { readonly line: number; readonly endLine: number; readonly cells: readonly string[] };

/** What the beginning of a file shows. `names`: of the columns, as they are written. */
export type Look = { readonly dialect: Dialect; readonly names: readonly string[]; readonly rows: readonly Row[] };

/** How far a file was read: so many bytes of its text as UTF-8, the digest of all of them, and the line that follows. */
export type FilePlace = { readonly at: number; readonly digest: string; readonly line: number };
export type Lot = { readonly rows: readonly Row[]; readonly place: FilePlace };

/** How files are read that hold tables. Nothing of one is held on to but what is being read. */
export type FilePort = {
  /** Looks at the first bytes of a file; `isWhole` when there are no others. `broken_answer` says what it is instead of a table. */
  look(head: Uint8Array, given: GivenDialect, isWhole: boolean): Look;
  /**
   * Its rows, in lots whose place is safe to store once their rows are. From a place on, when the file begins as it did then; `cursor_expired` when it
   * is another one. `broken_answer` where the text cannot be read on, after all rows before.
   */
  lots(bytes: AsyncIterable<Uint8Array>, dialect: Dialect, from: FilePlace | null): AsyncIterable<Lot>;
};
