import { sql } from 'kysely';
import type { CDPSession, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { test } from '../support/database.ts';
import type { Seeded } from './seed.ts';
import { enter, executablePath } from './tab.ts';

/** How smooth it is, is measured on a machine that does nothing else, and on a slow processor: `npm run speed`. */
const IS_MEASURED = process.env.SPEED === 'true';
const ROWS = IS_MEASURED ? 100_000 : 500;
const CPU_SLOWDOWN = 4;
const TIMEOUT_MS = IS_MEASURED ? 900_000 : 120_000;
/** Of all that is in the page, whatever is scrolled through. */
const NODES_MAX = 2_500;
/** Nineteen frames of twenty come within this, so that what is scrolled is seen to move. */
const FRAME_MAX_MS = 50;
/** What the page may hold more for each row that it has read. */
const ROW_MAX_BYTES = 4_096;

const ID = sql`('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

/** A hub in which each list is as long. */
async function fill(hub: Hub, { ada, connections }: Seeded): Promise<void> {
  const each = sql`from generate_series(1, ${ROWS}::int) as n`;
  await sql`
    insert into record (id, object, fields, stamps) select ${ID}, 'contact',
      jsonb_build_object('first_name', 'Ada', 'last_name', 'Number ' || n, 'email', n || '@northwind.example', 'city', 'Visby'), '{}' ${each}`.execute(
    hub,
  );
  await sql`
    insert into hold (id, kind, connection_id, object, remote_id, reason, detail)
    select ${ID}, 'ambiguous', ${connections.hubspot}, 'contact', 'r' || n, '2 records have the same phone', '{"candidates":[]}' ${each}`.execute(
    hub,
  );
  await sql`
    insert into change (id, record_id, at, cause, actor, fields)
    select ${ID}, ${ada}, now() - n * interval '1 minute', 'admin', 'operator:1',
      jsonb_build_object('city', jsonb_build_object('old', 'Visby ' || n, 'new', 'Visby ' || n + 1)) ${each}`.execute(hub);
  await sql`
    insert into run (id, stream_id, kind, started_at, ended_at, counts)
    select ${ID}, (select id from stream order by id limit 1), 'changes', now() - n * interval '1 minute', now() - n * interval '1 minute', '{}' ${each}`.execute(
    hub,
  );
  await sql`analyze record, hold, change, run`.execute(hub);
}

type Scrolled = { readonly rows: number; readonly frames: readonly number[]; readonly nodes: number };

/** Scrolls on by almost a screen in each frame, as far as the rows reach: how long each frame took in which something moved, and the most that was in the page. */
const SCROLL = `new Promise((resolve) => {
  const frames = [];
  let nodes = 0, before = performance.now(), seen = window.scrollY;
  const step = (now) => {
    if (window.scrollY !== seen) frames.push(now - before);
    [before, seen] = [now, window.scrollY];
    nodes = Math.max(nodes, document.getElementsByTagName('*').length);
    const rows = Math.max(0, ...[...document.querySelectorAll('.long > li')].map((row) => Number(row.ariaPosInSet)));
    if (rows >= ${ROWS}) return resolve({ rows, frames, nodes });
    window.scrollBy(0, 700);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

async function heldBytes(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  return (await cdp.send('Runtime.getHeapUsage')).usedSize;
}

async function scroll(page: Page, cdp: CDPSession, path: string) {
  await page.goto(path);
  await page.locator('.long > li').first().waitFor();
  const before = await heldBytes(cdp);
  const { rows, frames, nodes } = await page.evaluate<Scrolled>(SCROLL);
  const held = (await heldBytes(cdp)) - before;
  const sorted = frames.toSorted((a, b) => a - b);
  const within = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  return {
    path: path.slice(0, 20),
    rows,
    nodes,
    frames: frames.length,
    halfMs: within(0.5),
    mostMs: within(0.95),
    worstMs: within(0.9999),
    bytesOfRow: Math.round(held / rows),
  };
}

describe.skipIf(executablePath === null)('long lists', () => {
  test('however far a list is scrolled, the page holds only what is near to what is seen, and goes on smoothly', {
    timeout: TIMEOUT_MS,
  }, async ({ hub }) => {
    const { seeded, stage, page, complaints } = await enter(hub, 'steward', '/settings');
    await using _ = stage;
    page.setDefaultTimeout(30_000);
    await fill(hub, seeded);
    const cdp = await page.context().newCDPSession(page);
    if (IS_MEASURED) await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    const lists = [];
    for (const path of ['/contacts', '/decisions', '/runs', `/contacts/${seeded.ada}?show=change`])
      lists.push(await scroll(page, cdp, path));
    if (IS_MEASURED) console.table(lists);
    expect(lists.map(({ rows }) => rows >= ROWS)).toEqual(lists.map(() => true));
    expect(lists.filter(({ nodes }) => nodes > NODES_MAX)).toEqual([]);
    expect(lists.filter(({ mostMs, bytesOfRow }) => IS_MEASURED && (mostMs > FRAME_MAX_MS || bytesOfRow > ROW_MAX_BYTES))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
