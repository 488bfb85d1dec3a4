import { parseArgs } from 'node:util';
import type { Cell } from './cell.ts';
import { CELLS } from './cells.ts';
import { type Home, openHome } from './home.ts';
import { hasRedis } from './redis.ts';

/** How long all of it may take: what has not begun by then counts as failed. */
const LIMIT_MS = 14 * 60_000;
/** Most of a cell is waiting, so several are played at once. */
const AT_ONCE = 4;

type Result = { readonly cell: Cell; readonly ok: boolean; readonly told: string; readonly seconds: number };

async function play(cell: Cell, home: Home, began: number): Promise<Result> {
  const start = performance.now();
  const done = (ok: boolean, told: string): Result => ({ cell, ok, told, seconds: (performance.now() - start) / 1000 });
  if (start - began > LIMIT_MS) return done(false, 'not played: the time is up');
  if (cell.needsRedis === true && !hasRedis() && process.env.CI !== 'true') return done(true, 'left out: there is no redis-server');
  try {
    return done(true, (await cell.play(home)) ?? '');
  } catch (error) {
    return done(false, error instanceof Error ? error.message : String(error));
  }
}

/** Plays the cells on a Postgres of their own, so many at once, and says how each of them ended. */
async function playAll(cells: readonly Cell[], atOnce: number, began: number): Promise<readonly Result[]> {
  if (cells.length === 0) return [];
  await using home = await openHome();
  const results: Result[] = [];
  const left = [...cells];
  const lane = async (): Promise<void> => {
    for (let cell = left.shift(); cell !== undefined; cell = left.shift()) {
      const result = await play(cell, home, began);
      results.push(result);
      process.stderr.write(`${lineOf(result)}\n${result.ok ? '' : `${result.told}\n`}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

const lineOf = ({ cell, ok, told, seconds }: Result): string =>
  `| ${ok ? 'green' : 'RED'} | ${cell.step} | ${cell.blow} | ${cell.where} | ${seconds.toFixed(0)} s | ${told.split('\n')[0]} |`;

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = CELLS.filter(
  ({ step, blow, where }) => values.only === undefined || new RegExp(values.only).test(`${step}: ${blow}: ${where}`),
);
const began = performance.now();
const [shared, own] = [wanted.filter(({ ownPostgres }) => ownPostgres !== true), wanted.filter(({ ownPostgres }) => ownPostgres === true)];
const results = (await Promise.all([playAll(shared, AT_ONCE, began), playAll(own, 1, began)])).flat();
const ordered = wanted.flatMap((cell) => results.filter((one) => one.cell === cell));
process.stdout.write(`| | step | blow | where | took | note |\n|---|---|---|---|---|---|\n${ordered.map(lineOf).join('\n')}\n`);
const red = ordered.filter(({ ok }) => !ok).length;
process.stdout.write(`${ordered.length - red} of ${ordered.length} green in ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
process.exitCode = red === 0 ? 0 : 1;
