import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { dated } from '../../../src/sandbox/dated.ts';
import { seedOf } from '../../../src/sandbox/random.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { listPage, pageAsk, type Refusal, refuse, single } from './envelopes.ts';
import { filterOfQuery, readFilter, readTransactions } from './filter.ts';
import { renderCxResponse, renderResponse } from './render-response.ts';
import { renderQuestion, renderSurvey } from './render-survey.ts';
import type { Store, StoredResponse } from './store.ts';
import { CX_SURVEYS, SURVEYS, type Survey } from './surveys.ts';
import type { Switches } from './switches.ts';
import { webhookRoutes } from './webhook-routes.ts';
import type { Webhooks } from './webhooks.ts';

/** What the routes work on; `arrive` lets one more answer come in, as in a busy account. */
export type Account = {
  readonly gate: MiddlewareHandler;
  readonly store: Store;
  readonly options: SandboxOptions;
  readonly switches: Switches;
  readonly webhooks: Webhooks;
  readonly arrive: () => void;
  /** The same for the survey after a visit. */
  readonly visit: () => void;
};

const USER_ID = '1';
const ORGANIZATION_ID = '900';
const ORGANIZATION = {
  name: 'Syncline Town',
  organizationID: Number(ORGANIZATION_ID),
  primaryAccountID: Number(USER_ID),
  license: 'Customer Experience',
  userCount: 1,
  usage: { survey: 3, communities: 0, workforce: 0, storage: 0 },
};
const USER = {
  userID: Number(USER_ID),
  emailAddress: 'cx@syncline.example',
  firstName: 'Cleo',
  lastName: 'Xu',
  organizationID: Number(ORGANIZATION_ID),
};

/** A list in the order in which this account shows it. */
export function ordered<T extends { readonly id: number }>(responses: readonly T[], order: string): readonly T[] {
  if (order === 'desc') return responses.toReversed();
  if (order === 'asc') return responses;
  // Shuffled for ever the same way: a new response lands anywhere and pushes the ones behind it.
  return responses.toSorted((a, b) => seedOf(a.id, 'order') - seedOf(b.id, 'order'));
}

/** The vendor's paths under `/a/api/v2`. */
export function routesOf(account: Account): Hono {
  const { store, options, switches } = account;
  const openedAt = options.now().getTime();
  const app = new Hono();
  const no = (c: Context, refusal: Refusal, why?: string): Response =>
    refuse(c, refusal, why === undefined ? { switches } : { switches, why });
  const list = <T>(c: Context, items: readonly T[], render: (item: T) => unknown): Response => {
    const ask = pageAsk(c, switches);
    return ask === null
      ? no(c, 'url', 'page and perPage are whole numbers from 1')
      : listPage(c, items, { ...ask, origin: options.origin(), render });
  };
  const withSurvey = (c: Context, run: (survey: Survey) => Response | Promise<Response>): Response | Promise<Response> => {
    const id = c.req.param('survey') ?? '';
    if (!/^\d+$/.test(id)) return no(c, 'url', 'the survey id is a number');
    const survey = store.surveyOf(Number(id));
    const isHidden = switches.cxSurveysApart && CX_SURVEYS.some(({ id: cx }) => String(cx) === id);
    return survey === undefined || isHidden ? no(c, 'missing') : run(survey);
  };
  const surveyView = (survey: Survey): unknown => renderSurvey(survey, store.of(survey), { openedAt, switches });
  const responsePage = (c: Context, survey: Survey, lets: (response: StoredResponse) => boolean): Response => {
    const answer = list(c, ordered(store.of(survey).filter(lets), switches.order), (response) => renderResponse(response, switches));
    for (let arrived = 0; arrived < switches.arrivalsPerPage; arrived += 1) account.arrive();
    return answer;
  };

  app.use(dated(options.now), account.gate);
  app.get('/users/:user', (c) => (c.req.param('user') === USER_ID ? single(c, USER) : no(c, 'resource')));
  app.get('/users/:user/surveys', (c) =>
    c.req.param('user') === USER_ID
      ? list(c, switches.cxSurveysListed ? [...SURVEYS, ...CX_SURVEYS] : SURVEYS, surveyView)
      : no(c, 'resource'),
  );
  app.get('/organizations/:organization', (c) =>
    c.req.param('organization') === ORGANIZATION_ID ? single(c, ORGANIZATION) : no(c, 'missing'),
  );
  app.get('/organizations/:organization/users', (c) =>
    c.req.param('organization') === ORGANIZATION_ID ? list(c, [USER], (user) => user) : no(c, 'missing'),
  );
  app.get('/surveys/:survey', (c) => withSurvey(c, (survey) => single(c, surveyView(survey))));
  app.get('/surveys/:survey/questions', (c) =>
    withSurvey(c, ({ questions }) => list(c, questions, (question) => renderQuestion(question, questions.indexOf(question)))),
  );
  app.get('/surveys/:survey/questions/:question', (c) =>
    withSurvey(c, ({ questions }) => {
      const at = questions.findIndex(({ id }) => String(id) === c.req.param('question'));
      const question = questions[at];
      return question === undefined ? no(c, 'missing') : single(c, renderQuestion(question, at));
    }),
  );
  app.get('/surveys/:survey/responses', (c) => withSurvey(c, (survey) => responsePage(c, survey, () => true)));
  app.get('/surveys/:survey/responses/filter', (c) => withSurvey(c, (survey) => responsePage(c, survey, filterOfQuery(c.req.query()))));
  app.post('/surveys/:survey/responses/filter', (c) =>
    withSurvey(c, async (survey) => {
      const body = parsed(await c.req.text());
      if (body === undefined) return no(c, 'notJson');
      const filter = readFilter(body.value, switches);
      return filter.ok ? responsePage(c, survey, filter.lets) : no(c, 'schema', filter.why);
    }),
  );
  app.get('/surveys/:survey/responses/:response', (c) =>
    withSurvey(c, (survey) => {
      if (!/^\d+$/.test(c.req.param('response'))) return no(c, 'url', 'the response id is a number');
      const response = store.of(survey).find(({ id }) => String(id) === c.req.param('response'));
      return response === undefined ? no(c, 'missing') : single(c, renderResponse(response, switches));
    }),
  );
  webhookRoutes(app, { webhooks: account.webhooks, origin: options.origin, pageAsk: (c) => pageAsk(c, switches), no, withSurvey });
  app.post('/cx/responses', async (c) => {
    const body = parsed(await c.req.text());
    if (body === undefined) return no(c, 'notJson');
    const lets = readTransactions(body.value, switches);
    if (lets === null) return no(c, 'schema', 'transactionStartDate and transactionEndDate are MM/dd/yyyy');
    const answer = list(c, ordered(store.cx().filter(lets), switches.order), (response) => renderCxResponse(response, switches));
    for (let arrived = 0; arrived < switches.arrivalsPerPage; arrived += 1) account.visit();
    return answer;
  });
  app.all('*', (c) => no(c, 'missing'));
  return app;
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
