import { sql } from 'kysely';
import type { Completeness } from '../../hub/views/completeness.ts';
import type { Mapping } from '../../mapping/mappings.ts';
import type { Engine } from '../engine.ts';
import { arrives, type Work } from '../work.ts';
import { checkStream, SAMPLE } from './completeness.ts';

/** Somebody wants both sides compared: of one object, or of all that take part. `everyId`: a sweep comes first, so that no id is left out. */
export type Check = {
  readonly sample: number;
  readonly object?: string | undefined;
  readonly everyId: boolean;
  found(result: Completeness): void;
};

/** Responses are not, nor is what nobody can be asked for. */
const isCompared = (mapping: Mapping): boolean => mapping.kind === 'entity' && !arrives(mapping);

/** Whether a stream is among what somebody wants compared id by id. */
export const wantsEveryId = (check: Check | undefined, { stream, mapping }: Work): boolean =>
  check?.everyId === true && isCompared(mapping) && stream.backfilled && (check.object ?? stream.object) === stream.object;

/** Compares what somebody asked for, and what has been loaded without ever having been compared; the calls that it took. */
export async function checkWanted(engine: Engine, works: readonly Work[], asked: Check | undefined): Promise<number> {
  const loaded = works.filter((work) => isCompared(work.mapping) && work.stream.backfilled && work.stream.mode === 'live');
  const unchecked = asked === undefined ? await neverChecked(engine, loaded) : new Set<string>();
  let calls = 0;
  for (const work of loaded) {
    const isAsked = asked !== undefined && (asked.object ?? work.stream.object) === work.stream.object;
    if (!isAsked && !unchecked.has(work.stream.id)) continue;
    const checked = await checkStream(engine, work, { sample: asked?.sample ?? SAMPLE });
    if (isAsked) asked.found(checked.found);
    calls += checked.calls;
  }
  return calls;
}

async function neverChecked(engine: Engine, works: readonly Work[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select s.id from unnest(${works.map((work) => work.stream.id)}::uuid[]) as s (id)
    where not exists (select 1 from run r where r.stream_id = s.id and r.kind = 'check' and r.ended_at is not null and r.error is null)`.execute(
    engine.hub,
  );
  return new Set(rows.map((row) => row.id));
}
