import { type Context, Hono } from 'hono';
import { CLIENT_ID, CLIENT_SECRET, TOKEN } from '../access/grants.ts';
import { readTrouble } from '../access/troubles.ts';
import type { SurveymonkeySandbox } from '../hands.ts';
import { STATUSES } from '../responses/responses.ts';
import { Refusal } from '../wire/refusal.ts';
import { object, text, word } from '../wire/shapes.ts';
import { readGiven, readSaid } from './said.ts';

type Hands = Omit<SurveymonkeySandbox, 'app'>;

/** What people do in the account, by calls without token, limits, or lag. */
export function controlRoutes(hands: Hands, now: () => Date): Hono {
  const control = new Hono();
  const done = (c: Context): Response => c.body(null, 204);
  const bodyOf = async (c: Context) => object(await c.req.json(), 'the body');
  control.get('/state', (c) =>
    c.json({
      now: now().toISOString(),
      surveys: hands.surveys.all().map(({ id, title, metric }) => ({ id, title, metric })),
      responses: Object.fromEntries(STATUSES.map((status) => [status, hands.all().filter((one) => one.status === status).length])),
      contacts: hands.contacts.all().length,
      limits: hands.limits.headers(),
      troubles: hands.troubles.all(),
      webhooks: hands.sender.counts(),
    }),
  );
  control.post('/clock', async (c) => {
    hands.wind(Number((await bodyOf(c)).ms));
    return c.json({ now: now().toISOString() });
  });
  control.get('/responses', (c) => c.json({ results: hands.all().map(({ answers, ...one }) => ({ ...one, answers: [...answers] })) }));
  control.post('/responses', async (c) => c.json({ id: hands.answer(readGiven(await bodyOf(c))) }, 201));
  for (const act of ['goOn', 'complete', 'edit'] as const) {
    control.post(`/responses/:id/${act}`, async (c) => {
      hands[act](c.req.param('id') ?? '', readSaid(await bodyOf(c)));
      return done(c);
    });
  }
  control.post('/responses/:id/erase', (c) => {
    hands.erase(c.req.param('id'));
    return done(c);
  });
  control.post('/surveys', async (c) => {
    const { title, pages, questionsPerPage } = await bodyOf(c);
    const size = { pages: Number(pages), questionsPerPage: Number(questionsPerPage) };
    return c.json({ id: hands.surveys.add(text(title, 'title'), size) }, 201);
  });
  control.post('/surveys/:id/fillIn', (c) => c.json({ id: hands.fillIn(c.req.param('id')) }, 201));
  control.delete('/surveys/:id/choices/:choice', (c) => {
    hands.surveys.removeChoice(c.req.param('id'), c.req.param('choice'));
    return done(c);
  });
  control.post('/contacts/:id/status', async (c) => {
    const status = word((await bodyOf(c)).status, ['active', 'optout', 'bounced'] as const, 'status');
    hands.contacts.setStatus(c.req.param('id'), status);
    return done(c);
  });
  accessCalls(control, hands, { done, bodyOf });
  control.get('/webhooks', (c) => c.json({ ...hands.sender.counts(), webhooks: hands.webhooks.all(), log: hands.sender.log() }));
  control.post('/webhooks/deliver', async (c) => {
    await hands.sender.deliver();
    return c.json(hands.sender.counts());
  });
  control.onError((error, c) => {
    if (error instanceof Refusal) return c.json(error.body, error.status);
    // A hand throws when somebody asks for what is not there; anything else is our own mistake.
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return c.json({ message: error.message }, 400);
  });
  return control;
}

type Ways = { readonly done: (c: Context) => Response; readonly bodyOf: (c: Context) => Promise<Readonly<Record<string, unknown>>> };

/** What the user, the vendor, and other accounts do about who gets in, and how often. */
function accessCalls(control: Hono, { grants, limits, troubles }: Hands, { done, bodyOf }: Ways): void {
  control.get('/oauth/client', (c) => c.json({ id: CLIENT_ID, secret: CLIENT_SECRET, token: TOKEN }));
  control.post('/oauth/code', async (c) => c.json({ code: grants.issueCode(text((await bodyOf(c)).redirectUri, 'redirectUri')) }));
  control.post('/tokens/end', async (c) => {
    const { token, how } = await bodyOf(c);
    grants.end(text(token, 'token'), word(how, ['revoked', 'expired'] as const, 'how'));
    return done(c);
  });
  control.post('/scopes/lose', async (c) => {
    grants.loseScope(text((await bodyOf(c)).scope, 'scope'));
    return done(c);
  });
  control.post('/plan', async (c) => {
    grants.changePlan(word((await bodyOf(c)).plan, ['paid', 'basic'] as const, 'plan'));
    return done(c);
  });
  control.post('/user/delete', async (c) => {
    grants.deleteUser(word((await bodyOf(c)).how, ['soft deleted', 'deleted'] as const, 'how'));
    return done(c);
  });
  control.post('/limits/elsewhere', async (c) => {
    limits.useElsewhere(Number((await bodyOf(c)).count));
    return done(c);
  });
  control.post('/troubles', async (c) => {
    troubles.start(readTrouble(await c.req.json()));
    return c.json({ troubles: troubles.all() }, 201);
  });
  control.delete('/troubles', (c) => {
    troubles.end();
    return done(c);
  });
}
