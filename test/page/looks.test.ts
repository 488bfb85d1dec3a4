import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { test } from '../support/database.ts';
import type { Seeded } from './seed.ts';
import { openPageStage } from './stage.ts';
import { ARTEFACTS, enter, executablePath, openTab, signIn, thePage } from './tab.ts';

const FIRST_LOAD_MAX = 250_000;
const TIMEOUT_MS = 240_000;

/** Every page of the layout, with what shows that it is there. */
const places = (seeded: Seeded): readonly { name: string; path: string; text: string }[] => [
  { name: 'connections', path: '/connections', text: 'Credentials refused' },
  { name: 'connect', path: '/connections/connect/salesforce', text: 'Consumer key' },
  { name: 'connection', path: `/connections/${seeded.connections.hubspot}`, text: 'First load' },
  { name: 'contacts', path: '/contacts', text: 'HubSpot' },
  { name: 'contact', path: `/contacts/${seeded.ada}?why=job_title`, text: 'Gave way' },
  { name: 'companies', path: '/companies', text: 'HubSpot' },
  { name: 'responses', path: '/responses', text: 'Waited two weeks' },
  { name: 'response', path: `/responses/${seeded.unmatched}`, text: 'Nobody matches it yet' },
  { name: 'decisions', path: '/decisions', text: '2 records have the same phone' },
  { name: 'scores', path: '/feedback', text: 'After delivery' },
  { name: 'metric', path: '/feedback/metrics/nps?nature=none&benchmark=Retail+2024', text: 'Qualtrics XM Institute' },
  { name: 'metric-table', path: '/feedback/metrics/nps?nature=none&view=table', text: 'Who answered how' },
  { name: 'questions', path: '/feedback/surveys', text: 'main reason for your score' },
  { name: 'narrowed', path: '/responses?key=nps&scoreFrom=0&scoreTo=6&counted=true', text: 'Only complete answers' },
  { name: 'health', path: '/health?cause=validation_rule', text: 'Close date must lie in the future' },
  { name: 'standing', path: '/health/records?state=failing', text: 'Close date must lie in the future' },
  { name: 'deals', path: '/deals', text: 'Renewal 2027' },
  { name: 'runs', path: '/runs', text: 'First load' },
  { name: 'run', path: `/runs/${seeded.run}`, text: 'Look what undoing would do' },
  { name: 'plans', path: '/runs?show=plans', text: 'Ready' },
  { name: 'plan', path: `/plans/${seeded.plan}`, text: 'Head of Procurement' },
  { name: 'start', path: '/start/systems', text: 'Which systems do you want to keep in step?' },
  { name: 'settings', path: '/settings', text: 'Time zone' },
  { name: 'security', path: '/settings/security', text: 'This one' },
  { name: 'users', path: '/settings/users', text: 'Robin admin' },
  { name: 'keys', path: '/settings/keys', text: 'No keys yet' },
  { name: 'rules', path: '/settings/rules', text: 'Ask for a second factor' },
  { name: 'audit', path: '/settings/audit', text: 'Looked at a list of responses' },
  { name: 'retention', path: '/settings/retention', text: 'Deliveries of vendors' },
  { name: 'hub', path: '/settings/hub', text: 'Apache-2.0' },
  { name: 'mappings', path: '/mappings', text: 'See what they would do' },
  { name: 'mapping', path: '/mappings/hubspot.contact.yaml', text: 'Mobile phone' },
  { name: 'mapping-yaml', path: '/mappings/hubspot.contact.yaml?view=yaml', text: 'The same document, with its comments' },
  { name: 'mapping-versions', path: '/mappings/hubspot.contact.yaml?view=versions', text: 'Go back to this one' },
  { name: 'nothing', path: '/no/such/page', text: 'There is no page under this address' },
];

async function show(page: Page, { path, text }: { path: string; text: string }): Promise<void> {
  await page.goto(path);
  await page.getByRole('main').getByText(text).first().waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** All that a theme decides: the rest is the same in the other one. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

async function violationsBy(axe: AxeBuilder): Promise<readonly string[]> {
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? node.failureSummary ?? ''}`),
  );
}

async function turn(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-mantine-color-scheme="${theme}"]`).waitFor();
}

/** What is wrong with a page in either theme, with a picture of each. */
async function violationsOn(page: Page, name: string, fullPage = true): Promise<readonly string[]> {
  await page.screenshot({ path: `${ARTEFACTS}/${name}-light.png`, fullPage });
  const inLight = await violationsBy(new AxeBuilder({ page }).withTags(TAGS));
  await turn(page, 'dark');
  await page.screenshot({ path: `${ARTEFACTS}/${name}-dark.png`, fullPage });
  const inDark = await violationsBy(new AxeBuilder({ page }).withRules(COLOUR_RULES));
  await turn(page, 'light');
  return [...inLight, ...inDark.map((violation) => `dark theme: ${violation}`)];
}

/** Lists that go on as they are scrolled: a picture of all of them has no end. */
const ENDLESS = ['contacts', 'companies', 'responses'];

describe.skipIf(executablePath === null)('the looks of the settings page', () => {
  test('every page is accessible in both themes', { timeout: TIMEOUT_MS }, async ({ hub }) => {
    const { stage, page, seeded, complaints } = await enter(hub, 'admin');
    await using _ = stage;
    const found: Record<string, readonly string[]> = {};
    for (const place of places(seeded)) {
      await show(page, place);
      found[place.name] = await violationsOn(page, place.name, !ENDLESS.includes(place.name));
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    expect(complaints).toEqual([]);
  });

  test('the pages before signing in are accessible in both themes', async ({ hub }) => {
    await using stage = await openPageStage(hub, thePage());
    const { page } = await openTab(stage);
    for (const [name, path] of [
      ['sign-in', '/sign-in'],
      ['set-up', '/setup?token=x'],
    ] as const) {
      await page.goto(path);
      await page.getByLabel('E-mail').waitFor();
      expect([name, await violationsOn(page, name)]).toEqual([name, []]);
    }
  });

  test('every page fits a phone 360 px wide', { timeout: TIMEOUT_MS }, async ({ hub }) => {
    const { stage, page, seeded } = await enter(hub, 'admin', '/connections', { width: 360, height: 740 });
    await using _ = stage;
    for (const place of places(seeded)) {
      await show(page, place);
      await page.screenshot({ path: `${ARTEFACTS}/${place.name}-phone.png` });
      const widest = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([place.name, widest]).toEqual([place.name, 360]);
    }
    await page.getByRole('button', { name: 'Open the menu' }).click();
    await page.getByRole('link', { name: /^Decisions/ }).click();
    await page.getByRole('heading', { name: 'Decisions', level: 1 }).waitFor();
  });

  test('the theme can be chosen, and is kept', async ({ hub }) => {
    await using stage = await openPageStage(hub, thePage());
    const { page } = await openTab(stage);
    await signIn(page, await stage.addOperator('viewer'));
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByText('Dark theme').click({ force: true });
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    await page.reload();
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  });

  test('the first load is at most 250 kB', async () => {
    const { folder } = thePage();
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    const named = (await readdir(join(folder, 'assets'))).filter((name) => html.includes(name));
    const sizes = await Promise.all(named.map(async (name) => gzipSync(await readFile(join(folder, 'assets', name))).length));
    expect(named.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_LOAD_MAX);
  });
});
