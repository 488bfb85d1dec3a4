import { expect, onTestFinished } from 'vitest';
import { handsOf, hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { newSecret } from '../../src/hub/sign-ins.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { begin } from '../../src/sync/sign-in/begin.ts';
import { finish } from '../../src/sync/sign-in/finish.ts';
import { followTicket } from '../../src/sync/sign-in/follow-ticket.ts';
import { revokeGrant } from '../../src/sync/sign-in/revoke.ts';
import { addConnection } from '../hub/rows.ts';
import { test } from '../support/database.ts';
import { openEngine } from '../support/stage.ts';

const redirectUri = 'https://hub.example/oauth/callback';

/** A connection that somebody has signed in. */
async function signedIn(hub: Hub, apiVersion: string) {
  const engine = await openEngine(hub);
  const portal = await openSandbox(hubspotSandbox, { town: makeTown({ seed: 1, people: 2 }), switches: { salesData: false } });
  onTestFinished(portal.close);
  const { client } = handsOf(portal.sandbox).access;
  const auth = { kind: 'oauth2', values: { client_id: client.id, client_secret: client.secret } };
  const settings = { apiVersion, signInAddress: portal.origin };
  const draft = { connector: 'hubspot', name: `hs ${apiVersion}`, origin: portal.origin, auth, settings };
  const [ticket, cookie] = [newSecret(), newSecret()];
  const begun = await begin(engine, { draft, redirectUri, binding: { ticket }, actor: 'ada' });
  if (!begun.ok) throw new Error(begun.message);
  await followTicket(engine, ticket, cookie);
  const form = new URLSearchParams([...new URL(begun.link).searchParams, ['answer', 'allow']]);
  const answer = await fetch(`${portal.origin}/oauth/authorize`, { method: 'POST', body: form, redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '').searchParams;
  const code = { state: back.get('state') ?? '', code: back.get('code'), error: null, errorDescription: null };
  await finish(engine, code, { session: null, cookie });
  const { id } = await hub.selectFrom('connection').select('id').where('name', '=', draft.name).executeTakeFirstOrThrow();
  const refreshToken = (await engine.vault.grants.read(id))?.refreshToken?.reveal() ?? '';
  const isGood = async () => (await fetch(`${portal.origin}/oauth/v1/refresh-tokens/${refreshToken}`)).ok;
  return { engine, portal, id, isGood };
}

test.for(['2026-09', 'v3'])('what was allowed is given back to the vendor, by %s', async (apiVersion, { hub }) => {
  const { engine, id, isGood } = await signedIn(hub, apiVersion);
  expect(await isGood()).toBe(true);
  expect(await revokeGrant(engine, id)).toEqual({ access: 'revoked' });
  expect(await isGood()).toBe(false);
});

test('a vendor that does not take it back now is told of, and where nothing was allowed there is nothing to give back', async ({ hub }) => {
  const { engine, portal, id, isGood } = await signedIn(hub, '2026-03');
  portal.fail({ on: 'POST /oauth/2026-03/token/revoke', answer: 503 });
  expect(await revokeGrant(engine, id)).toEqual({ access: 'left', reason: expect.stringContaining('503') });
  expect(await isGood()).toBe(true);
  expect(await revokeGrant(engine, await addConnection(hub))).toEqual({ access: 'none' });
});
