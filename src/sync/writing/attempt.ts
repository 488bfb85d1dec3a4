import type { Fields, Write } from '../../contract/records.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import type { RecordRow } from '../reconciling/rows.ts';

/** One write with what it was planned from. `push` is in the remote's words, `pushed` the same in the hub's. */
export type Attempt = {
  readonly link: LinkRow;
  readonly record: RecordRow;
  readonly push: Fields;
  readonly pushed: Fields;
  readonly write: Write;
  /** Why it is removed there, where that is what is done. */
  readonly why?: string;
  /** What of it a brake counts once it is sent. */
  readonly mass?: readonly string[];
};
