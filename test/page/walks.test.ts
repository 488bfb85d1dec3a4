import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { en } from '../../src/admin/language/en.ts';
import { ja } from '../../src/admin/language/ja.ts';
import { th } from '../../src/admin/language/th.ts';
import { nothingUndone } from '../../src/hub/runs/undoing.ts';
import { test } from '../support/database.ts';
import { seedHub } from './seed.ts';
import { openPageStage } from './stage.ts';
import { enter, executablePath, openTab, signIn, thePage } from './tab.ts';

const TIMEOUT_MS = 90_000;
const FIRST_LOAD_MAX = 250_000;
/** A browser asks for six at a time, and waits for each of them. */
/** Chooses a field and a system faster than anything is drawn between them. */
const CHOOSE_BOTH = `for (const [label, value] of [['Field', 'job_title'], ['System', 'Salesforce EMEA']]) {
  const select = document.querySelector('select[aria-label="' + label + '"]');
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}`;
const FIRST_FILES_MAX = 6;
const WORDS = { en, ja, th } as const;

/** Sentences that only English has: none of them may be seen in another language. */
const ENGLISH: readonly string[] = Object.values(en)
  .flatMap((area) => Object.values(area))
  .filter((text) => typeof text === 'string')
  .filter((text) => /^[A-Z][a-z]+ [a-z]+ [^{}<>]+$/.test(text));

