import { type RawBuilder, sql } from 'kysely';
import type { UnmatchedReason } from '../../feedback/whose.ts';
import type { Metric, Nature } from '../../mapping/mapping.ts';

/** Which responses are wanted. What is said of a score has to be true of one and the same score. */
export type ResponseQuery = {
  readonly attachment?: 'attached' | 'unmatched' | 'detached' | undefined;
  readonly connectionId?: string | undefined;
  readonly surveyId?: string | undefined;
  readonly recordId?: string | undefined;
  readonly reason?: UnmatchedReason | undefined;
  readonly isRejected?: boolean;
  readonly ids?: readonly string[];
  /** Those that figures are computed from: complete, and with a time. */
  readonly isCounted?: boolean;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly language?: string | undefined;
  readonly channel?: string | undefined;
  readonly score?: ScoreQuery;
  /** A field of the contact, and what it holds. */
  readonly contact?: { readonly field: string; readonly value: string } | undefined;
};
export type ScoreQuery = {
  readonly key?: string | undefined;
  readonly metric?: Metric | undefined;
  readonly nature?: Nature | 'none' | undefined;
  readonly question?: string | undefined;
  readonly touchpoint?: string | undefined;
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
};

/** What has to hold of a `response`, beside the `record` that it is attached to. */
export function responseConditions(wanted: ResponseQuery): RawBuilder<boolean> {
  const all: RawBuilder<unknown>[] = [sql`true`];
  if (wanted.attachment !== undefined) all.push(sql`response.attachment = ${wanted.attachment}`);
  if (wanted.connectionId !== undefined) all.push(sql`response.connection_id = ${wanted.connectionId}::uuid`);
  if (wanted.surveyId !== undefined) all.push(sql`response.survey_id = ${wanted.surveyId}`);
  if (wanted.recordId !== undefined) all.push(sql`response.record_id = ${wanted.recordId}::uuid`);
  if (wanted.reason !== undefined) all.push(sql`response.reason = ${wanted.reason}`);
  if (wanted.isRejected === true) all.push(sql`response.rejected <> '[]'`);
  if (wanted.ids !== undefined) all.push(sql`response.id = any(${wanted.ids}::uuid[])`);
  if (wanted.isCounted === true) all.push(sql`response.state = 'complete' and response.submitted_at is not null`);
  if (wanted.from !== undefined) all.push(sql`response.submitted_at >= ${wanted.from}::timestamptz`);
  if (wanted.to !== undefined) all.push(sql`response.submitted_at < ${wanted.to}::timestamptz`);
  if (wanted.language !== undefined) all.push(sql`response.language = ${wanted.language}`);
  if (wanted.channel !== undefined) all.push(sql`response.channel = ${wanted.channel}`);
  if (wanted.contact !== undefined) all.push(sql`record.fields ->> ${wanted.contact.field}::text = ${wanted.contact.value}`);
  const score = scoreConditions(wanted.score ?? {});
  all.push(...scoreHeld(sql`response.scores`, wanted.score ?? {}));
  if (score.length > 0) all.push(sql`exists (select 1 from jsonb_array_elements(response.scores) s where ${sql.join(score, sql` and `)})`);
  return sql<boolean>`(${sql.join(all, sql` and `)})`;
}

type Named = Pick<ScoreQuery, 'key' | 'metric' | 'nature' | 'question' | 'touchpoint'>;

/** That one of the scores holds all of this, said as the index of scores knows it: what few responses have is found without reading the others. */
export function scoreHeld(
  scores: RawBuilder<unknown>,
  { key, metric, nature, question, touchpoint }: Named,
): readonly RawBuilder<unknown>[] {
  const held = { key, metric, nature: nature === 'none' ? undefined : nature, question, touchpoint };
  const isAny = Object.values(held).some((value) => value !== undefined);
  return isAny ? [sql`${scores} @> ${JSON.stringify([held])}::jsonb`] : [];
}

function scoreConditions({ key, metric, nature, question, touchpoint, atLeast, atMost }: ScoreQuery): readonly RawBuilder<unknown>[] {
  const all: RawBuilder<unknown>[] = [];
  if (key !== undefined) all.push(sql`s ->> 'key' = ${key}`);
  if (metric !== undefined) all.push(sql`s ->> 'metric' = ${metric}`);
  if (nature !== undefined) all.push(nature === 'none' ? sql`s ->> 'nature' is null` : sql`s ->> 'nature' = ${nature}`);
  if (question !== undefined) all.push(sql`s ->> 'question' = ${question}`);
  if (touchpoint !== undefined) all.push(sql`s ->> 'touchpoint' = ${touchpoint}`);
  if (atLeast !== undefined) all.push(sql`(s ->> 'score')::numeric >= ${atLeast}`);
  if (atMost !== undefined) all.push(sql`(s ->> 'score')::numeric <= ${atMost}`);
  return all;
}
