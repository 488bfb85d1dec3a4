import { expect, onTestFinished } from 'vitest';
import { handsOf, hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { salesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { newSecret } from '../../src/hub/access/sign-ins.ts';
import type { Hub } from '../../src/hub/database.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox } from '../../src/sandbox/sandbox.ts';
import { begin } from '../../src/sync/sign-in/begin.ts';
import { finish } from '../../src/sync/sign-in/finish.ts';
import { followTicket } from '../../src/sync/sign-in/follow-ticket.ts';
import { revokeGrant } from '../../src/sync/sign-in/revoke.ts';
import { addConnection } from '../hub/rows.ts';
import { test } from '../support/database.ts';
import { openEngine } from '../support/stage.ts';

const redirectUri = 'https://hub.example/oauth/callback';

type Vendor = {
  readonly connector: string;
  open(): Promise<OpenSandbox>;
  credentials(stage: OpenSandbox): { readonly id: string; readonly secret: string };
  /** What the vendor answers to whoever says yes behind the link. */
  agree(stage: OpenSandbox, link: URL): Promise<Response>;
  isGood(stage: OpenSandbox, refreshToken: string): Promise<Response>;
};

const town = makeTown({ seed: 1, people: 2 });

const hubspot: Vendor = {
  connector: 'hubspot',
  open: () => openSandbox(hubspotSandbox, { town, switches: { salesData: false } }),
  credentials: ({ sandbox }) => handsOf(sandbox).access.client,
  agree: ({ origin }, { searchParams }) => {
    const body = new URLSearchParams([...searchParams, ['answer', 'allow']]);
    return fetch(`${origin}/oauth/authorize`, { method: 'POST', body, redirect: 'manual' });
  },
  isGood: ({ origin }, refreshToken) => fetch(`${origin}/oauth/v1/refresh-tokens/${refreshToken}`),
};

const app = { id: salesforceSandbox.credentials.client_id, secret: salesforceSandbox.credentials.client_secret };
const salesforce: Vendor = {
  connector: 'salesforce',
  open: () => openSandbox(salesforceSandbox, { town }),
  credentials: () => app,
  agree: (_stage, link) => fetch(link, { redirect: 'manual' }),
  isGood: ({ origin }, refresh_token) => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id: app.id, client_secret: app.secret });
    return fetch(`${origin}/services/oauth2/token`, { method: 'POST', body });
  },
};

/** A connection that somebody has signed in. */
async function signedIn(hub: Hub, vendor: Vendor, apiVersion: string) {
  const engine = await openEngine(hub);
  const stage = await vendor.open();
  onTestFinished(stage.close);
  const { id: client_id, secret: client_secret } = vendor.credentials(stage);
  const auth = { kind: 'oauth2', values: { client_id, client_secret } };
  const settings = { apiVersion, signInAddress: stage.origin };
  const draft = { connector: vendor.connector, name: newSecret(), origin: stage.origin, auth, settings };
  const [ticket, cookie] = [newSecret(), newSecret()];
  const begun = await begin(engine, { draft, redirectUri, binding: { ticket }, actor: 'ada' });
  if (!begun.ok) throw new Error(begun.message);
  await followTicket(engine, ticket, cookie);
  const answer = await vendor.agree(stage, new URL(begun.link));
  const back = new URL(answer.headers.get('location') ?? '').searchParams;
  const code = { state: back.get('state') ?? '', code: back.get('code'), error: null, errorDescription: null };
  await finish(engine, code, { session: null, cookie });
  const { id } = await hub.selectFrom('connection').select('id').where('name', '=', draft.name).executeTakeFirstOrThrow();
  const refreshToken = (await engine.vault.grants.read(id))?.refreshToken?.reveal() ?? '';
  const isGood = async () => (await vendor.isGood(stage, refreshToken)).ok;
  return { engine, stage, id, isGood };
}

test.for([
  { connector: 'hubspot', apiVersion: '2026-09', vendor: hubspot },
  { connector: 'hubspot', apiVersion: 'v3', vendor: hubspot },
  { connector: 'salesforce', apiVersion: '68.0', vendor: salesforce },
])('what was allowed is given back to $connector, by $apiVersion', async ({ vendor, apiVersion }, { hub }) => {
  const { engine, id, isGood } = await signedIn(hub, vendor, apiVersion);
  expect(await isGood()).toBe(true);
  expect(await revokeGrant(engine, id)).toEqual({ access: 'revoked' });
  expect(await isGood()).toBe(false);
});

test('a vendor that does not take it back now is told of, and where nothing was allowed there is nothing to give back', async ({ hub }) => {
  const { engine, stage, id, isGood } = await signedIn(hub, hubspot, '2026-03');
  stage.fail({ on: 'POST /oauth/2026-03/token/revoke', answer: 503 });
  expect(await revokeGrant(engine, id)).toEqual({ access: 'left', reason: expect.stringContaining('503') });
  expect(await isGood()).toBe(true);
  expect(await revokeGrant(engine, await addConnection(hub))).toEqual({ access: 'none' });
});
