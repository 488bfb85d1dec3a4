import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { test } from '../support/database.ts';
import { HOSTILE } from './hostile-strings.ts';
import type { Seeded } from './seed.ts';
import { ARTEFACTS, enter, executablePath } from './tab.ts';

const TIMEOUT_MS = 120_000;
const pick = (i: number): string => HOSTILE[i % HOSTILE.length] ?? '';

/** Puts hostile strings wherever people, vendors, and operators write: names, comments, questions, reasons, labels, addresses. */
async function poison(hub: Hub, seeded: Seeded): Promise<void> {
  await sql`
    with h as (select s, n::int - 1 as n from unnest(${HOSTILE}::text[]) with ordinality as u (s, n)),
      r as (select id, object, row_number() over (partition by object order by id desc)::int - 1 as n from record)
    update record set fields = record.fields || case r.object
      when 'contact' then jsonb_build_object('first_name', '', 'last_name', h.s, 'job_title', h.s, 'city', h.s, 'feedback_comment', h.s)
      else jsonb_build_object('name', h.s, 'title', h.s, 'description', h.s, 'body', h.s, 'stage', h.s) end
    from r join h on h.n = r.n % ${HOSTILE.length} where record.id = r.id`.execute(hub);
  await sql`
    with h as (select s, n::int - 1 as n from unnest(${HOSTILE}::text[]) with ordinality as u (s, n)),
      r as (select id, row_number() over (order by id)::int - 1 as n from response)
    update response set comment = h.s, survey_name = h.s, touchpoint = h.s, language = left(h.s, 10), channel = h.s,
      answers = jsonb_build_array(
        jsonb_build_object('question', jsonb_build_object('id', 'q1', 'ref', h.s, 'text', h.s, 'kind', 'text', 'scale', null), 'value', h.s, 'raw', h.s))
    from r join h on h.n = (r.n * 3) % ${HOSTILE.length} where response.id = r.id`.execute(hub);
  await sql`
    with h as (select s, n::int - 1 as n from unnest(${HOSTILE}::text[]) with ordinality as u (s, n)),
      r as (select id, row_number() over (order by id)::int - 1 as n from hold)
    update hold set reason = h.s, detail = detail || jsonb_build_object('hub', h.s, 'remote', h.s)
    from r join h on h.n = (r.n * 5) % ${HOSTILE.length} where hold.id = r.id`.execute(hub);
  await sql`update link set reason = ${pick(1)} where reason is not null`.execute(hub);
  await sql`update plan_line set title = ${pick(3)}, fields = jsonb_build_object(${pick(2)}::text, jsonb_build_object('old', ${pick(4)}::text, 'new', ${pick(5)}::text))`.execute(
    hub,
  );
  await sql`update change set fields = jsonb_build_object('job_title', jsonb_build_object('old', ${pick(0)}::text, 'new', ${pick(6)}::text, 'rule', ${pick(7)}::text))
    where record_id = ${seeded.ada} and fields ? 'city'`.execute(hub);
  for (const [i, id] of Object.values(seeded.connections).entries())
    await sql`update connection set name = ${pick(i * 7 + 1)}, reason = ${pick(i)}, account = ${JSON.stringify({ id: pick(2), name: pick(i + 9) })}
      where id = ${id}`.execute(hub);
  await hub
    .insertInto('operator')
    .values(
      HOSTILE.slice(0, 40).map((name, i) => ({
        id: newId(),
        name,
        email: `e${i}@evil.test`,
        email_verified: true,
        image: null,
        role: 'viewer' as const,
      })),
    )
    .execute();
  await hub
    .insertInto('api_key')
    .values(
      HOSTILE.slice(40, 80).map((name) => ({
        id: newId(),
        name,
        role: 'viewer' as const,
        hint: '…',
        hash: newId(),
        created_by: name,
        expires_at: null,
        last_used_at: null,
      })),
    )
    .execute();
  await hub
    .insertInto('audit')
    .values(
      HOSTILE.map((name) => ({
        id: newId(),
        kind: 'act' as const,
        actor: name.slice(0, 90),
        actor_name: name,
        address: name,
        action: name,
        subjects: [],
        status: 200,
      })),
    )
    .execute();
}

