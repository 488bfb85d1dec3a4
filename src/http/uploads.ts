import type { Dialect } from '../contract/files.ts';

/** A file as it arrives. `size` in bytes, where it was said. */
export type Upload = {
  readonly file: string;
  readonly object?: string | undefined;
  readonly size: number | null;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly actor: string;
  readonly signal: AbortSignal;
};
type RowError = { readonly line: number; readonly field: string; readonly reason: string; readonly cells: readonly string[] };
/** What an import would come to. */
export type RehearsedUpload = {
  readonly rows: number;
  readonly made: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly refused: number;
  readonly held: number;
  readonly untold: boolean;
  readonly missing: readonly string[];
  readonly errors: readonly RowError[];
};
/** What the beginning of a file shows, and a mapping that could read it. */
export type PreviewedUpload = {
  readonly dialect: Dialect;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly proposal: { readonly file: string; readonly yaml: string; readonly object: string; readonly doubts: readonly string[] };
};
