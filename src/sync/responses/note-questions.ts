import { sql } from 'kysely';
import type { Answer, SurveyResponse } from '../../contract/survey.ts';
import type { Tx } from '../../hub/database.ts';
import { digestOf } from '../../hub/ids.ts';
import { indexBy } from '../../kernel/lists.ts';

type Asked = { readonly surveyId: string; readonly digest: string; readonly question: Answer['question'] };

/** Keeps how questions were worded: each wording once, with the first and the last time that it was met. A question is known by its id all the while. */
export async function noteQuestions(tx: Tx, connectionId: string, responses: readonly SurveyResponse[]): Promise<void> {
  const all = responses.flatMap(({ survey, answers }) => answers.map(({ question }) => asked(survey.id, question)));
  const rows = [...indexBy(all, ({ surveyId, digest, question }) => `${surveyId} ${question.id} ${digest}`).values()].sort((a, b) =>
    a.digest < b.digest ? -1 : 1,
  );
  if (rows.length === 0) return;
  await sql`
    insert into survey_question as q (connection_id, survey_id, question_id, digest, ref, wording, kind, scale)
    select ${connectionId}::uuid, r.* from unnest(${rows.map((r) => r.surveyId)}::text[], ${rows.map((r) => r.question.id)}::text[], ${rows.map((r) => r.digest)}::uuid[],
      ${rows.map((r) => r.question.ref)}::text[], ${rows.map((r) => r.question.text)}::text[], ${rows.map((r) => r.question.kind)}::text[],
      ${rows.map((r) => (r.question.scale === null ? null : JSON.stringify(r.question.scale)))}::jsonb[]) as r (survey_id, question_id, digest, ref, wording, kind, scale)
    on conflict (connection_id, survey_id, question_id, digest) do update set last_seen_at = now() where q.last_seen_at < now() - interval '1 hour'`.execute(
    tx,
  );
}

function asked(surveyId: string, question: Answer['question']): Asked {
  const { ref, text, kind, scale } = question;
  return { surveyId, question, digest: digestOf({ ref, text, kind, scale }) };
}
