import { Hono } from 'hono';
import { RequestLog } from '../../../src/sandbox/page/request-log.ts';
import { Troubles } from '../../../src/sandbox/page/troubles.ts';
import type { SandboxApp, SandboxDefinition, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { collectionRoutes } from './api/collections.ts';
import { compositeRoutes } from './api/composite.ts';
import { type Route, route } from './api/exchange.ts';
import { dataApp } from './api/gate.ts';
import { graphRoutes } from './api/graphs.ts';
import { limitRoutes } from './api/limits.ts';
import { objectRoutes } from './api/objects.ts';
import { queryRoutes } from './api/queries.ts';
import { Quota } from './api/quota.ts';
import { replicationRoutes } from './api/replication.ts';
import { treeRoutes } from './api/trees.ts';
import { ingestJobRoutes } from './bulk/ingest-jobs.ts';
import { jobIds } from './bulk/jobs.ts';
import { queryJobRoutes } from './bulk/query-jobs.ts';
import { watch } from './control/front.ts';
import { controlRoutes } from './control/routes.ts';
import { TROUBLES } from './control/strike.ts';
import { type Hand, handOn } from './hand.ts';
import { lifeOf } from './life.ts';
import { AppAccess } from './oauth/app-access.ts';
import { oauthApp } from './oauth/oauth.ts';
import { CLIENT_ID, CLIENT_SECRET, STATIC_TOKEN, Tokens } from './oauth/tokens.ts';
import { Org } from './org.ts';
import { seedOrg } from './seed/seed.ts';
import { soapApp } from './soap/soap.ts';
import { readSwitches } from './switches.ts';
import { listCustomFields } from './tooling/custom-fields.ts';
import { toolingRoutes } from './tooling/routes.ts';

export type { Hand } from './hand.ts';

/** An open Salesforce org, and the hand that reaches into it. */
export type SalesforceSandbox = SandboxApp & { readonly hand: Hand };

/** Salesforce as its REST API shows it: SOQL, records, collections, composite, sign-in, Bulk 2.0, SOAP for what only it can do. */
export const salesforceSandbox = {
  id: 'salesforce',
  credentials: { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, token: STATIC_TOKEN },
  settings: {},
  page: '/_sandbox',
  recordPage: '/_sandbox/records/{id}',
  open: openOrg,
} satisfies SandboxDefinition;

/** The hand of a sandbox that is known to be this one. */
export function salesforceHand(sandbox: SandboxApp): Hand {
  if (!isSalesforce(sandbox)) throw new Error('this is not a Salesforce sandbox');
  return sandbox.hand;
}

const opened = new WeakSet<SandboxApp>();

function isSalesforce(sandbox: SandboxApp): sandbox is SalesforceSandbox {
  return opened.has(sandbox);
}

function openOrg({ seed, town, now, origin, switches }: SandboxOptions): SalesforceSandbox {
  const org = new Org(readSwitches(switches), now);
  seedOrg(org, town, seed);
  listCustomFields(org);
  const tokens = new Tokens(org, seed);
  const access = new AppAccess(() => tokens.endAll());
  const quota = new Quota(org.switches);
  const routes = dataRoutes(org, { quota, origin, seed });
  const app = new Hono();
  const watched = { troubles: new Troubles(TROUBLES), requests: new RequestLog() };
  watch(app, org, watched);
  app.route('/', oauthApp({ org, tokens, access, origin }));
  app.route('/', dataApp({ org, tokens, access, quota, origin, routes }));
  app.route('/', soapApp({ org, tokens, access, quota, origin }));
  const hand = handOn(org, { sessions: tokens, access, quota });
  app.route('/_sandbox', controlRoutes(org, { hand, ...watched }));
  const people = () => org.store.all('Contact').filter(({ IsDeleted }) => !IsDeleted).length;
  const sandbox: SalesforceSandbox = { app, life: lifeOf(org, hand), people, hand };
  opened.add(sandbox);
  return sandbox;
}

type DataDeps = { readonly quota: Quota; readonly origin: () => string; readonly seed: number };

function dataRoutes(org: Org, { quota, origin, seed }: DataDeps): readonly Route[] {
  const resources = route('GET /', (_org, { version }) => {
    const base = `/services/data/${version}`;
    const names = ['sobjects', 'query', 'queryAll', 'limits', 'composite', 'jobs', 'tooling'];
    const identity = `${origin()}/id/${org.id}/${org.apiUserId}`;
    return { status: 200, body: { ...Object.fromEntries(names.map((name) => [name, `${base}/${name}`])), identity } };
  });
  const newId = jobIds();
  const plain = [
    resources,
    ...queryRoutes(),
    ...replicationRoutes,
    ...objectRoutes,
    ...collectionRoutes,
    ...treeRoutes,
    ...limitRoutes(quota),
  ];
  const jobs = [...queryJobRoutes(org, newId), ...ingestJobRoutes(org, { newId, seed })];
  return [...plain, ...compositeRoutes(plain), ...graphRoutes(plain), ...toolingRoutes, ...jobs];
}
