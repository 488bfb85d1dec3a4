import { type RawBuilder, sql } from 'kysely';
import type { Counted } from '../../feedback/trend.ts';
import type { Metric, Nature } from '../../mapping/mapping.ts';
import type { Db } from '../database.ts';
import { scoreHeld } from './response-filter.ts';

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export const DIMENSIONS = ['connection', 'survey', 'question', 'touchpoint', 'language', 'channel', 'owner'] as const;
/** What answers are told apart by: a property of the response, or `segment:` with a field of the contact that it is attached to. */
export type Dimension = (typeof DIMENSIONS)[number] | `segment:${string}`;

export type MetricQuery = {
  readonly by: readonly Dimension[];
  readonly period: (typeof PERIODS)[number] | null;
  /** An IANA name: where a day begins and ends. */
  readonly timeZone: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly key?: string | undefined;
  readonly metric?: Metric | undefined;
  readonly nature?: Nature | 'none' | undefined;
  readonly connectionId?: string | undefined;
  readonly surveyId?: string | undefined;
  readonly touchpoint?: string | undefined;
  readonly language?: string | undefined;
  readonly channel?: string | undefined;
};

const VALUES: Readonly<Record<(typeof DIMENSIONS)[number], RawBuilder<unknown>>> = {
  connection: sql`r.connection_id::text`,
  survey: sql`r.survey_id`,
  question: sql`s ->> 'question'`,
  touchpoint: sql`s ->> 'touchpoint'`,
  language: sql`r.language`,
  channel: sql`r.channel`,
  owner: sql`k.fields ->> 'owner_email'`,
};

function isPlain(dimension: Dimension): dimension is (typeof DIMENSIONS)[number] {
  return !dimension.startsWith('segment:');
}

const valueOfDimension = (dimension: Dimension): RawBuilder<unknown> =>
  isPlain(dimension) ? VALUES[dimension] : sql`k.fields ->> ${dimension.slice('segment:'.length)}::text`;

/** The scores of complete responses, counted: a few rows for each group, however many responses there are. */
export async function metricCounts(db: Db, query: MetricQuery): Promise<readonly Counted[]> {
  const group = query.by.length === 0 ? sql`array[]::text[]` : sql`array[${sql.join(query.by.map(valueOfDimension))}]::text[]`;
  const period =
    query.period === null
      ? sql`null::text`
      : sql`to_char(date_trunc(${query.period}::text, r.submitted_at at time zone ${query.timeZone}::text), 'YYYY-MM-DD')`;
  const { rows } = await sql<Counted>`
    select s ->> 'metric' as metric, s ->> 'key' as key, s ->> 'nature' as nature, ${group} as "group", ${period} as period, s -> 'scale' as scale,
      (s ->> 'topBox')::int as "topBox", (s ->> 'higherIsBetter')::boolean as "higherIsBetter", (s ->> 'score')::int as score,
      s -> 'ofEmployees' is not null as "ofEmployees", count(*)::int as count
    from response r cross join lateral jsonb_array_elements(r.scores) s left join record k on k.id = r.record_id
    where ${conditionsOf(query)} group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`.execute(db);
  return rows;
}

/** When each period begins and ends, by its first day. */
export async function periodBounds(
  db: Db,
  days: readonly string[],
  { period, timeZone }: Pick<MetricQuery, 'period' | 'timeZone'>,
): Promise<ReadonlyMap<string, { readonly from: string; readonly to: string }>> {
  if (period === null || days.length === 0) return new Map();
  const length = period === 'quarter' ? '3 months' : `1 ${period}`;
  const { rows } = await sql<{ day: string; from: Date; to: Date }>`
    select d as day, d::timestamp at time zone ${timeZone}::text as "from", (d::timestamp + ${length}::interval) at time zone ${timeZone}::text as "to"
    from unnest(${[...new Set(days)]}::text[]) d`.execute(db);
  return new Map(rows.map(({ day, from, to }) => [day, { from: from.toISOString(), to: to.toISOString() }]));
}

