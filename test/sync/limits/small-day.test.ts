import { sql } from 'kysely';
import { expect, onTestFinished } from 'vitest';
import { manifest } from '../../../connectors/surveymonkey/manifest.ts';
import { surveymonkeyHands, surveymonkeySandbox } from '../../../connectors/surveymonkey/sandbox/index.ts';
import { dueConnections } from '../../../src/hub/connections.ts';
import type { Hub } from '../../../src/hub/database.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { must } from '../../../src/kernel/must.ts';
import { makeTown } from '../../../src/sandbox/people.ts';
import { openSandbox } from '../../../src/sandbox/sandbox.ts';
import { connect, setEnabled } from '../../../src/sync/connecting/connect.ts';
import { Pace } from '../../../src/sync/limits/pace.ts';
import { storedAllowance } from '../../../src/sync/limits/stored-allowance.ts';
import { tend } from '../../../src/sync/tend.ts';
import { test } from '../../support/database.ts';
import { openEngine } from '../../support/stage.ts';
import { openWoundHub, type WoundHub } from '../../support/wound.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const SURVEYS = 20;

/** An account of a private app, with its own 500 calls a day, connected to a hub whose time is wound. */
async function openAccount(wound: WoundHub) {
  const open = await openSandbox(surveymonkeySandbox, {
    town: makeTown({ seed: 1, people: 40 }),
    now: wound.clock.now,
    switches: { webhooksByThemselves: false },
  });
  onTestFinished(() => open.close());
  const hands = surveymonkeyHands(open.sandbox);
  while (hands.surveys.all().length < SURVEYS) {
    const id = hands.surveys.add(`Survey ${hands.surveys.all().length}`, { pages: 1, questionsPerPage: 1 });
    hands.collectors.add(id, { type: 'weblink', name: 'Web' });
  }
  // What the engine does beside its work, such as keeping its lease, goes by the time of this machine; whoever waits for his turn lets the day pass.
  const engine = { ...(await openEngine(wound.hub)), clock: { ...systemClock, now: wound.clock.now } };
  const auth = { kind: 'token', values: { token: surveymonkeySandbox.credentials.token } };
  const connected = await connect(engine, { connector: 'surveymonkey', name: 'sm', origin: open.origin, auth, settings: {} });
  if (!connected.ok) throw new Error(connected.message);
  const account = { connectionId: connected.id, name: 'sm', day: manifest.day, holder: 'this process' };
  engine.paces.set(connected.id, new Pace(manifest.pace, wound.clock, storedAllowance(wound.hub, account)));
  await setEnabled(engine, 'sm', true);
  return { open, hands, engine };
}

async function states(hub: Hub): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; state: string }>`select remote_id as id, keys ->> 'status' as state from response`.execute(hub);
  return new Map(rows.map(({ id, state }) => [id, state]));
}

test('a day of twenty surveys that people answer all day long fits into half of the 500 calls of its app, and nothing is seen late', async ({
  database,
}) => {
  await using wound = await openWoundHub(database.url);
  const { open, hands, engine } = await openAccount(wound);
  const signal = AbortSignal.timeout(120_000);
  const idOf = (id: string): string =>
    `${
      must(
        hands.all().find((one) => one.id === id),
        id,
      ).surveyId
    }:${id}`;
  const waiting = new Map<string, number>();
  const delays: number[] = [];
  const errors: unknown[] = [];

  /** A minute of the hub's life. */
  async function minute(): Promise<void> {
    const before = open.calls();
    for (const id of await dueConnections(wound.hub)) {
      const tended = await tend(engine, id, { signal });
      if (tended?.error != null) errors.push(tended.error);
    }
    if (open.calls() > before && waiting.size > 0) {
      const held = await states(wound.hub);
      for (const [id, atMs] of waiting) {
        if (!held.has(id)) continue;
        delays.push(wound.ms() - atMs);
        waiting.delete(id);
      }
    }
    await wound.wind(MINUTE_MS);
  }

  // The first load, and what is left of its day.
  await minute();
  await wound.wind(DAY_MS - (wound.ms() % DAY_MS));
  const old = must(
    hands.all().find(({ status, mode }) => status === 'completed' && mode === 'default'),
    'an old response',
  );
  const doomed = must(
    hands.all().findLast(({ mode }) => mode === 'default'),
    'another',
  );
  const doomedId = idOf(doomed.id);
  const start = wound.ms();
  const calls = open.calls();
  let partial: string | null = null;
  for (let nth = 0; wound.ms() < start + DAY_MS; nth += 1) {
    if (nth % 20 === 3) {
      const survey = must(hands.surveys.all()[((nth / 20) % SURVEYS) | 0], 'a survey');
      waiting.set(idOf(hands.answer({ surveyId: survey.id, comment: `Answer ${nth}` })), wound.ms());
    }
    if (nth === 400) partial = hands.answer({ surveyId: must(hands.surveys.all()[0], 'a survey').id, nps: 9, status: 'partial' });
    if (nth === 410) hands.complete(must(partial, 'it'), { comment: 'Done.' });
    if (nth === 500) hands.edit(old.id, { comment: 'On second thoughts' });
    if (nth === 200) hands.erase(doomed.id);
    await minute();
  }
  expect(errors).toEqual([]);
  // The half of the app's 500 that a connection is given unless somebody gives it more; and it is used.
  expect(open.calls() - calls).toBeLessThanOrEqual(250);
  expect(open.calls() - calls).toBeGreaterThan(150);
  expect(delays.length).toBeGreaterThan(60);
  expect(Math.max(...delays)).toBeLessThan(HOUR_MS);
  const held = await states(wound.hub);
  expect(held.get(idOf(must(partial, 'it')))).toBe('completed');
  expect(held.has(doomedId)).toBe(false);
  const { rows } = await sql<{ answers: string }>`select answers::text from response where remote_id = ${idOf(old.id)}`.execute(wound.hub);
  expect(rows[0]?.answers).toContain('On second thoughts');
  const there = hands.all().filter(({ mode }) => !mode.endsWith('preview'));
  expect(there.filter(({ id }) => !held.has(idOf(id)) && !waiting.has(idOf(id)))).toEqual([]);
}, 120_000);
