import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { test } from '../support/database.ts';
import { openOidcProvider } from '../support/oidc-provider.ts';
import { codeOf } from '../support/totp.ts';
import { PASSWORD } from './stage.ts';
import { ARTEFACTS, enter, executablePath, openTab, signIn } from './tab.ts';

const longAgo = (hub: Hub) =>
  hub
    .updateTable('operator_session')
    .set({ confirmed_at: new Date(Date.now() - 86_400_000) })
    .execute();
const shoot = (page: Page, name: string) => page.screenshot({ path: `${ARTEFACTS}/${name}.png` });
const shownOnce = async (page: Page) => (await page.locator('[data-secret]').textContent()) ?? '';

describe.skipIf(executablePath === null)('the settings, as an admin uses them', () => {
  test('somebody is invited by a link that is shown once, comes in by it, and is switched off', async ({ hub }) => {
    const { stage, page, complaints } = await enter(hub, 'admin', '/settings/users');
    await using _ = stage;
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByLabel('Name').fill('Eve Okafor');
    await page.getByLabel('E-mail').fill('eve@acme.example');
    await page.getByLabel('Role', { exact: true }).selectOption('analyst');
    await shoot(page, 'invite');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await shownOnce(page);
    await shoot(page, 'invited');
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    const { page: hers } = await openTab(stage);
    await hers.goto(link);
    await hers.getByRole('navigation').first().waitFor();
    await page.getByRole('button', { name: 'What can be done with Eve Okafor' }).click();
    await shoot(page, 'user-menu');
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await page.getByText('Eve Okafor is out').waitFor();
    await hers.goto('/contacts');
    await hers.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('who signed in long ago is asked who they are, and what they asked for goes on', async ({ hub }) => {
    const { stage, page, complaints } = await enter(hub, 'admin', '/settings/keys');
    await using _ = stage;
    await longAgo(hub);
    const make = async () => {
      await page.getByRole('button', { name: 'Make a key' }).first().click();
      await page.getByLabel('What it is for').fill('Nightly report');
      await page.getByRole('dialog').getByRole('button', { name: 'Make a key' }).click();
    };
    await make();
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await dialog.getByLabel('Password', { exact: true }).fill('not this one at all');
    await dialog.getByRole('button', { name: 'Confirm and go on' }).click();
    await dialog.getByText('That is not right.').waitFor();
    await shoot(page, 'confirm');
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Confirm and go on' }).click();
    expect(await shownOnce(page)).toMatch(/^syncline_/);
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await page.getByRole('button', { name: 'Revoke Nightly report' }).click();
    await page.getByText('No keys yet').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a second factor is set up by scanning, asked for at the next sign-in, and let go by a recovery code', async ({ hub }) => {
    const { stage, page, complaints } = await enter(hub, 'admin', '/settings/security');
    await using _ = stage;
    await page.getByRole('button', { name: 'Set it up' }).click();
    await page.getByLabel('Your password, first').fill(PASSWORD);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
    await shoot(page, 'second-factor');
    const key = (await page.getByText(/^[A-Z2-7]{40,}$/).textContent()) ?? '';
    const [recovery = ''] = await page.locator('.recovery li').allTextContents();
    const code = codeOf(key, Date.now());
    await page.getByLabel('The code that the app shows').fill(code);
    await page.getByRole('button', { name: 'Turn it on' }).click();
    await page.getByRole('button', { name: 'Turn it off' }).waitFor();
    const { page: later } = await openTab(stage);
    await later.goto('/settings/security');
    await later.getByLabel('E-mail').fill('admin@acme.example');
    await later.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await later.getByRole('button', { name: 'Sign in' }).click();
    await later.getByLabel('Code', { exact: true }).fill('000000');
    await later.getByRole('button', { name: 'Sign in' }).click();
    await later.getByRole('alert').waitFor();
    await later.getByRole('button', { name: /use a recovery code/ }).click();
    await later.getByLabel('Recovery code').fill(recovery.trim());
    await later.getByRole('button', { name: 'Sign in' }).click();
    await later.getByText('This one').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a hub that asks for a second factor opens nothing else to who has none', async ({ hub }) => {
    const { stage, page } = await enter(hub, 'admin', '/settings/rules');
    await using _ = stage;
    await page.getByText('Set up your own second factor first.').waitFor();
    await hub.insertInto('setting').values({ name: 'security', value: '{"requireTwoFactor":true}', changed_by: 'test' }).execute();
    const { page: other } = await openTab(stage);
    await signIn(other, await stage.addOperator('viewer'), '/contacts');
    await other.getByText('This hub asks for a second factor').waitFor();
    expect(new URL(other.url()).pathname).toBe('/settings/security');
    await shoot(other, 'factor-needed');
  });

  test('a provider of the company is tried and kept, and a newcomer comes in by it to where they were going', async ({ hub }) => {
    await using provider = await openOidcProvider();
    const { stage, page, complaints } = await enter(hub, 'admin', '/settings/rules');
    await using _ = stage;
    await page.getByRole('link', { name: 'Guided start' }).waitFor();
    await page.getByLabel('Issuer').fill('http://127.0.0.1:9');
    await page.getByLabel('Name of the provider').fill('Acme');
    await page.getByLabel('Client ID').fill(provider.client.id);
    await page.getByLabel('Client secret').fill(provider.client.secret);
    await page.getByLabel('E-mail domains that may come in').fill('acme.example');
    await page.getByLabel('Role of newcomers').selectOption('analyst');
    await page.getByRole('button', { name: 'Try it and keep it' }).click();
    await page.locator('[aria-invalid="true"]').waitFor();
    await shoot(page, 'sso-refused');
    await page.getByLabel('Issuer').fill(provider.issuer);
    await page.getByRole('button', { name: 'Try it and keep it' }).click();
    await page.getByRole('button', { name: 'Take it away' }).waitFor();
    const { page: hers } = await openTab(stage);
    await hers.goto('/responses?show=unmatched');
    provider.seat({ sub: '1', email: 'eve@elsewhere.example', email_verified: true });
    await hers.getByRole('button', { name: 'Sign in with Acme' }).click();
    await hers.getByRole('alert').getByText('This hub does not let you in by that account.').waitFor();
    await shoot(hers, 'sso-not-let-in');
    await hers.goto('/responses?show=unmatched');
    provider.seat({ sub: '2', email: 'eve@acme.example', email_verified: true, name: 'Eve Okafor' });
    await hers.getByRole('button', { name: 'Sign in with Acme' }).click();
    await hers.waitForURL('**/responses?show=unmatched');
    await hers.getByRole('button', { name: 'Account of Eve Okafor' }).waitFor();
    await page.goto('/settings/users');
    await page.getByText('eve@acme.example').waitFor();
    expect(complaints).toEqual([]);
  });
});
