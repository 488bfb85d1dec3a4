import { Hono } from 'hono';
import type { SandboxApp, SandboxDefinition, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { openGate } from './access/gate.ts';
import { CLIENT_ID, CLIENT_SECRET, TOKEN } from './access/grants.ts';
import { oauthRoutes } from './access/oauth.ts';
import { type Account, openAccount } from './account.ts';
import { collectorRoutes } from './collectors/routes.ts';
import { contactRoutes } from './contacts/routes.ts';
import { pageRoutes } from './control/page.ts';
import { controlRoutes } from './control/routes.ts';
import { handsOn, type SurveymonkeySandbox } from './hands.ts';
import { responseRoutes } from './responses/routes.ts';
import { liveIn } from './seed.ts';
import { surveyRoutes } from './surveys/routes.ts';
import { userRoutes } from './users.ts';
import { webhookRoutes } from './webhooks/routes.ts';

const opened = new WeakSet<SandboxApp>();

function apiOf(account: Account): Hono {
  const api = openGate(account.world, account);
  for (const add of [userRoutes, surveyRoutes, responseRoutes, collectorRoutes, contactRoutes, webhookRoutes]) add(api, account);
  return api;
}

function open(options: SandboxOptions): SurveymonkeySandbox {
  const house = openAccount(options);
  const hands = handsOn(house);
  const life = liveIn(house, hands, options);
  const { world, sender } = house;
  const api = apiOf({ ...house, arrive: () => void life.stir(world.random) });
  const all = {
    ...house,
    ...hands,
    life,
    people: () => new Set(hands.all().flatMap(({ who }) => who ?? [])).size,
    wind: world.wind,
    close: () => sender.close(),
  };
  const app = new Hono();
  app.route('/oauth', oauthRoutes(world, house.grants, options.origin));
  app.route('/_sandbox/api', controlRoutes(all, world.now));
  app.route('/_sandbox', pageRoutes(all, world.now));
  app.all('*', (c) => api.fetch(c.req.raw, c.env));
  const sandbox = { ...all, app };
  opened.add(sandbox);
  return sandbox;
}

/** A SurveyMonkey account with three surveys that the town has answered for a year, and one of every kind of question. */
export const surveymonkeySandbox = {
  id: 'surveymonkey',
  credentials: { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, token: TOKEN },
  settings: {},
  page: '/_sandbox',
  whenWatched: { callsPerDay: 0 },
  open,
} satisfies SandboxDefinition;

/** The opened sandbox with its hands, for tests that act as people in the account. */
export function surveymonkeyHands(sandbox: SandboxApp): SurveymonkeySandbox {
  const isOurs = (one: SandboxApp): one is SurveymonkeySandbox => opened.has(one);
  if (!isOurs(sandbox)) throw new Error('this is not the SurveyMonkey sandbox');
  return sandbox;
}
