import { type QuestionproSandbox, questionproSandbox } from '../../../connectors/questionpro/sandbox/index.ts';
import { must } from '../../../src/kernel/must.ts';
import { type Bench, type Hands, starting } from '../bench.ts';

const YEAR_START = Date.parse('2026-01-05T00:00:00Z');
const MORE_THAN_TWO_PAGES = 2_100;

const CX = 'cx';
const CX_SURVEY = 11_000_004;

const WORKSPACE = '25739';
const ticketId = (id: string): number => Number(id.split(':')[1]);

function handsOn({ all, cx, answer, remove, surveys, tickets }: QuestionproSandbox): Hands {
  return {
    all: (object, scope) =>
      object === 'ticket'
        ? tickets.all().map(({ id }) => `${WORKSPACE}:${id}`)
        : (scope === CX ? cx() : all()).flatMap(({ id, survey }) =>
            scope === CX || String(survey.id) === scope ? [`${survey.id}:${id}`] : [],
          ),
    crowd(object, at) {
      if (object === 'ticket') {
        for (let n = 0; n < MORE_THAN_TWO_PAGES; n += 1)
          tickets.open({
            description: `Ticket ${n}`,
            customerEmail: `customer${n}@example.com`,
            at: at ?? new Date(YEAR_START + n * 7_000),
          });
        return 'all';
      }
      const { id } = must(surveys[0], 'a survey');
      for (let n = 0; n < MORE_THAN_TWO_PAGES; n += 1) answer({ surveyId: id, score: n % 11, at: at ?? new Date(YEAR_START + n * 7_000) });
      return String(id);
    },
    remove: (object, id) => (object === 'ticket' ? tickets.remove(ticketId(id)) : remove(ticketId(id))),
    erase: (object, id) => (object === 'ticket' ? tickets.remove(ticketId(id), { forGood: true }) : remove(ticketId(id))),
    edit(object, scope) {
      if (object === 'ticket') {
        const { id, status } = must(tickets.all()[0], 'a ticket');
        const value = status === 'PENDING' ? 'OPEN' : 'PENDING';
        tickets.edit(id, { status: value });
        return { id: `${WORKSPACE}:${id}`, field: 'status', value };
      }
      const surveyId = scope === CX ? CX_SURVEY : Number(scope);
      return { id: `${surveyId}:${answer({ surveyId, score: 5 })}`, field: null, value: null };
    },
  };
}

export const questionproBench: Bench = {
  connector: 'questionpro',
  definition: { ...questionproSandbox, settings: { ...questionproSandbox.settings, cx: 'true' } },
  switches: { callsPerMinute: 0, organizationCallsPerMinute: 0 },
  people: 60,
  wide: [CX],
  lackingRight: {
    switches: {},
    faults: [
      {
        on: '*',
        times: 99,
        answer: 403,
        body: { response: { error: { id: 1013, httpStatusCode: 403, message: 'You do not have permission on this resource', name: '' } } },
      },
    ],
  },
  unknownId: (scope) => `${scope === CX ? CX_SURVEY : scope === 'all' ? WORKSPACE : scope}:999999999`,
  creates: '',
  withoutKey: {},
  moods: [
    { order: 'desc', errorIdAs: 'string', cxShowsSegment: true },
    { order: 'shuffled', windowOn: 'start', cxSurveysApart: true, ticketsPerPage: 100, ticketsShowDeleted: false },
    { utcTimestampIn: 'milliseconds', timeZone: 'Asia/Tokyo', perPageOver: 'refuse' },
    { arrivalsPerPage: 2, timeZone: 'Asia/Kolkata', acceptQueryKey: true },
  ],
  telling: {
    signed: [
      {
        url: 'https://h/x',
        headers: { 'X-Syncline-Secret': 'a secret that was sent along' },
        body: '{"responseID":912000000,"surveyID":11000001}',
        secret: 'a secret that was sent along',
        sentAt: '2026-11-22T00:00:00Z',
        expires: false,
        bodyAlone: true,
      },
    ],
    // A quote in an answer has broken what is around it.
    told: {
      body: '{"response":{"responseID":912000013,"surveyID":11000001,"responseSet":[{"text":"so "good""}]}}',
      hints: [{ object: 'response', id: '11000001:912000013', reason: 'changed' }],
    },
  },
  start: starting(questionproSandbox, handsOn),
};
