import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { begin } from '../../src/sync/sign-in/begin.ts';
import { finish } from '../../src/sync/sign-in/finish.ts';
import { test } from '../support/database.ts';
import { APP, openOAuthVendor } from '../support/oauth-vendor.ts';
import { openEngine } from '../support/stage.ts';
import { openPageStage } from './stage.ts';
import { executablePath, openTab, signIn, thePage } from './tab.ts';

/** An admin at the connect form, a hub with its engine, and a vendor whose page asks for a yes. */
async function openFlow(hub: Hub) {
  const engine = await openEngine(hub);
  const vendor = await openOAuthVendor();
  vendor.mood.person = 'is asked';
  const stage = await openPageStage(hub, thePage(), {
    beginSignIn: (wish, actor) => begin(engine, { ...wish, actor }),
    finishSignIn: (back, browser) => finish(engine, back, browser),
  });
  vendor.redirects.add(`${stage.origin}/oauth/callback`);
  const { page, complaints } = await openTab(stage);
  await signIn(page, await stage.addOperator('admin'), '/connections/connect/hubspot');
  const stack = new AsyncDisposableStack();
  stack.use(vendor);
  stack.use(stage);
  return { vendor, stage, page, complaints, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function fillIn(page: Page, origin: string): Promise<void> {
  await page.getByText('Sign in with HubSpot', { exact: true }).click();
  await page.getByLabel('Address', { exact: true }).fill(origin);
  await page.getByLabel('Sign-in address (optional)').fill(origin);
  await page.getByLabel('Client ID').fill(APP.client_id);
  await page.getByLabel('Client secret').fill(APP.client_secret);
}

const leave = (page: Page) => page.getByRole('button', { name: 'Sign in at HubSpot' }).click();
const answer = (page: Page, word: 'Allow' | 'Deny') => page.getByRole('link', { name: word }).click();

describe.skipIf(executablePath === null)('signing in at a vendor', () => {
  test('the form says what the app has to know, the vendor asks, and allowing it leads to the connection', async ({ hub }) => {
    await using flow = await openFlow(hub);
    const { page, stage, vendor } = flow;
    await fillIn(page, vendor.origin);
    expect(await page.getByLabel('Redirect address').inputValue()).toBe(`${stage.origin}/oauth/callback`);
    const scopes = page.getByRole('region', { name: 'Scopes' });
    await scopes.getByText('crm.schemas.contacts.read: Shows which properties contacts have.').waitFor();
    await page.getByLabel('Contacts', { exact: true }).uncheck();
    expect(await scopes.getByText('crm.schemas.contacts.read').count()).toBe(0);
    await leave(page);
    await page.getByRole('heading', { name: 'Allow access' }).waitFor();
    expect(new URL(page.url()).searchParams.get('scope')).not.toContain('contacts');
    await answer(page, 'Allow');
    await page.getByRole('heading', { name: 'HubSpot', level: 1 }).waitFor();
    await page.getByText('HubSpot portal 4471902').waitFor();
    expect(page.url()).not.toContain('code');
    expect(flow.complaints).toEqual([]);
  });

  test('saying no is told with what to do, and leads back to the form', async ({ hub }) => {
    await using flow = await openFlow(hub);
    const { page, vendor } = flow;
    await fillIn(page, vendor.origin);
    await leave(page);
    await answer(page, 'Deny');
    await page.getByRole('alert').getByText('The access was not allowed on the page of HubSpot.').waitFor();
    await page.getByRole('link', { name: 'Start again' }).click();
    await page.getByRole('heading', { name: 'Connect HubSpot', level: 1 }).waitFor();
  });

  test('what was not given is told for each object', async ({ hub }) => {
    await using flow = await openFlow(hub);
    const { page, vendor } = flow;
    vendor.mood.grants = (scopes) => scopes.filter((scope) => scope !== 'crm.objects.contacts.write');
    await fillIn(page, vendor.origin);
    await leave(page);
    await answer(page, 'Allow');
    await page.getByText('Contacts cannot be written: crm.objects.contacts.write').waitFor();
    await page.getByRole('link', { name: 'Go on to HubSpot' }).click();
    await page.getByRole('group', { name: 'Contacts' }).getByText('The sign-in lacks crm.objects.contacts.write').waitFor();
  });

  test('a connection that was signed out is repaired by signing in again, with nothing to type', async ({ hub }) => {
    await using flow = await openFlow(hub);
    const { page, vendor } = flow;
    await fillIn(page, vendor.origin);
    await leave(page);
    await answer(page, 'Allow');
    await page.getByRole('heading', { name: 'HubSpot', level: 1 }).waitFor();
    await hub
      .updateTable('connection')
      .set({ enabled: true, state: 'signed_out', cause: 'access_revoked', reason: 'It was refused.' })
      .execute();
    await page.goto('/connections');
    const card = page.getByRole('article', { name: 'HubSpot' });
    await card.getByText('Ask who did it, allow it again over there, and reconnect.').waitFor();
    await card.getByRole('link', { name: 'Reconnect' }).click();
    await leave(page);
    await answer(page, 'Allow');
    await page.getByRole('heading', { name: 'HubSpot', level: 1 }).waitFor();
    expect(await hub.selectFrom('connection').select(['name', 'state']).execute()).toEqual([{ name: 'HubSpot', state: 'ready' }]);
    expect(flow.complaints).toEqual([]);
  });

  test('a way back that was not begun here is told as that', async ({ hub }) => {
    await using flow = await openFlow(hub);
    const { page } = flow;
    await page.goto('/oauth/callback?state=made-up&code=made-up');
    await page.getByRole('alert').getByText('was not begun in this browser').waitFor();
    expect(page.url()).not.toContain('made-up');
  });
});
