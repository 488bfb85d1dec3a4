import { expect, onTestFinished } from 'vitest';
import { heardIn } from '../../../connectors/hubspot/http/limits.ts';
import { manifest } from '../../../connectors/hubspot/manifest.ts';
import { hubspotSandbox } from '../../../connectors/hubspot/sandbox/index.ts';
import { saveConnection } from '../../../src/hub/connections/connections.ts';
import { setDailyShare, usageSince } from '../../../src/hub/limits/allowances.ts';
import { makeTown } from '../../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox } from '../../../src/sandbox/sandbox.ts';
import type { Allowance } from '../../../src/sync/limits/allowance.ts';
import type { Lane } from '../../../src/sync/limits/lanes.ts';
import { Pace } from '../../../src/sync/limits/pace.ts';
import { storedAllowance } from '../../../src/sync/limits/stored-allowance.ts';
import { test } from '../../support/database.ts';
import { openWoundHub, type WoundHub } from '../../support/wound.ts';

const { signal } = new AbortController();
const LATENCY_MS = 20;

/** A portal whose limits are counted in the time that is wound, and processes that share one connection to it. */
async function openPortal(wound: WoundHub, switches: Readonly<Record<string, number>> = {}) {
  const portal = await openSandbox(hubspotSandbox, { town: makeTown({ seed: 1, people: 3 }), now: wound.clock.now, switches });
  onTestFinished(() => portal.close());
  const account = { id: '1', name: 'one', timeZone: 'Europe/Berlin' };
  const id = await saveConnection(wound.hub, { connector: 'hubspot', name: 'hs', origin: portal.origin, settings: {}, account });
  const process = (name: string) =>
    new Pace(manifest.pace, wound.clock, storedAllowance(wound.hub, { connectionId: id, name: 'hs', day: manifest.day, holder: name }));
  return { portal, id, process };
}

/** One call, let through by the pace, that takes its time on the way; its status, and when it arrived. */
async function callOnce(wound: WoundHub, portal: OpenSandbox, pace: Pace, lane: Lane = 'live'): Promise<{ status: number; atMs: number }> {
  const turn = await pace.turn(signal, undefined, lane);
  const answered = turn.sending();
  await wound.wind(LATENCY_MS / 2);
  const atMs = wound.ms();
  const answer = await fetch(`${portal.origin}/crm/v3/objects/contacts?limit=1`, { headers: { authorization: 'Bearer pat-eu1-sandbox' } });
  await answer.arrayBuffer();
  await wound.wind(LATENCY_MS / 2);
  pace.heard(heardIn(answer));
  answered();
  return { status: answer.status, atMs };
}

const most = (times: readonly number[], perMs: number): number =>
  Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + perMs).length));

test('under backlog processes that take over from each other use 85 % of what the vendor allows, and never more than all of it', async ({
  database,
}) => {
  await using wound = await openWoundHub(database.url);
  const { portal, process } = await openPortal(wound);
  const start = wound.ms();
  const calls: { status: number; atMs: number }[] = [];
  for (let takeover = 0; takeover < 12; takeover += 1) {
    // Whoever was at it before is gone without a word.
    const pace = process(`process ${takeover}`);
    for (const until = wound.ms() + 5_000; wound.ms() < until; ) calls.push(await callOnce(wound, portal, pace, 'backfill'));
  }
  const allowed = ((wound.ms() - start) / 10_000) * 190;
  expect(calls.filter(({ status }) => status !== 200)).toEqual([]);
  expect(
    most(
      calls.map(({ atMs }) => atMs),
      10_000,
    ),
  ).toBeLessThanOrEqual(190);
  expect(calls.length / allowed).toBeGreaterThanOrEqual(0.85);
});

test('one that works on and on uses more than 90 %, in whichever lane', async ({ database }) => {
  await using wound = await openWoundHub(database.url);
  const { portal, process } = await openPortal(wound);
  const pace = process('one');
  await callOnce(wound, portal, pace);
  for (const lane of ['live', 'backfill'] as const) {
    await wound.wind(10_000);
    const start = wound.ms();
    let made = 0;
    for (; wound.ms() < start + 40_000; made += 1) expect((await callOnce(wound, portal, pace, lane)).status).toBe(200);
    const used = made / (((wound.ms() - start) / 10_000) * 190);
    expect(used, lane).toBeGreaterThanOrEqual(0.9);
    expect(used, lane).toBeLessThanOrEqual(1.0);
  }
});

