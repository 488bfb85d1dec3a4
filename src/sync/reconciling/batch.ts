import type { Identified, Stranger } from '../../merge/recognise.ts';
import type { EntityStream } from '../streams.ts';
import type { LinkRow } from './link-row.ts';
import type { RolledUp } from './roll-up.ts';
import type { HoldRow, RecordRow } from './rows.ts';
import type { PlannedRecord } from './trees.ts';

/** One record with its plan, ready to be written. */
export type Outcome = {
  readonly record: RecordRow;
  readonly links: readonly LinkRow[];
  readonly holds: ReadonlyMap<string, readonly HoldRow[]>;
  readonly planned: PlannedRecord;
};

export type Batch = {
  readonly hubObject: string;
  readonly streams: ReadonlyMap<string, EntityStream>;
  readonly seen: readonly (Stranger & { readonly gone: boolean })[];
  readonly dirty: readonly string[];
  readonly identified: readonly Identified[];
  readonly outcomes: readonly Outcome[];
  readonly rollups: readonly RolledUp[];
  /** The runs that read everything there is, of those that saw something of this. */
  readonly bulk: ReadonlySet<string>;
};
