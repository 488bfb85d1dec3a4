import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Answer, SurveyResponse } from '../../contract/survey.ts';
import type { Scored } from '../../feedback/classify.ts';
import type { Tx } from '../../hub/database.ts';

/** A response as it is now, with whom it is attached to. */
export type Given = Pick<SurveyResponse, 'survey' | 'state' | 'language' | 'channel' | 'answers'> & {
  readonly connectionId: string;
  readonly connection: string;
  readonly connector: string;
  readonly remoteId: string;
  readonly submittedAt: Date | null;
  readonly scores: readonly Scored[];
  readonly comment: string | null;
  /** Null when it is attached to nobody. */
  readonly personId: string | null;
  readonly person: Fields;
  /** It came with a first load, among many. */
  readonly isBulk: boolean;
};

/** An entry that has to be looked at; `given` is null when its response is gone. */
export type DueEntry = { readonly responseId: string; readonly recordId: string | null; readonly given: Given | null };

const AT_ONCE = 500;

type Row = Omit<Given, 'survey' | 'connectionId'> & {
  responseId: string;
  recordId: string | null;
  connectionId: string | null;
  surveyId: string;
  surveyName: string;
  answers: readonly Answer[];
};

/** Entries that are due, locked until the transaction ends: who changes their responses meanwhile makes them due once more. */
export async function claimEntries(tx: Tx): Promise<readonly DueEntry[]> {
  const { rows } = await sql<Row>`
    select e.response_id as "responseId", e.record_id as "recordId", r.connection_id as "connectionId", c.name as connection, c.connector, r.remote_id as "remoteId",
      r.survey_id as "surveyId", r.survey_name as "surveyName", r.submitted_at as "submittedAt", r.state, r.language, r.channel, r.answers, r.scores, r.comment,
      case when r.attachment = 'attached' then r.record_id end as "personId", coalesce(p.fields, '{}') as person,
      exists (select 1 from observation o join run on run.id = o.run_id and run.kind = 'first_load'
        where o.connection_id = r.connection_id and o.object = 'response' and o.remote_id = r.remote_id) as "isBulk"
    from entry e left join response r on r.id = e.response_id left join connection c on c.id = r.connection_id left join record p on p.id = r.record_id
    where e.due order by e.response_id limit ${AT_ONCE} for update of e skip locked`.execute(tx);
  return rows.map(({ responseId, recordId, connectionId, surveyId, surveyName, ...given }) => ({
    responseId,
    recordId,
    given: connectionId === null ? null : { ...given, connectionId, survey: { id: surveyId, name: surveyName } },
  }));
}
