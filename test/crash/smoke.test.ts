import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import type { Cell } from './cell.ts';
import { CELLS } from './cells.ts';
import { type Home, openHome } from './home.ts';
import { hasRedis } from './redis.ts';

// One of each kind; all of them are played by `npm run crash`.
const SHARED = [
  'carry out: kill -9 of the worker: creates done, no answer (HubSpot)',
  'moved: kill -9 of the server: edit committed, no answer',
  'observe: FLUSHALL: before their commit',
  'follow: SIGTERM under load (start): answers filed, not rolled up',
];
const OWN = ['reconcile: kill -9 of a Postgres backend: before the commit'];

const cellNamed = (name: string): Cell =>
  must(
    CELLS.find(({ step, blow, where }) => `${step}: ${blow}: ${where}` === name),
    name,
  );

describe.each([
  { what: 'whoever is struck down', names: SHARED },
  { what: 'whatever becomes of Postgres', names: OWN },
])('$what, the end is the same', { timeout: 180_000 }, ({ names }) => {
  let home: Home;
  beforeAll(async () => {
    home = await openHome();
  });
  afterAll(() => home[Symbol.asyncDispose]());

  test.concurrent.each(names)('%s', async (name) => {
    const cell = cellNamed(name);
    if (cell.needsRedis === true && !hasRedis() && process.env.CI !== 'true') {
      console.warn('left out: Redis struck down, because there is no redis-server on PATH');
      return;
    }
    await expect(cell.play(home)).resolves.toBeNull();
  });
});
