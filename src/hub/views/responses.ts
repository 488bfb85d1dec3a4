import type { HubModel } from '../../mapping/mapping.ts';
import type { Db } from '../database.ts';
import { type ResponseQuery, responseConditions } from './response-filter.ts';
import { type After, iso, isoOrNull, mapSlice, type Slice, sliceOf } from './slice.ts';
import { type Systems, systemOf } from './systems.ts';
import { titleOf } from './titles.ts';

const COLUMNS = [
  'response.id',
  'response.connection_id',
  'response.remote_id',
  'response.survey_id',
  'response.survey_name',
  'response.submitted_at',
  'response.state',
  'response.language',
  'response.channel',
  'response.scores',
  'response.comment',
  'response.touchpoint',
  'response.reason',
  'response.attachment',
  'response.record_id',
  'response.seen_at',
  'record.object',
  'record.fields as now',
  'entry.record_id as entry_id',
] as const;
type Row = Awaited<ReturnType<typeof readResponses>>[number];
export type ResponseView = ReturnType<typeof viewOf>;
type Around = { readonly model: HubModel; readonly systems: Systems };

/** Survey responses, the newest first. */
export async function listResponses(db: Db, around: Around, wanted: ResponseQuery, page: After): Promise<Slice<ResponseView>> {
  let query = responses(db)
    .where(responseConditions(wanted))
    .orderBy('response.id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query = query.where('response.id', '<', page.after);
  return mapSlice(sliceOf(await query.execute(), page.limit), (row) => viewOf(row, around));
}

/** One response with every answer, the keys it came with, and why it belongs to its record. */
export async function responseById(db: Db, around: Around, id: string) {
  const row = await responses(db)
    .select(['response.answers', 'response.keys', 'response.rejected', 'response.evidence'])
    .where('response.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { answers, keys, rejected, evidence } = row;
  return { ...viewOf(row, around), answers: [...answers], keys, rejected: [...rejected], evidence };
}

const responses = (db: Db) =>
  db
    .selectFrom('response')
    .leftJoin('record', 'record.id', 'response.record_id')
    .leftJoin('entry', 'entry.response_id', 'response.id')
    .select(COLUMNS);
const readResponses = (db: Db) => responses(db).execute();

function viewOf(row: Row, around: Around) {
  return {
    id: row.id,
    connection: systemOf(around.systems, row.connection_id),
    remoteId: row.remote_id,
    surveyId: row.survey_id,
    surveyName: row.survey_name,
    submittedAt: isoOrNull(row.submitted_at),
    state: row.state,
    language: row.language,
    channel: row.channel,
    scores: [...row.scores],
    comment: row.comment,
    touchpoint: row.touchpoint,
    attachment: row.attachment,
    reason: row.reason,
    recordId: row.record_id,
    recordTitle: row.object === null || row.now === null ? null : titleOf(around.model, row.object, row.now),
    entryId: row.entry_id,
    seenAt: iso(row.seen_at),
  };
}
