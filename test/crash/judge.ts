import { sql } from 'kysely';
import { must } from '../../src/kernel/must.ts';
import { differences, strayValues } from './chronicle.ts';
import type { Stage } from './stage.ts';
import { hubPicture, type Twin } from './twin.ts';

/** Throws with all that is wrong: another end than the twin's, a value on the way that was neither old nor intended, or no silence afterwards. */
export async function judge(stage: Stage, twin: Twin): Promise<void> {
  const wrong = [
    ...differences(stage.picture(), twin.picture),
    ...differences(await hubPicture(stage), twin.hub),
    ...strayValues(stage.chronicle, twin.picture),
  ];
  if (wrong.length > 0)
    throw new Error(`${wrong.length} wrong: ${wrong.slice(0, 8).join('; ')}\n${stage.running.map(({ said }) => said()).join('\n')}`);
  await keepsSilent(stage);
}

/** Throws when something is still written although all is done. */
export async function keepsSilent(stage: Stage): Promise<void> {
  const before = await stirred(stage);
  await stage.untilSettled();
  await stage.untilSettled();
  const after = await stirred(stage);
  if (after.writes !== before.writes || after.changes !== before.changes)
    throw new Error(`not silent afterwards: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
}

/** Everything that was written so far, over there and here. */
export async function stirred({ hub, gates }: Stage): Promise<{ writes: number; changes: number }> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from change`.execute(hub);
  const writes = Object.values(gates).reduce((sum, { passed }) => sum + passed.filter((one) => one.writes).length, 0);
  return { writes, changes: Number(must(rows[0], 'a count').n) };
}
