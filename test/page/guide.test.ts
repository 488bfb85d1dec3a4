import { describe, expect, onTestFinished } from 'vitest';
import { hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { test } from '../support/database.ts';
import { APP, openOAuthVendor } from '../support/oauth-vendor.ts';
import { openProduct } from './product.ts';
import { PASSWORD } from './stage.ts';
import { executablePath, openTab } from './tab.ts';

const TIMEOUT_MS = 90_000;

/** Somebody at the step of the guide at which HubSpot and a survey tool are to be connected. */
async function openGuide(databaseUrl: string) {
  const product = await openProduct(databaseUrl);
  const { page, complaints } = await openTab(product);
  await page.goto(await product.setupLink());
  await page.getByLabel('Name').fill('Robin');
  await page.getByLabel('E-mail').fill('robin@acme.example');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('checkbox', { name: 'HubSpot' }).check();
  await page.getByText('One customer system alone has nothing to agree with.').waitFor();
  await page.getByRole('checkbox', { name: 'Typeform' }).check();
  await page.getByText('One customer system alone has nothing to agree with.').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('2 systems are still to be connected.').waitFor();
  await page.getByRole('link', { name: 'Connect HubSpot' }).click();
  return { product, page, complaints, [Symbol.asyncDispose]: () => product[Symbol.asyncDispose]() };
}

describe.skipIf(executablePath === null)('connecting within the guided start', () => {
  test('a wrong token is told with what to do, and the right one leads back to the guide, where a reload stays', {
    timeout: TIMEOUT_MS,
  }, async ({ database }) => {
    const there = await openSandbox(hubspotSandbox, { town: makeTown({ seed: 1, people: 5 }) });
    onTestFinished(() => there.close());
    await using guide = await openGuide(database.url);
    const { page, product, complaints } = guide;
    await page.getByLabel('Address', { exact: true }).fill(there.origin);
    await page.getByLabel('Token', { exact: true }).fill('pat-eu1-mistyped');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const told = page.getByRole('status').filter({ hasText: 'Wrong credentials' });
    await told.waitFor();
    expect(await product.hub.selectFrom('connection').select('id').execute()).toEqual([]);
    await page.getByLabel('Token', { exact: true }).fill(must(hubspotSandbox.credentials.token, 'its token'));
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('article', { name: 'HubSpot' }).getByText('Connected to HubSpot portal').waitFor();
    await page.getByText('1 system is still to be connected.').waitFor();
    await page.reload();
    await page.getByText('1 system is still to be connected.').waitFor();
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('a sign-in at the vendor that was denied is begun again, and allowing it leads back to the guide', { timeout: TIMEOUT_MS }, async ({
    database,
  }) => {
    await using vendor = await openOAuthVendor();
    vendor.mood.person = 'is asked';
    await using guide = await openGuide(database.url);
    const { page, product, complaints } = guide;
    vendor.redirects.add(`${product.origin}/oauth/callback`);
    const leave = async () => {
      await page.getByText('Sign in with HubSpot', { exact: true }).click();
      await page.getByLabel('Address', { exact: true }).fill(vendor.origin);
      await page.getByLabel('Sign-in address (optional)').fill(vendor.origin);
      await page.getByLabel('Client ID').fill(APP.client_id);
      await page.getByLabel('Client secret').fill(APP.client_secret);
      await page.getByRole('button', { name: 'Sign in at HubSpot' }).click();
    };
    await leave();
    await page.getByRole('link', { name: 'Deny' }).click();
    await page.getByRole('alert').getByText('The access was not allowed on the page of HubSpot.').waitFor();
    await page.getByRole('link', { name: 'Start again' }).click();
    await leave();
    await page.getByRole('link', { name: 'Allow' }).click();
    await page.getByRole('article', { name: 'HubSpot' }).getByText('Connected to HubSpot portal 4471902').waitFor();
    expect(new URL(page.url()).pathname).toBe('/start/connect');
    expect(complaints).toEqual([]);
  });
});