test('a live call finds room at any moment of a backlog', async ({ database }) => {
  await using wound = await openWoundHub(database.url);
  const { portal, process } = await openPortal(wound);
  const pace = process('one');
  for (let made = 0; made < 600; made += 1) {
    await callOnce(wound, portal, pace, made % 2 === 0 ? 'backfill' : 'audit');
    if (made % 97 !== 96) continue;
    const before = wound.ms();
    expect((await callOnce(wound, portal, pace)).status).toBe(200);
    expect(wound.ms() - before).toBe(LATENCY_MS);
  }
});

test('what others use is seen, and left to them', async ({ database }) => {
  await using wound = await openWoundHub(database.url);
  const { portal, process } = await openPortal(wound);
  const pace = process('one');
  const stranger = { headers: { authorization: 'Bearer pat-eu1-sandbox' } };
  const statuses: number[] = [];
  let strangers = 0;
  const start = wound.ms();
  for (let tick = 0; wound.ms() < start + 30_000; tick += 1) {
    statuses.push((await callOnce(wound, portal, pace)).status);
    // Somebody else with the same key, about as busy.
    if (tick % 2 === 0) await fetch(`${portal.origin}/crm/v3/objects/contacts?limit=1`, stranger);
    if (tick % 2 === 0) strangers += 1;
  }
  expect(strangers).toBeGreaterThan(100);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
});

test('a limit that the vendor says is smaller than the manifest has it is kept', async ({ database }) => {
  await using wound = await openWoundHub(database.url);
  const { portal, process } = await openPortal(wound, { burstPer10s: 100 });
  const pace = process('one');
  const calls: { status: number; atMs: number }[] = [];
  for (const until = wound.ms() + 30_000; wound.ms() < until; ) calls.push(await callOnce(wound, portal, pace));
  expect(calls.filter(({ status }) => status !== 200)).toEqual([]);
  expect(calls.length).toBeGreaterThan(0.85 * 300);
});

test("the day's share is used up to the last call by whoever makes them, told with when there is more, and there is more then", async ({
  database,
}) => {
  await using wound = await openWoundHub(database.url);
  const { portal, process } = await openPortal(wound, { dailyLimit: 200 });
  const paces = [process('one'), process('two')];
  let made = 0;
  const exhaust = async (): Promise<unknown> => {
    for (;;) {
      try {
        expect((await callOnce(wound, portal, paces[made % 2] as Pace)).status).toBe(200);
        made += 1;
      } catch (error) {
        return error;
      }
    }
  };
  expect(await exhaust()).toMatchObject({
    kind: 'quota_spent',
    code: 'SHARE_SPENT',
    retryAfterMs: Date.parse('2026-11-22T23:00:00Z') - wound.ms(),
  });
  // What a process has taken ahead and not used is given back at the end of its work.
  for (const pace of paces) await pace.settle();
  await exhaust();
  for (const pace of paces) await pace.settle();
  expect(made).toBeLessThanOrEqual(100);
  expect(made).toBeGreaterThanOrEqual(90);
  await wound.wind(Date.parse('2026-11-22T23:00:00Z') - wound.ms());
  expect((await callOnce(wound, portal, paces[0] as Pace)).status).toBe(200);
});

test('the last call of a share that is at hand is made, also when a narrower limit has to be asked for before it', async ({ database }) => {
  await using wound = await openWoundHub(database.url);
  const { portal, id, process } = await openPortal(wound, { dailyLimit: 60 });
  await setDailyShare(wound.hub, id, 10);
  const pace = process('one');
  for (let made = 0; made < 5; made += 1) expect((await callOnce(wound, portal, pace)).status).toBe(200);
  (await pace.turn(signal, 'search')).sending()();
  await expect(pace.turn(signal, 'search')).rejects.toMatchObject({ kind: 'quota_spent', code: 'SHARE_SPENT' });
  await pace.settle();
  expect((await usageSince(wound.hub, [{ connectionId: id, sinceMs: 0 }])).get(id)?.calls).toBe(6);
});

test('a call of a narrow limit is made, however late the database answers', async ({ database }) => {
  await using wound = await openWoundHub(database.url);
  const { id } = await openPortal(wound);
  const stored = storedAllowance(wound.hub, { connectionId: id, name: 'hs', day: manifest.day, holder: 'one' });
  let asked = 0;
  const late: Allowance = {
    ahead: true,
    take: async (...question) => {
      asked += 1;
      if (asked > 20) throw new Error('asked again and again');
      const answer = await stored.take(...question);
      await wound.wind(100);
      return answer;
    },
  };
  const pace = new Pace(manifest.pace, wound.clock, late);
  for (let made = 0; made < 5; made += 1) (await pace.turn(signal, 'search')).sending()();
});
