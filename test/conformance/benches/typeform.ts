import { type TypeformSandbox, typeformSandbox } from '../../../connectors/typeform/sandbox/index.ts';
import { must } from '../../../src/kernel/must.ts';
import { type Bench, type Hands, starting } from '../bench.ts';

const YEAR_START = Date.parse('2026-01-05T00:00:00Z');
const MORE_THAN_TWO_PAGES = 2_100;

function handsOn({ all, answer, remove, forms }: TypeformSandbox): Hands {
  return {
    all: (_object, scope) =>
      all().flatMap(({ token, form, state }) => (state === 'completed' && form.id === scope ? [`${scope}:${token}`] : [])),
    crowd(_object, at) {
      const { id } = must(forms[0], 'a form');
      for (let n = 0; n < MORE_THAN_TWO_PAGES; n += 1) answer({ formId: id, nps: n % 11, at: at ?? new Date(YEAR_START + n * 7_000) });
      return id;
    },
    edit: (_object, scope) => ({ id: `${scope}:${answer({ formId: scope, nps: 9, comment: 'fine' })}`, field: null, value: null }),
    remove(_object, id) {
      const [formId = '', token = ''] = id.split(':');
      remove(formId, token);
    },
    erase(_object, id) {
      const [formId = '', token = ''] = id.split(':');
      remove(formId, token);
    },
  };
}

export const typeformBench: Bench = {
  connector: 'typeform',
  definition: typeformSandbox,
  switches: { callsPerSecond: 0 },
  people: 60,
  lackingRight: { switches: { scopes: 'accounts:read forms:read' }, faults: [] },
  unknownId: (scope) => `${scope}:zzzzzzzzzzzzzzzzzzzz`,
  creates: '',
  withoutKey: {},
  moods: [{ retryAfter: true, visibilityDelayMs: 25 * 60_000 }],
  telling: {
    // The vector of the vendor's documents.
    signed: [
      {
        url: 'https://h/x',
        headers: { 'Typeform-Signature': 'sha256=0UZS0ddbBrA4Q9OwnFrF4S+BFKE8ZLQwlhpskItp/Ws=' },
        body: '{"event_id":"01JCTEST","event_type":"form_response"}',
        secret: 'tf-demo-secret',
        sentAt: '2026-11-22T00:00:00Z',
        expires: false,
        bodyAlone: true,
      },
    ],
    told: {
      body: JSON.stringify({
        event_id: '01JCTEST',
        event_type: 'form_response',
        form_response: { form_id: 'u6nXL7aB', token: 'q7m3k0a1t9', submitted_at: '2026-11-20T12:04:02Z', answers: [] },
      }),
      hints: [{ object: 'response', id: 'u6nXL7aB:q7m3k0a1t9', reason: 'changed' }],
    },
  },
  start: starting(typeformSandbox, handsOn),
};
