import { expect, test } from 'vitest';
import type { PlanSummary } from '../../src/hub/plans/plans.ts';
import { type Measured, progressOf } from '../../src/hub/plans/progress.ts';

const counted = (connection: string, operation: PlanSummary['counts'][number]['operation'], records: number) => ({
  connection,
  object: 'contact',
  operation,
  records,
});
const COUNTS = [counted('hs', 'create', 300), counted('hs', 'hold', 9), counted('sf', 'update', 100), counted('sf', 'unchanged', 50)];
const FORECAST = [
  { connection: 'hs', calls: 3, seconds: 30, latencyMs: 100, measured: true },
  { connection: 'sf', calls: 1, seconds: 8, latencyMs: 100, measured: true },
];
const measured = (connection: string, done: number, recent: number): Measured => ({
  connection,
  done,
  underWay: 0,
  recent,
  measuredS: 20,
  reason: null,
});

test('what is left takes as long as the last minute says, and where nothing was measured yet, as long as was foreseen', () => {
  const summary = { counts: COUNTS, forecast: FORECAST };
  expect(progressOf(summary, [], { goesOn: true })).toMatchObject({ total: 400, done: 0, secondsLeft: 38 });
  // 100 in 20 s are 5 a second: 40 s for 200 more, and the 8 that were foreseen for the other system.
  expect(progressOf(summary, [measured('hs', 100, 100)], { goesOn: true })).toMatchObject({ total: 400, done: 100, secondsLeft: 48 });
  expect(progressOf(summary, [measured('hs', 300, 100), measured('sf', 100, 0)], { goesOn: true })).toMatchObject({ secondsLeft: 0 });
});

test('nothing is foreseen of what stands still, and what is done is never more than there was to do', () => {
  const summary = { counts: COUNTS, forecast: FORECAST };
  expect(progressOf(summary, [measured('hs', 100, 100)], { goesOn: false }).secondsLeft).toBeNull();
  expect(progressOf({ counts: COUNTS, forecast: [] }, [], { goesOn: true }).secondsLeft).toBeNull();
  expect(progressOf(summary, [measured('sf', 130, 130)], { goesOn: true }).systems).toEqual([
    { connection: 'hs', total: 300, done: 0, underWay: 0, reason: null },
    { connection: 'sf', total: 100, done: 100, underWay: 0, reason: null },
  ]);
});
