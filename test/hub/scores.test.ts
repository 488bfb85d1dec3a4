import { sql } from 'kysely';
import { expect } from 'vitest';
import { type ResponseQuery, responseConditions } from '../../src/hub/views/response-filter.ts';
import { test } from '../support/database.ts';
import { addConnection } from './rows.ts';

test('responses that few have scored so are found by an index, and no others', async ({ hub }) => {
  const connection = await addConnection(hub);
  await sql`
    insert into response (id, connection_id, remote_id, survey_id, survey_name, submitted_at, state, answers, keys, scores, attachment)
    select gen_random_uuid(), ${connection}, n::text, 's', 'Survey', now(), 'complete', '[]', '{}', case when n % 1000 = 0
      then '[{"metric":"ces","key":"effort","question":"q9","nature":null,"score":2},{"metric":"nps","key":"nps","question":"q1","nature":"relationship","touchpoint":"support","score":9}]'::jsonb
      else '[{"metric":"nps","key":"nps","question":"q1","nature":"relationship","touchpoint":"shop","score":9}]'::jsonb end, 'unmatched'
    from generate_series(1, 5000) as n`.execute(hub);
  await sql`analyze response`.execute(hub);
  const of = (score: ResponseQuery['score'] & object) =>
    sql`from response left join record on record.id = response.record_id where ${responseConditions({ isCounted: true, score })}`;
  for (const score of [
    { key: 'effort' },
    { metric: 'ces' as const, atMost: 2 },
    { question: 'q9' },
    { key: 'nps', touchpoint: 'support' },
  ]) {
    const { rows: plan } = await sql<{ 'QUERY PLAN': string }>`explain select response.id ${of(score)}`.execute(hub);
    expect([score, plan.map((line) => line['QUERY PLAN']).join('\\n')]).toEqual([score, expect.stringContaining('response_scores')]);
    const { rows } = await sql<{ count: number }>`select count(*)::int as count ${of(score)}`.execute(hub);
    expect([score, rows[0]?.count]).toEqual([score, 5]);
  }
  // What is asked is true of one score, not of two together.
  const { rows } = await sql<{ count: number }>`select count(*)::int as count ${of({ key: 'effort', touchpoint: 'support' })}`.execute(hub);
  expect(rows[0]?.count).toBe(0);
  const none = await sql<{ count: number }>`select count(*)::int as count ${of({ key: 'effort', nature: 'none' })}`.execute(hub);
  expect(none.rows[0]?.count).toBe(5);
});
