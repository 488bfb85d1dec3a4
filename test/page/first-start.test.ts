import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { openOwnSandboxes } from '../../src/commands/own-sandboxes.ts';
import { startServing } from '../../src/commands/serve.ts';
import { readConfig } from '../../src/config.ts';
import { createSetupLink } from '../../src/http/security/access.ts';
import { startWorking } from '../../src/jobs/handlers.ts';
import { openServices } from '../../src/services.ts';
import { test } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { executablePath, openTab, thePage } from './tab.ts';

const TIMEOUT_MS = 180_000;
const LONG_MS = 90_000;

/** The product as `npm start` runs it, on a database that nobody has used. */
async function openProduct(databaseUrl: string) {
  const stack = new AsyncDisposableStack();
  const data = await mkdtemp(join(tmpdir(), 'syncline-start-'));
  stack.defer(() => rm(data, { recursive: true, force: true }));
  const port = await freePort();
  const services = await openServices(readConfig({ DATABASE_URL: databaseUrl, SYNCLINE_DATA: data, PORT: String(port) }));
  stack.use(services);
  stack.defer(await startWorking(services.engine, await services.queue()));
  const sandboxes = await openOwnSandboxes(services);
  stack.defer(() => sandboxes.close());
  const server = await startServing(services, { sandboxes, folder: thePage().folder });
  stack.defer(() => server.close());
  return {
    hub: services.hub,
    origin: server.url,
    setupLink: () => createSetupLink(services.hub, server.url),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe.skipIf(executablePath === null)('the first start', () => {
  test('leads from the set-up link to two sandboxes in step, and nothing is written before the preview was seen', {
    timeout: TIMEOUT_MS,
  }, async ({ database }) => {
    await using product = await openProduct(database.url);
    const { page, complaints } = await openTab(product);
    const wrote = async () => (await sql<{ n: number }>`select count(*)::int as n from delivery`.execute(product.hub)).rows[0]?.n ?? 0;
    await page.goto((await product.setupLink()) ?? '');
    await page.getByLabel('Name').fill('Robin');
    await page.getByLabel('E-mail').fill('robin@acme.example');
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Make the account' }).click();

    await page.getByRole('button', { name: 'Try it with sandboxes' }).click();
    await page.getByRole('heading', { name: 'What do you want to keep in step?' }).waitFor();
    // What was done is there to be looked at, and a reload in the midst lands where one was.
    await page.goBack();
    await page.getByRole('heading', { name: 'Which systems do you want to keep in step?' }).waitFor();
    await page.getByRole('checkbox', { name: 'HubSpot' }).waitFor();
    await page.goto('/');
    await page.getByRole('checkbox', { name: 'Contacts' }).waitFor();
    expect(await page.getByRole('checkbox', { name: 'Contacts' }).isChecked()).toBe(true);
    await page.reload();
    await page.getByRole('button', { name: 'Next' }).click();

    await page.getByRole('heading', { name: 'Who is the same?' }).waitFor();
    await page.getByText('are in more than one system').first().waitFor({ timeout: LONG_MS });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('The newest edit wins').filter({ visible: true }).first().waitFor();
    // What lies ahead cannot be gone to before.
    await page.goto('/start/enable');
    await page.getByRole('heading', { name: 'Which field is which' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('group', { name: 'Forecast' }).waitFor();
    expect(await wrote()).toBe(0);
    expect(await product.hub.selectFrom('connection').select('name').where('enabled', '=', true).execute()).toEqual([]);

    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('Your systems are in step').waitFor({ timeout: LONG_MS });
    expect(await wrote()).toBeGreaterThan(100);
    await page.getByRole('link', { name: 'See the contacts' }).click();
    await page.getByRole('heading', { name: 'Contacts', level: 1 }).waitFor();
    expect(await page.getByRole('link', { name: 'Get started' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Connections', exact: true }).click();
    await page.getByRole('article', { name: 'HubSpot sandbox' }).getByText('Working').waitFor();
    await page.getByRole('article', { name: 'HubSpot sandbox' }).getByText('Sandbox', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });
});