function conditionsOf(query: MetricQuery): RawBuilder<unknown> {
  const { from, to, key, metric, nature, connectionId, surveyId, touchpoint, language, channel } = query;
  const all: RawBuilder<unknown>[] = [sql`r.state = 'complete' and r.submitted_at is not null`];
  if (from !== undefined) all.push(sql`r.submitted_at >= ${from}::timestamptz`);
  if (to !== undefined) all.push(sql`r.submitted_at < ${to}::timestamptz`);
  if (key !== undefined) all.push(sql`s ->> 'key' = ${key}`);
  if (metric !== undefined) all.push(sql`s ->> 'metric' = ${metric}`);
  if (nature !== undefined) all.push(nature === 'none' ? sql`s ->> 'nature' is null` : sql`s ->> 'nature' = ${nature}`);
  if (connectionId !== undefined) all.push(sql`r.connection_id = ${connectionId}::uuid`);
  if (surveyId !== undefined) all.push(sql`r.survey_id = ${surveyId}`);
  if (touchpoint !== undefined) all.push(sql`s ->> 'touchpoint' = ${touchpoint}`);
  all.push(...scoreHeld(sql`r.scores`, { key, metric, nature, touchpoint }));
  if (language !== undefined) all.push(sql`r.language = ${language}`);
  if (channel !== undefined) all.push(sql`r.channel = ${channel}`);
  return sql.join(all, sql` and `);
}

/** Whether Postgres knows a time zone by that name. */
export async function isTimeZone(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_timezone_names where name = ${name}`.execute(db);
  return rows.length > 0;
}

export type RejectedCount = {
  readonly connectionId: string;
  readonly surveyId: string;
  readonly surveyName: string;
  readonly question: string;
  readonly metric: Metric;
  readonly reason: string;
  readonly count: number;
  readonly lastAt: Date | null;
};

/** Answers that should have counted and could not, by the reason. */
export async function rejectedCounts(db: Db): Promise<readonly RejectedCount[]> {
  const { rows } = await sql<RejectedCount>`
    select r.connection_id as "connectionId", r.survey_id as "surveyId", (array_agg(r.survey_name order by r.id desc))[1] as "surveyName",
      j ->> 'question' as question, coalesce(j ->> 'metric', 'nps') as metric, j ->> 'reason' as reason, count(*)::int as count, max(r.submitted_at) as "lastAt"
    from response r cross join lateral jsonb_array_elements(r.rejected) j where r.rejected <> '[]'
    group by 1, 2, 4, 5, 6 order by count(*) desc, 1, 2, 4, 6 limit 1000`.execute(db);
  return rows;
}

export type AskedQuestion = {
  readonly connectionId: string;
  readonly surveyId: string;
  readonly questionId: string;
  readonly ref: string | null;
  readonly kind: string;
  readonly scale: { readonly min: number; readonly max: number } | null;
  readonly wordings: readonly { readonly text: string; readonly firstSeenAt: string; readonly lastSeenAt: string }[];
};

/** The questions that were answered, each under its id with every wording that it has had, the latest first. */
export async function askedQuestions(db: Db): Promise<readonly AskedQuestion[]> {
  const { rows } = await sql<AskedQuestion>`
    select connection_id as "connectionId", survey_id as "surveyId", question_id as "questionId", (array_agg(ref order by last_seen_at desc, digest))[1] as ref,
      (array_agg(kind order by last_seen_at desc, digest))[1] as kind, (array_agg(scale order by last_seen_at desc, digest))[1] as scale,
      jsonb_agg(jsonb_build_object('text', wording, 'firstSeenAt', to_char(first_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'lastSeenAt', to_char(last_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by first_seen_at desc, digest) as wordings
    from survey_question
    group by 1, 2, 3 order by 1, 2, min(first_seen_at), 3 limit 5000`.execute(db);
  return rows;
}
