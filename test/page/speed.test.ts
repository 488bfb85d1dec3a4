import type { CDPSession, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { test } from '../support/database.ts';
import { enter, executablePath } from './tab.ts';

const INTERACTIVE_MAX_MS = 1500;
const CPU_SLOWDOWN = 4;
/** Less than this nobody sees: a hundredth of what counts as good. */
const SHIFT_MAX = 0.001;
const TIMEOUT_MS = 240_000;
/** How long something takes is measured on a machine that does nothing else: `npm run speed`. */
const IS_MEASURED = process.env.SPEED === 'true';

const PLACES = [
  '/connections',
  '/health',
  '/contacts',
  '/responses',
  '/feedback',
  '/feedback/metrics/nps?nature=none',
  '/runs',
  '/settings',
] as const;

/** What one load of a page came to. `bytes`: as they came over the wire, without headers. `interactiveMs`: everything is there, and nothing long runs any more. */
type Load = {
  readonly path: string;
  readonly bytes: number;
  readonly interactiveMs: number;
  /** What moved without anybody having done anything, and by how much. */
  readonly moved: readonly string[];
  readonly longTasks: number;
  readonly longestMs: number;
};

// Runs in the page, before anything else does.
const WATCH = `
  window.seen = { moved: [], tasks: [] };
  const nameOf = ({ node }) => node === null ? 'something' : node.nodeName + ' ' + (node.textContent ?? '').slice(0, 40);
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (!e.hadRecentInput && e.value >= ${SHIFT_MAX}) window.seen.moved.push(e.value.toFixed(3) + ' ' + e.sources.map(nameOf).join(', '));
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.seen.tasks.push({ at: e.startTime, ms: e.duration }); }).observe({ type: 'longtask', buffered: true });
`;
type Seen = { readonly moved: readonly string[]; readonly tasks: readonly { readonly at: number; readonly ms: number }[] };

/** Loads a page with an empty cache, and waits until it is there. */
async function load(page: Page, cdp: CDPSession, path: string): Promise<Load> {
  let bytes = 0;
  const count = ({ encodedDataLength }: { readonly encodedDataLength: number }) => {
    bytes += encodedDataLength;
  };
  await cdp.send('Network.clearBrowserCache');
  cdp.on('Network.dataReceived', count);
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  const thereMs = await page.evaluate<number>('performance.now()');
  // Whatever is still to move or to run shows within half a second.
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 500))');
  cdp.off('Network.dataReceived', count);
  const { moved, tasks } = await page.evaluate<Seen>('window.seen');
  const busyUntil = Math.max(0, ...tasks.map(({ at, ms }) => at + ms));
  return {
    path,
    bytes,
    interactiveMs: Math.round(Math.max(thereMs, busyUntil)),
    moved,
    longTasks: tasks.length,
    longestMs: Math.round(Math.max(0, ...tasks.map(({ ms }) => ms))),
  };
}

async function openMeasured(page: Page, slowdown: number): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await page.addInitScript(WATCH);
  await cdp.send('Network.enable');
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return cdp;
}

describe.skipIf(executablePath === null)('the speed of the page', () => {
  test('nothing moves by itself, and every page can be used soon on a slow processor', {
    timeout: TIMEOUT_MS,
  }, async ({ hub }) => {
    const { stage, page } = await enter(hub, 'admin', '/settings');
    await using _ = stage;
    page.setDefaultTimeout(30_000);
    const cdp = await openMeasured(page, IS_MEASURED ? CPU_SLOWDOWN : 1);
    const loads: Load[] = [];
    for (const path of PLACES) loads.push(await load(page, cdp, path));
    if (IS_MEASURED) console.table(loads);
    expect(loads.filter(({ moved }) => moved.length > 0).map(({ path, moved }) => [path, moved])).toEqual([]);
    expect(loads.filter(({ interactiveMs }) => IS_MEASURED && interactiveMs > INTERACTIVE_MAX_MS)).toEqual([]);
  });
});
