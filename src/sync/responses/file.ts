import { sql } from 'kysely';
import type { Fields, Observation, Present } from '../../contract/records.ts';
import type { SurveyResponse } from '../../contract/survey.ts';
import { classify } from '../../feedback/classify.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import type { Tx } from '../../hub/database.ts';
import { newId, newIdAt } from '../../hub/ids.ts';
import { indexBy } from '../../kernel/lists.ts';
import type { ResponseMapping } from '../../mapping/response-mapping.ts';
import type { Engine } from '../engine.ts';
import { mappingHash } from '../schema/mapping-versions.ts';
import { attach, markDirty, type Waiting } from './attach.ts';
import { recallDecisions } from './decisions.ts';
import { noteQuestions } from './note-questions.ts';

type Whole = Present & { readonly response: SurveyResponse };
const isWhole = (one: Observation): one is Whole => one.kind === 'present' && one.response !== undefined;
type Filing = { readonly connection: Connection; readonly mapping: ResponseMapping; readonly changedIds: readonly string[] };

/**
 * Keeps responses whole, and attaches each to its contact by the mapping's ordered evidence, or lists it as unmatched. One that was deleted over there
 * goes, and counts for nobody any more.
 */
export async function fileResponses(engine: Engine, tx: Tx, seen: readonly Observation[], filing: Filing): Promise<void> {
  const changed = new Set(filing.changedIds);
  const news = seen.filter(({ id }) => changed.has(id));
  // Of two views of one response in a page the later stands, in whatever order they came.
  const inOrder = news.toSorted((a, b) => Date.parse(a.changedAt) - Date.parse(b.changedAt));
  const last = [...indexBy(inOrder, ({ id }) => id).values()];
  await dropResponses(
    tx,
    filing.connection.id,
    last.flatMap((one) => (one.kind === 'gone' ? [one.id] : [])),
  );
  const responses = last.filter(isWhole);
  if (responses.length === 0) return;
  await noteQuestions(
    tx,
    filing.connection.id,
    responses.map(({ response }) => response),
  );
  const stored = await store(tx, responses, filing);
  const decided = await recallDecisions(
    tx,
    filing.connection.id,
    stored.flatMap((row) => (row.is_new ? [row.remote_id] : [])),
  );
  await attach(
    engine,
    tx,
    filing.mapping,
    stored.filter((row) => row.attachment === 'unmatched' && !decided.has(row.remote_id)),
  );
  await markDirty(
    tx,
    stored.flatMap((row) => row.record_id ?? []),
  );
}

type Stored = Waiting & { remote_id: string; keys: Fields; attachment: string; record_id: string | null; is_new: boolean };

async function store(tx: Tx, responses: readonly Whole[], { connection, mapping }: Filing): Promise<readonly Stored[]> {
  const rows = responses.map((one) => ({ one, ...classify(one.response, one.fields, mapping) }));
  const { rows: stored } = await sql<Stored>`
    insert into response (id, connection_id, remote_id, survey_id, survey_name, submitted_at, state, language, channel, answers, keys, scores, comment, rejected, touchpoint, classified, attachment)
    select r.id, ${connection.id}::uuid, r.remote_id, r.survey_id, r.survey_name, r.submitted_at, r.state, r.language, r.channel, r.answers::jsonb, r.keys::jsonb, r.scores::jsonb, r.comment, r.rejected::jsonb, r.touchpoint, ${mappingHash(mapping)}, 'unmatched'
    from unnest(${rows.map(({ one }) => idOf(one.response))}::uuid[], ${rows.map(({ one }) => one.id)}::text[], ${rows.map(({ one }) => one.response.survey.id)}::text[], ${rows.map(({ one }) => one.response.survey.name)}::text[],
      ${rows.map(({ one }) => one.response.submittedAt)}::timestamptz[], ${rows.map(({ one }) => one.response.state)}::text[], ${rows.map(({ one }) => one.response.language)}::text[], ${rows.map(({ one }) => one.response.channel)}::text[],
      ${rows.map(({ one }) => JSON.stringify(one.response.answers))}::text[], ${rows.map(({ one }) => JSON.stringify(one.fields))}::text[], ${rows.map(({ scores }) => JSON.stringify(scores))}::text[],
      ${rows.map(({ comment }) => comment)}::text[], ${rows.map(({ rejected }) => JSON.stringify(rejected))}::text[], ${rows.map(({ touchpoint }) => touchpoint)}::text[])
      as r (id, remote_id, survey_id, survey_name, submitted_at, state, language, channel, answers, keys, scores, comment, rejected, touchpoint)
    on conflict (connection_id, remote_id) do update set survey_name = excluded.survey_name, submitted_at = excluded.submitted_at, state = excluded.state, language = excluded.language,
      channel = excluded.channel, answers = excluded.answers, keys = excluded.keys, scores = excluded.scores, comment = excluded.comment, rejected = excluded.rejected,
      touchpoint = excluded.touchpoint, classified = excluded.classified, seen_at = now()
    returning id, remote_id, survey_id, state, keys, attachment, record_id, xmax = 0 as is_new`.execute(tx);
  return stored;
}

async function dropResponses(tx: Tx, connectionId: string, remoteIds: readonly string[]): Promise<void> {
  if (remoteIds.length === 0) return;
  const { rows } = await sql<{ record_id: string | null }>`
    delete from response where connection_id = ${connectionId} and remote_id = any(${remoteIds}::text[]) returning record_id`.execute(tx);
  await markDirty(
    tx,
    rows.flatMap((row) => row.record_id ?? []),
  );
}

/** Responses are listed by their id, so it stands for the time of the answer and not for that of its arrival. */
const idOf = ({ submittedAt }: SurveyResponse): string => (submittedAt === null ? newId() : newIdAt(new Date(submittedAt)));
