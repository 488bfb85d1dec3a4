import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { test } from '../support/database.ts';
import { ARTEFACTS, enter, executablePath } from './tab.ts';

const TIMEOUT_MS = 120_000;

/** Answers to a recommendation over half a year, all of one person: 40 a month, and in the third month only 12. */
async function addHistory(hub: Hub, { connection, person }: { connection: string; person: string }): Promise<void> {
  await sql`
    insert into response (id, connection_id, remote_id, survey_id, survey_name, submitted_at, state, language, channel, answers, keys, scores, attachment, record_id)
    select gen_random_uuid(), ${connection}, 'h:' || m || ':' || i, 'h1', 'Half a year', date_trunc('month', now()) - m * interval '1 month' + i * interval '9 hours', 'complete',
      'en', 'link', '[]', '{}', jsonb_build_array(jsonb_build_object('metric', 'nps', 'key', 'loyalty', 'score', (array[10, 9, 8, 3, 10, 9, 7])[1 + (i * (m + 3)) % 7], 'question', 'q1',
        'scale', '{"min":0,"max":10}'::jsonb, 'topBox', 2, 'higherIsBetter', true, 'nature', 'relationship', 'touchpoint', null)), 'attached', ${person}
    from generate_series(1, 6) m cross join generate_series(1, 40) i where m <> 3 or i <= 12`.execute(hub);
}

describe.skipIf(executablePath === null)('the pages of feedback', () => {
  test('four clicks lead from a score to its answers, to one of them, to its contact, and to the CRM', { timeout: TIMEOUT_MS }, async ({
    hub,
  }) => {
    const { stage, page, seeded, complaints } = await enter(hub, 'viewer', '/feedback');
    await using _ = stage;
    await addHistory(hub, { connection: seeded.connections.typeform, person: seeded.ada });
    await page.goto('/feedback/metrics/loyalty?nature=relationship&view=table');
    const low = page.getByRole('row').filter({ hasText: 'low base' });
    await page.getByRole('row').filter({ hasText: '40 answers' }).first().waitFor();
    expect(await low.count()).toBe(1);
    await low.getByRole('link', { name: '12 answers' }).click();
    await page.getByRole('list', { name: 'Responses' }).getByRole('listitem').first().waitFor();
    await expect.poll(() => page.getByRole('list', { name: 'Responses' }).getByRole('listitem').count()).toBe(12);
    const shared = page.url();
    await page.getByRole('list', { name: 'Responses' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Half a year', level: 1 }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Ada Lindqvist', exact: true }).click();
    const out = page.getByRole('link', { name: 'Open in HubSpot' });
    await out.waitFor();
    expect(await out.getAttribute('href')).toMatch(/^https:\/\/app\.hubspot\.com\//);
    // Whoever is sent the address sees the same answers.
    await page.goto(shared);
    await page.getByText('Relationship surveys.').waitFor();
    await expect.poll(() => page.getByRole('list', { name: 'Responses' }).getByRole('listitem').count()).toBe(12);
    expect(complaints).toEqual([]);
  });

  test('a trend is a chart and a table of the same figures, with what others reach, and its address says which', {
    timeout: TIMEOUT_MS,
  }, async ({ hub }) => {
    const { stage, page, seeded, complaints } = await enter(hub, 'viewer', '/feedback');
    await using _ = stage;
    await addHistory(hub, { connection: seeded.connections.typeform, person: seeded.ada });
    await page.goto('/feedback');
    await page.getByRole('link', { name: /^Trend and answers: NPS loyalty/ }).click();
    await page.getByRole('figure', { name: /^6 periods; the last is / }).waitFor();
    await page.locator('.recharts-line-dots circle').nth(5).waitFor();
    expect(await page.locator('.recharts-line-dots circle[fill="var(--sl-card)"]').count()).toBe(1);
    await page.getByLabel('Compare with').selectOption('B2B SaaS 2026');
    await page.locator('.recharts-reference-area').waitFor();
    await page.getByText('formspring.io').waitFor();
    await page.screenshot({ path: `${ARTEFACTS}/trend.png`, fullPage: true });
    await page.getByRole('radiogroup', { name: 'How to show it' }).getByText('Table').click();
    await page.locator('.recharts-surface').waitFor({ state: 'detached' });
    const rows = page.getByRole('table').first().getByRole('row');
    await expect.poll(() => rows.count()).toBe(7);
    expect([...new URL(page.url()).searchParams]).toEqual([
      ['nature', 'relationship'],
      ['benchmark', 'B2B SaaS 2026'],
      ['view', 'table'],
    ]);
    await page.getByLabel('Steps').selectOption('quarter');
    await page
      .getByRole('rowheader', { name: /^Q\d 20\d\d$/ })
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
  });

  test('a list of any length keeps few rows in the page, and reads more as it is scrolled', { timeout: TIMEOUT_MS }, async ({ hub }) => {
    const { stage, page, seeded } = await enter(hub, 'viewer', '/feedback');
    await using _ = stage;
    await addHistory(hub, { connection: seeded.connections.typeform, person: seeded.ada });
    await page.goto('/responses?surveyId=h1');
    const rows = page.getByRole('list', { name: 'Responses' }).getByRole('listitem');
    await rows.first().waitFor();
    const positions: number[] = [];
    await expect
      .poll(
        async () => {
          await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
          expect(await rows.count()).toBeLessThan(50);
          positions.push(Number(await rows.last().getAttribute('aria-posinset')));
          return positions.at(-1);
        },
        { timeout: 30_000 },
      )
      .toBe(212);
    await page.evaluate('window.scrollTo(0, 0)');
    await expect.poll(async () => rows.first().getAttribute('aria-posinset')).toBe('1');
  });
});
