import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, onTestFinished } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { fieldChoices } from '../../src/sync/choices/choices.ts';
import { missingChoices } from '../../src/sync/choices/missing.ts';
import { adoptFolder } from '../../src/sync/mappings/adopt-folder.ts';
import { test } from '../support/database.ts';
import { openWorld } from '../sync/world.ts';
import { openPageStage } from './stage.ts';
import { ARTEFACTS, executablePath, openTab, signIn, thePage } from './tab.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const TIMEOUT_MS = 60_000;
const FOLDER = join(import.meta.dirname, '../../mappings');

/** An admin in front of two CRMs that are in step, but for the trades that HubSpot has no option for, and a stage that it lets nobody add. */
async function openFlow(hub: Hub, options: Parameters<typeof openTab>[1] & { readonly scopes?: string } = {}) {
  const { scopes = '', ...tabOptions } = options;
  const world = await openWorld(hub, { switches: { hubspot: { scopes } } });
  onTestFinished(() => world[Symbol.asyncDispose]());
  const trades = { orbit: 'Space', moon: 'Space', reef: '<b>Diving</b> & ใต้น้ำ' };
  for (const [name, Industry] of Object.entries(trades)) world.sf.create('Account', { Name: name, Website: `${name}.example`, Industry });
  await world.settle();
  await adoptFolder(hub, { folder: FOLDER, named: true, connectors: world.engine.connectors });
  const stage = await openPageStage(hub, thePage(), {
    missingChoices: () => missingChoices(world.engine),
    fieldChoices: (id, wish) => fieldChoices(world.engine, id, { ...wish, signal: AbortSignal.timeout(20_000) }),
  });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const tab = await openTab(stage, tabOptions);
  const industries = () =>
    Object.fromEntries(world.hs.companies.all().map(({ properties }) => [properties.name, properties.industry ?? null]));
  return { ...tab, world, stage, industries };
}

const dialogOf = (page: Page): Locator => page.getByRole('dialog');

describe.skipIf(executablePath === null)('extending a list of another system', () => {
  test('a failing record is repaired from the inbox: the choice is added over there, and the record flows', {
    timeout: TIMEOUT_MS,
  }, async ({ hub }) => {
    const { page, world, stage, industries, complaints } = await openFlow(hub);
    await signIn(page, await stage.addOperator('admin'), '/decisions');
    const card = page.getByRole('article').filter({ hasText: 'orbit' });
    await card.getByRole('button', { name: 'Add the choice in hubspot' }).click();
    const dialog = dialogOf(page);
    await dialog.getByText('2 records wait', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('extend')).toMatch(/\/company\/industry$/);
    await dialog.getByText('crm.schemas.companies.write').waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.locator(`html[data-mantine-color-scheme="${theme}"]`).waitFor();
      await page.screenshot({ path: `${ARTEFACTS}/choices-${theme}.png` });
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
    // By the keyboard alone: what hostile hands have typed is left out, and the other one gets a label that people can read.
    await dialog.getByRole('checkbox', { name: 'Diving' }).focus();
    await page.keyboard.press('Space');
    const label = dialog.getByLabel('Label in hubspot of Space');
    await label.fill('');
    await dialog.getByText('People need something to read').waitFor();
    expect(await dialog.getByRole('button', { name: 'Add to hubspot' }).isDisabled()).toBe(true);
    await label.fill('Space travel');
    await page.keyboard.press('Enter');
    await dialog.getByText('1 choice was added to Industry in hubspot.').waitFor();
    expect(
      await dialog
        .getByRole('button', { name: 'Close' })
        .last()
        .evaluate((button) => button === document.activeElement),
    ).toBe(true);
    await page.screenshot({ path: `${ARTEFACTS}/choices-done.png` });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
    await world.settle();
    expect(industries()).toEqual({ orbit: 'Space', moon: 'Space', reef: null });
    const { choices } = await look(world);
    expect(choices).toContainEqual({ value: 'Space', label: 'Space travel' });
    await page.reload();
    await page.getByRole('article').filter({ hasText: 'reef' }).waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('health shows each list that lacks something; a right that is missing is said, and nothing has changed', {
    timeout: TIMEOUT_MS,
  }, async ({ hub }) => {
    const { page, stage, world, industries } = await openFlow(hub, { width: 360, height: 740, scopes: '-crm.schemas.companies.write' });
    await signIn(page, await stage.addOperator('admin'), '/health');
    await page.getByRole('button', { name: 'Extend Industry in hubspot' }).click();
    const dialog = dialogOf(page);
    await dialog.getByRole('button', { name: 'Add to hubspot' }).waitFor();
    await page.screenshot({ path: `${ARTEFACTS}/choices-phone.png` });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await dialog.getByRole('button', { name: 'Add to hubspot' }).click();
    await dialog.getByRole('alert').getByText('the token lacks the scope crm.schemas.companies.write').waitFor();
    await page.screenshot({ path: `${ARTEFACTS}/choices-refused-phone.png` });
    await world.settle();
    expect(industries()).toEqual({ orbit: null, moon: null, reef: null });
    await dialog.getByRole('link', { name: 'Map the value instead' }).click();
    await page.waitForURL(/\/mappings\/hubspot\.company\.yaml\?q=industry/);
  });

  test('a list that nobody can extend says why, and leads to the mapping', { timeout: TIMEOUT_MS }, async ({ hub }) => {
    const { page, stage, world } = await openFlow(hub, { language: 'ja' });
    const [hubspot] = (await missingChoices(world.engine)).map(({ connection }) => connection.id);
    const said = { email: 'メールアドレス', password: 'パスワード', signIn: 'ログイン' };
    await signIn(page, await stage.addOperator('admin'), `/health?extend=${hubspot}/contact/lifecyclestage`, said);
    const dialog = dialogOf(page);
    await dialog.getByText('この一覧は連携先が管理しており、変更できません。').waitFor();
    await dialog.getByRole('link', { name: '代わりに値を対応付ける' }).waitFor();
    expect(await dialog.getByRole('checkbox').count()).toBe(0);
    await page.screenshot({ path: `${ARTEFACTS}/choices-closed-ja.png` });
  });

  test('who may not add choices is not offered to', { timeout: TIMEOUT_MS }, async ({ hub }) => {
    const { page, stage } = await openFlow(hub);
    await signIn(page, await stage.addOperator('steward'), '/decisions');
    await page.getByRole('article').filter({ hasText: 'orbit' }).getByRole('button', { name: 'Use this value' }).waitFor();
    expect(await page.getByRole('button', { name: 'Add the choice in hubspot' }).count()).toBe(0);
  });
});

async function look({ engine }: Awaited<ReturnType<typeof openWorld>>) {
  const came = await fieldChoices(engine, 'hubspot', { object: 'company', field: 'industry', signal: AbortSignal.timeout(20_000) });
  if (came?.ok !== true) throw new Error('no look');
  return came.found;
}
