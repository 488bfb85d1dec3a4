import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Answer } from '../../contract/survey.ts';
import { classify } from '../../feedback/classify.ts';
import type { Stream } from '../../hub/connections/connections.ts';
import type { Tx } from '../../hub/database.ts';
import type { ResponseMapping } from '../../mapping/response-mapping.ts';
import type { Engine } from '../engine.ts';
import { indexIdentities } from '../identity/identities.ts';
import { mappingHash } from '../schema/mapping-versions.ts';
import { inTransaction } from '../transaction.ts';
import { attach, markDirty, WAITING, type Waiting } from './attach.ts';

const AT_ONCE = 500;

/** Lets the responses that are stored count, and find their contacts, under the mapping as it is now. Nothing is read over there again. */
export async function adoptResponseMapping(engine: Engine, stream: Stream, mapping: ResponseMapping): Promise<void> {
  const hash = mappingHash(mapping);
  if (stream.mappingHash === hash) return;
  if (mapping.attach.some(({ by }) => by === 'field')) await inTransaction(engine.hub, (tx) => indexIdentities(engine, tx, mapping.hub));
  while ((await inTransaction(engine.hub, (tx) => classifySome(engine, tx, stream, mapping))) > 0);
  await engine.hub.updateTable('stream').set({ mapping_hash: hash }).where('id', '=', stream.id).execute();
}

type Row = Waiting & {
  remote_id: string;
  survey_name: string;
  answers: readonly Answer[];
  keys: Fields;
  attachment: string;
  record_id: string | null;
  state: 'complete' | 'partial' | 'terminated';
};

async function classifySome(engine: Engine, tx: Tx, stream: Stream, mapping: ResponseMapping): Promise<number> {
  const hash = mappingHash(mapping);
  const { rows } = await sql<Row>`
    select ${WAITING}, r.remote_id, r.survey_name, r.answers, r.attachment, r.record_id from response r
    where r.connection_id = ${stream.connectionId} and r.classified is distinct from ${hash} order by r.id limit ${AT_ONCE} for update`.execute(
    tx,
  );
  if (rows.length === 0) return 0;
  const found = rows.map((row) => ({ id: row.id, ...classify(responseOf(row), row.keys, mapping) }));
  await sql`
    update response r set scores = f.scores::jsonb, comment = f.comment, rejected = f.rejected::jsonb, touchpoint = f.touchpoint, classified = ${hash}
    from unnest(${found.map((f) => f.id)}::uuid[], ${found.map((f) => JSON.stringify(f.scores))}::text[], ${found.map((f) => f.comment)}::text[],
      ${found.map((f) => JSON.stringify(f.rejected))}::text[], ${found.map((f) => f.touchpoint)}::text[]) as f (id, scores, comment, rejected, touchpoint) where r.id = f.id`.execute(
    tx,
  );
  await attach(
    engine,
    tx,
    mapping,
    rows.filter((row) => row.attachment === 'unmatched'),
  );
  await markDirty(
    tx,
    rows.flatMap((row) => row.record_id ?? []),
  );
  return rows.length;
}

const responseOf = (row: Row) => ({
  survey: { id: row.survey_id, name: row.survey_name },
  submittedAt: null,
  state: row.state,
  language: null,
  channel: null,
  answers: row.answers,
});
