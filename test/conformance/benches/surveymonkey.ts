import type { SurveymonkeySandbox } from '../../../connectors/surveymonkey/sandbox/hands.ts';
import { surveymonkeySandbox } from '../../../connectors/surveymonkey/sandbox/index.ts';
import { must } from '../../../src/kernel/must.ts';
import { type Bench, type Hands, starting } from '../bench.ts';

const YEAR_START = Date.parse('2026-01-05T00:00:00Z');
const MORE_THAN_TWO_PAGES = 210;

function handsOn({ all, answer, edit, erase, surveys }: SurveymonkeySandbox): Hands {
  const responses = (surveyId: string) => all().filter((one) => one.surveyId === surveyId && !one.mode.endsWith('preview'));
  const responseId = (id: string): string => id.slice(id.indexOf(':') + 1);
  const commentOf = (surveyId: string) =>
    surveys
      .get(surveyId)
      .pages.flatMap(({ questions }) => questions)
      .find(({ role }) => role === 'comment')?.id;
  let edits = 0;
  return {
    all: (_object, scope) => responses(scope).map(({ id }) => `${scope}:${id}`),
    crowd(_object, at) {
      const { id } = must(surveys.all()[0], 'a survey');
      for (let n = 0; n < MORE_THAN_TWO_PAGES; n += 1) answer({ surveyId: id, nps: n % 11, at: at ?? new Date(YEAR_START + n * 7_000) });
      return id;
    },
    edit(_object, scope) {
      edits += 1;
      const [question, value] = [commentOf(scope), `Edited ${edits}`];
      const before = responses(scope).at(3);
      if (before === undefined) return { id: `${scope}:${answer({ surveyId: scope })}`, field: null, value: null };
      const { id } = before;
      edit(id, { comment: value });
      return { id: `${scope}:${id}`, field: `answer:${question}`, value };
    },
    remove: (_object, id) => erase(responseId(id)),
    erase: (_object, id) => erase(responseId(id)),
  };
}

export const surveymonkeyBench: Bench = {
  connector: 'surveymonkey',
  definition: surveymonkeySandbox,
  switches: { callsPerMinute: 0, callsPerDay: 0, webhooksByThemselves: false },
  people: 60,
  lackingRight: { switches: { granted: 'users_read surveys_read responses_read' }, faults: [] },
  unknownId: (scope) => `${scope}:999999999999`,
  creates: '',
  withoutKey: {},
  moods: [
    { dateOffsetMinutes: 540, idPrefix: '9007199', contactShown: false },
    { questionRows: 'brief', perPageOver: 'refuse', revokedAs: 'status' },
    { arrivalsPerPage: 2 },
  ],
  telling: {
    // The vector of the vendor's documents.
    signed: [
      {
        url: 'https://h/x',
        headers: { 'Sm-Apikey': 'demo-client-id', 'Sm-Signature': 'v3l5YS6z/iyqY3px2ii5KD+Ec4U=' },
        body: '{"event_type":"response_completed","object_id":"11900000001"}',
        secret: 'demo-client-secret',
        sentAt: '2026-11-22T00:00:00Z',
        expires: false,
        bodyAlone: true,
      },
    ],
    told: {
      body: JSON.stringify({
        event_type: 'response_deleted',
        object_type: 'response',
        object_id: '118900000001',
        filter_type: 'collector',
        filter_id: '455001122',
        resources: { survey_id: '512345678', collector_id: '455001122', user_id: '1' },
      }),
      hints: [{ object: 'response', id: '512345678:118900000001', reason: 'removed' }],
    },
  },
  start: starting(surveymonkeySandbox, handsOn),
};