const placesOf = ({ ada, connections, unmatched, attached, run, plan }: Seeded): readonly string[] => [
  '/health',
  '/health?cause=validation_rule',
  '/decisions',
  '/connections',
  `/connections/${connections.hubspot}`,
  '/runs',
  `/runs/${run}`,
  '/runs?show=plans',
  `/plans/${plan}`,
  '/contacts',
  `/contacts/${ada}?why=job_title`,
  '/companies',
  '/deals',
  '/responses',
  `/responses/${unmatched}`,
  `/responses/${attached}`,
  '/feedback',
  '/settings/users',
  '/settings/keys',
  '/settings/audit',
];

async function show(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('main').waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
}

/** Presses what shows more of a list, until all of it is there. */
/** All rows of a long list, of which only those near to what is seen are in the page: their text, and how what was written in them is set. */
async function readAll(page: Page): Promise<{ readonly text: string; readonly set: ReadonlySet<string> }> {
  const [texts, set] = [new Set<string>(), new Set<string>()];
  for (let [at, height] = [0, 0]; ; at += 300) {
    const rows = page.getByRole('main').locator('li');
    for (const text of await rows.allTextContents()) texts.add(text);
    for (const one of await rows.locator('.value').evaluateAll((all) => all.map((value) => getComputedStyle(value).unicodeBidi)))
      set.add(one);
    height = await page.evaluate((top) => {
      window.scrollTo(0, top);
      return document.documentElement.scrollHeight;
    }, at);
    await page.waitForLoadState('networkidle');
    // Rows are drawn in the frame after the one in which the list hears that it was scrolled.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    if (at > height) return { text: [...texts].join('\n'), set };
  }
}

/** What somebody who reads the page would notice if a string had become more than text. */
const sentinels = (page: Page) =>
  page.evaluate(() => ({
    ran: '__ran' in window,
    foreign: [
      ...document.querySelectorAll(
        'iframe, object, embed, base, main script, main form[action], main img, main style:not([data-mantine-styles]), main link',
      ),
    ].length,
    pressable: [...document.querySelectorAll('a[href]')].filter((link) =>
      /^(javascript|data|vbscript):/i.test(link.getAttribute('href') ?? ''),
    ).length,
    handlers: [...document.querySelectorAll('main *')].filter((one) => one.getAttributeNames().some((name) => name.startsWith('on')))
      .length,
    tooWide:
      document.documentElement.scrollWidth > window.innerWidth
        ? [...document.querySelectorAll('body *')]
            .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 0.5)
            .slice(-3)
            .map((one) => one.outerHTML.slice(0, 200))
        : [],
    hasEnded: document.querySelector('nav') === null,
  }));
const CALM = { ran: false, foreign: 0, pressable: 0, handlers: 0, tooWide: [], hasEnded: false };

describe.skipIf(executablePath === null)('hostile strings', () => {
  test('there are 120 and more of them, all different', () => {
    expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
    expect(HOSTILE.length).toBeGreaterThanOrEqual(120);
  });

  for (const [device, size] of [
    ['desktop', { width: 1280, height: 900 }],
    ['phone', { width: 360, height: 740 }],
  ] as const) {
    test(`stay text on every page and run nothing, on a ${device}`, { timeout: TIMEOUT_MS }, async ({ hub }) => {
      const { stage, page, seeded, complaints } = await enter(hub, 'admin', '/settings', size);
      await using _ = stage;
      await poison(hub, seeded);
      const found: Record<string, unknown> = {};
      const dialogs: string[] = [];
      const calls: string[] = [];
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(stage.origin) && !url.startsWith('data:')) calls.push(url);
      });
      for (const path of placesOf(seeded)) {
        await show(page, path);
        // A long list goes on by itself where it is scrolled to its end.
        if (path === '/contacts') await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
        found[path] = await sentinels(page);
        if (path === '/settings/audit') {
          // Letter by letter as they were written, and turning nothing around that stands beside them.
          const { text, set } = await readAll(page);
          expect(HOSTILE.filter((one) => !text.includes(one))).toEqual([]);
          expect(set).toEqual(new Set(['isolate']));
        }
        if (path === '/contacts' || path === '/decisions')
          await page.screenshot({ path: `${ARTEFACTS}/hostile${path.replace('/', '-')}-${device}.png` });
      }
      expect(found).toEqual(Object.fromEntries(placesOf(seeded).map((path) => [path, CALM])));
      expect({ dialogs, calls, complaints }).toEqual({ dialogs: [], calls: [], complaints: [] });
    });
  }
});