describe.skipIf(executablePath === null)('walks through the page', () => {
  test('a person is found by keyboard and explained, in three languages, which are kept', { timeout: TIMEOUT_MS }, async ({ hub }) => {
    const { stage, page, complaints } = await enter(hub, 'steward', '/settings');
    await using _ = stage;
    for (const language of ['ja', 'th', 'en'] as const) {
      const words = WORDS[language];
      await page.goto('/settings');
      await page.getByRole('combobox').first().selectOption(language);
      await page.getByRole('heading', { name: words.settings.places.you, level: 1 }).waitFor();
      await expect.poll(async () => (await hub.selectFrom('operator').select('language').executeTakeFirst())?.language).toBe(language);
      await page.keyboard.press('Control+k');
      await page.getByRole('textbox', { name: words.shell.palette.title }).fill('qvist ada');
      await page.getByRole('button', { name: /Ada Lindqvist/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Ada Lindqvist', level: 1 }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      for (const part of Object.values(words.records.category)) await page.getByRole('heading', { name: part, level: 2 }).waitFor();
      await page.getByRole('button', { name: words.records.why.replace('{{field}}', words.shared.field.job_title) }).click();
      await page.getByText('m.ito@acme.example').waitFor();
      expect(page.url()).toContain('why=job_title');
      await page.getByText('Renewal call').waitFor();
      if (language === 'en') continue;
      const text = await page.locator('body').textContent();
      expect(ENGLISH.filter((sentence) => text?.includes(sentence))).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  test('times are those of the zone that was chosen', async ({ hub }) => {
    const { stage, page } = await enter(hub, 'viewer', '/settings');
    await using _ = stage;
    await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
    await page.getByText('That is kept').waitFor();
    const { at } = await hub.selectFrom('change').select('at').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow();
    const there = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Asia/Tokyo' }).format(at);
    await page.getByRole('link', { name: 'Contacts' }).click();
    await page.getByLabel('Search contacts').fill('lindqvist');
    await page.getByRole('link', { name: /^Ada Lindqvist/ }).click();
    await page.getByTitle(there).first().waitFor();
  });

  test('a record is seen as it was, and the address says when', async ({ hub }) => {
    const { stage, page, seeded } = await enter(hub, 'viewer');
    await using _ = stage;
    await page.goto(`/contacts/${seeded.ada}`);
    await page.getByRole('button', { name: 'See it as it was' }).click();
    await page.getByRole('slider', { name: 'As it was at' }).press('Home');
    await page.getByText('This is the record as it was on').waitFor();
    expect(new URL(page.url()).searchParams.get('at')).not.toBeNull();
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.getByText('This is the record as it was on').waitFor({ state: 'detached' });
    await page.getByRole('radiogroup', { name: 'What to show' }).getByText('Feedback').click();
    await page.getByText('Renewal call').waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('show')).toBe('response');
    expect(await page.getByRole('link', { name: 'Open in HubSpot' }).getAttribute('href')).toMatch(
      /^https:\/\/app\.hubspot\.com\/contacts\//,
    );
  });

  test('conflicts are decided by keyboard alone, and several at once', async ({ hub }) => {
    const { stage, page, complaints } = await enter(hub, 'steward', '/decisions?kind=conflict');
    await using _ = stage;
    await page.getByRole('article', { name: /^Conflict/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('1 selected').waitFor();
    await page.keyboard.press('2');
    await expect.poll(() => stage.asked.decided).toEqual([{ take: 'remote' }]);
    await page.getByText('1 decision made').waitFor();
    await page.getByText('Decided. It is carried out with the next merge.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('what fails is listed by its cause, and tried again or decided with one click', async ({ hub }) => {
    await seedHub(hub);
    await hub.updateTable('hold').set({ cause: 'value_too_long' }).where('kind', '=', 'refused_field').execute();
    const asked: unknown[] = [];
    const actOnFailures = async (...wish: readonly unknown[]) => {
      asked.push(wish.slice(0, 2));
      return 2;
    };
    await using stage = await openPageStage(hub, thePage(), { actOnFailures });
    const { page } = await openTab(stage);
    await signIn(page, await stage.addOperator('steward'), '/health');
    const refused = page.getByRole('article', { name: 'A validation rule of Salesforce EMEA refuses this record.' });
    await refused.getByRole('button', { name: 'Show the records' }).click();
    await refused.getByText('Close date must lie in the future').nth(1).waitFor();
    await refused.getByRole('button', { name: /^Retry all/ }).click();
    await page.getByText('Done for 2 records').waitFor();
    expect(asked).toEqual([[{ cause: 'validation_rule', connectionId: undefined }, 'retry']]);
    await page
      .getByRole('article', { name: /is longer than Salesforce EMEA takes/ })
      .getByRole('link', { name: 'Decide' })
      .click();
    await page.getByText('Only those of one cause.').waitFor();
    await page.getByText('the value is longer than 40 characters').waitFor();
    expect(await page.getByRole('main').getByRole('article').count()).toBe(1);
  });

  test('each figure of health leads to the records that it counts, with the reason of each, and an address that can be shared', async ({
    hub,
  }) => {
    const { stage, page } = await enter(hub, 'steward', '/health');
    await using _ = stage;
    await page.getByRole('link', { name: '2 Failing: show them' }).click();
    const records = page.getByRole('list', { name: 'Records by how they stand' });
    await records.getByText('Close date must lie in the future').nth(1).waitFor();
    expect(await records.getByRole('listitem').count()).toBe(2);
    await page.getByText('Excluded', { exact: true }).click();
    await page.getByText('There is none').waitFor();
    await page.getByLabel('System', { exact: true }).selectOption({ label: 'Salesforce EMEA' });
    await page.getByText('In sync', { exact: true }).click();
    await records.getByText('Salesforce EMEA').first().waitFor();
    expect(new URL(page.url()).search).toMatch(/^\?state=in_sync&connection=[0-9a-f-]+$/);
  });

  test('a run is undone after a look at what that would do, and what it would leave', async ({ hub }) => {
    const { run, ada } = await seedHub(hub);
    const line = { recordId: ada, object: 'contact', title: 'Ada Lindqvist', connection: null, remoteId: null, reason: '' } as const;
    const deed = { ...line, deed: 'field', field: 'city', from: 'Stockholm', to: 'Uppsala', fate: 'undone' } as const;
    const begun: unknown[] = [];
    await using stage = await openPageStage(hub, thePage(), {
      previewUndo: async () => ({ counts: { ...nothingUndone(), records: 1, field: 1, spared: 2 }, lines: [deed], next: null }),
      beginUndo: async (target) => {
        begun.push(target);
        return { run };
      },
    });
    const { page } = await openTab(stage);
    await signIn(page, await stage.addOperator('admin'), '/runs');
    await page
      .getByRole('link', { name: /First load/ })
      .first()
      .waitFor();
    await page.goto(`/runs/${run}`);
    await page.getByRole('button', { name: 'Look what undoing would do' }).click();
    await page.getByText('Uppsala').waitFor();
    await page.getByText('1 value is put back · 1 record').waitFor();
    await page.getByText('2 are left as they are: somebody has changed them since.').waitFor();
    expect(begun).toEqual([]);
    await page.getByRole('button', { name: 'Undo this run' }).click();
    await page.getByText('It is being taken back').waitFor();
    expect(begun).toEqual([{ run }]);
  });

  test('a plan is looked through, narrowed, and approved', async ({ hub }) => {
    const { stage, page, seeded } = await enter(hub, 'admin');
    await using _ = stage;
    await page.goto(`/plans/${seeded.plan}`);
    await page.getByRole('group', { name: 'Forecast' }).getByText('about 6 min').first().waitFor();
    await page.getByLabel('Search the lines').fill('nobody');
    await page.getByText('No line fits').waitFor();
    await page.getByLabel('Search the lines').fill('lindq');
    await page.getByText('Head of Procurement').waitFor();
    await page.getByLabel('Field', { exact: true }).selectOption('city');
    await page.getByText('No line fits').waitFor();
    await page.evaluate(CHOOSE_BOTH);
    await page.getByText('Head of Procurement').waitFor();
    expect(new URL(page.url()).search).toBe('?q=lindq&field=job_title&system=Salesforce+EMEA');
    await page.getByRole('button', { name: 'Approve and apply' }).click();
    await page.getByText('Approved; it is about to be applied.').waitFor();
    const plan = await hub.selectFrom('plan').select('wanted_by').where('id', '=', seeded.plan).executeTakeFirstOrThrow();
    expect(plan.wanted_by).toMatch(/^operator:/);
  });

  for (const language of ['en', 'ja', 'th'] as const) {
    test(`everything that the first page loads in ${language} is at most 250 kB, in a few files`, async ({ hub }) => {
      await using stage = await openPageStage(hub, thePage());
      const { page } = await openTab(stage);
      await page.addInitScript((chosen) => localStorage.setItem('syncline-language', chosen), language);
      await signIn(page, await stage.addOperator('viewer'), '/sign-in', WORDS[language].entrance);
      await page.waitForLoadState('networkidle');
      const sizes: number[] = [];
      page.on('response', async (answer) => {
        if (/\/assets\//.test(answer.url())) sizes.push(gzipSync(await answer.body()).length);
      });
      await page.goto('/connections', { waitUntil: 'networkidle' });
      // Scripts, styles, and words.
      expect(sizes.length).toBeGreaterThanOrEqual(3);
      expect(sizes.length).toBeLessThanOrEqual(FIRST_FILES_MAX);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_LOAD_MAX);
    });
  }
});
