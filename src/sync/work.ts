import type { AnyPort, Ask } from '../contract/connector.ts';
import type { ObjectTraits } from '../contract/manifest.ts';
import type { Scope } from '../contract/records.ts';
import type { Connection, Stream } from '../hub/connections/connections.ts';
import type { Tx } from '../hub/database.ts';
import { knownVersions } from '../hub/records/observations.ts';
import type { EntityMapping } from '../mapping/mapping.ts';
import type { Mapping } from '../mapping/mappings.ts';
import type { Engine } from './engine.ts';
import { erasedIds } from './erasing/erased-ids.ts';
import type { Held } from './lease.ts';
import type { Turns } from './limits/turns.ts';
import type { Attempt } from './writing/attempt.ts';

/** A stream being worked on, with everything that belongs to it. */
export type Work = {
  readonly connection: Connection;
  readonly stream: Stream;
  readonly port: AnyPort;
  readonly mapping: Mapping;
  /** Remote fields to ask for: mapped, and shown by the live schema. */
  readonly fields: readonly string[];
  readonly held: Held;
  /** The run that the work is done in, once it has begun. */
  readonly runId?: string;
  /** Where merges run while more is read; what is read is only stored where it is left out. */
  readonly merges?: MergesBeside | undefined;
  readonly applying?: Applying | undefined;
  /** Whose turn it is on the connection; nobody gives way where it is left out. */
  readonly turns?: Turns | undefined;
};

/** Merges that run beside the reading of a connection, one at a time and in the order in which they were asked for. */
export type MergesBeside = {
  /** Asks for what is stored of a hub object to be merged; what comes while that is under way is left to the next one. */
  begin(hubObject: string): void;
  /** Until all of them have ended; with the error of one that failed, after which no other is begun. */
  settle(): Promise<void>;
};

/** A plan that is being applied: all of it is one run, and of what is due only that is written which the plan has shown. */
export type Applying = {
  readonly runId: string;
  allow(attempts: readonly Attempt[]): Promise<readonly Attempt[]>;
  /** Throws once somebody has paused or cancelled it; while the transaction lasts, nobody can. */
  assertGoing(tx: Tx): Promise<void>;
};

/** Whether a stream is swept: responses only where their vendor lets people delete some, and tells of it in no other way. */
export function isSwept(traits: ObjectTraits | undefined, mapping: Mapping): boolean {
  if (arrives(mapping)) return false;
  const removals = traits?.read.removals;
  // Where nothing follows from what people do to the hub's own records, nobody has to look.
  if (traits?.read.only === 'ours') return mapping.kind === 'entity' && followsEdits(mapping);
  return mapping.kind === 'entity' ? removals !== 'never' : removals === 'by_sweep';
}

const followsEdits = ({ removed, lines }: EntityMapping): boolean =>
  removed.in !== 'ignore' || lines.some(({ direction, rule }) => direction !== 'off' && rule.kind !== 'yield');
/** Whether records only arrive, and nobody can be asked for them. */
export const arrives = ({ reading }: Mapping): boolean => reading !== undefined;

export type Seen = { seen: number; changed: number; unchanged: number; stale: number; gone: number };

export const nothingSeen = (): Seen => ({ seen: 0, changed: 0, unchanged: 0, stale: 0, gone: 0 });

/** What is asked of a stream's reader: the mapped fields, sparing what is known already, and what was erased: nobody wants to know more of that. */
export function askFor(engine: Engine, work: Work, scope: Scope): Ask {
  const key = { connectionId: work.connection.id, object: work.stream.object };
  const known: Ask['known'] = async (seen) => {
    const versions = await knownVersions(engine.hub, key, seen);
    if (work.mapping.kind === 'entity') return versions;
    const unknown = seen.flatMap(({ id }) => (versions.has(id) ? [] : [id]));
    return new Set([...versions, ...(await erasedIds(engine, engine.hub, work.connection, unknown))]);
  };
  return { scope, fields: work.fields, known };
}
