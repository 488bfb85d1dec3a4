import { type Cell, reached, type Spot, type Step, setStopOn } from './cell.ts';
import type { Home } from './home.ts';
import { judge, stirred } from './judge.ts';
import { openStage } from './stage.ts';
import { twinOf } from './twin.ts';

const NOTE = (whose: string) => new RegExp(`update link l set sent = s\\.sent[^]*${whose}`);

const SPOTS: readonly (Spot & { readonly step: Step; readonly where: string })[] = [
  { step: 'observe', where: 'with a page on its way', gate: 'hubspot', on: /^POST .*contacts\/search /, when: 'after' },
  { step: 'reconcile', where: 'in the middle of its transaction', gate: 'postgres', on: /insert into change \(/, when: 'after' },
  { step: 'carry out', where: 'creates noted, not sent (HubSpot)', gate: 'postgres', on: NOTE('New 0'), when: 'after commit' },
  { step: 'carry out', where: 'creates noted, not sent (Salesforce)', gate: 'postgres', on: NOTE('Quay 0'), when: 'after commit' },
  { step: 'carry out', where: 'updates noted, not sent (HubSpot)', gate: 'postgres', on: NOTE('Moved 0'), when: 'after commit' },
  { step: 'carry out', where: 'updates noted, not sent (Salesforce)', gate: 'postgres', on: NOTE('Promoted 0'), when: 'after commit' },
  {
    step: 'carry out',
    where: 'creates done, answer on its way (HubSpot)',
    gate: 'hubspot',
    on: /^POST .*contacts\/batch\/create /,
    when: 'after',
  },
  {
    step: 'carry out',
    where: 'creates done, answer on its way (Salesforce)',
    gate: 'salesforce',
    on: /^POST .*composite\/sobjects .*Quay 0/,
    when: 'after',
  },
];

/**
 * A worker sleeps for longer than its lease and wakes in the middle of a step, while another one has done its work. No vendor refuses the same
 * create twice here, so that only the fence is between the two.
 */
async function oversleep(home: Home, spot: Spot): Promise<string | null> {
  const twin = await twinOf(home);
  await using stage = await openStage({ database: await home.database(), postgres: () => home.url(), uniqueId: false });
  await stage.settleHere();
  stage.live();
  const stop = setStopOn(stage, spot);
  const sleeper = await stage.start('work');
  await reached(stop, sleeper, spot);
  await sleeper.signal('SIGSTOP');
  // What it waits for lies before it when it wakes.
  stop.release('goes on');
  const other = await stage.start('work', { ungated: true });
  await stage.untilSettled();
  if ((await other.signal('SIGTERM')) !== 0) throw new Error(`the other worker did not end well: ${other.said()}`);
  const before = await stirred(stage);
  await sleeper.signal('SIGCONT');
  await stage.untilSettled();
  const after = await stirred(stage);
  await judge(stage, twin);
  if (after.writes !== before.writes) throw new Error(`woken, it sent ${after.writes - before.writes} more writes to the vendors`);
  const code = await sleeper.signal('SIGTERM');
  if (code !== 0) throw new Error(`woken, it ended with ${code}: ${sleeper.said()}`);
  return null;
}

/** Sleep for longer than the lease, on each step: whatever the woken worker still had in hand is fenced. */
export const SLEEPER_CELLS: readonly Cell[] = SPOTS.map((spot) => ({
  step: spot.step,
  blow: 'kill -STOP of the worker beyond its lease, kill -CONT',
  where: spot.where,
  play: (home) => oversleep(home, spot),
}));
