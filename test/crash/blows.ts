import { sql } from 'kysely';
import { must } from '../../src/kernel/must.ts';
import type { Blow } from './cell.ts';
import type { Running } from './processes.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** kill -9, and another process takes its place. What it had on the way is lost, or arrives when it is dead already. */
export const killProcess =
  (onTheWay: 'is lost' | 'arrives late' = 'is lost'): Blow =>
  async ({ stage, running, stop }) => {
    await running.signal('SIGKILL');
    stop.release(onTheWay === 'is lost' ? 'is lost' : 'goes on');
    if (onTheWay === 'arrives late') await arrived(stage, stop.on);
    await stage.letTimePass();
    await stage.start(running.half);
    return null;
  };

async function arrived(stage: Stage, on: RegExp): Promise<void> {
  const all = Object.values(stage.gates);
  await until('what was on the way arrives', () =>
    all.some(({ passed }) => passed.some(({ text, status }) => status !== null && on.test(text))),
  );
}

/** kill -9 of the Postgres process that serves one connection: Postgres ends all of them, recovers, and takes new ones by itself. */
export const killBackend: Blow = async ({ stage, running, stop }) => {
  const backends = async (): Promise<readonly number[]> => {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_stat_activity where datname = current_database() and application_name = 'syncline' and pid <> pg_backend_pid() order by pid`.execute(
      stage.hub,
    );
    return rows.map(({ pid }) => pid);
  };
  const victim = must((await backends())[0], 'a backend');
  process.kill(victim, 'SIGKILL');
  stop.release('is lost');
  // Until it has recovered, Postgres ends or refuses every connection.
  await until('Postgres has recovered', async () => (await backends().catch(() => [victim])).includes(victim) === false);
  return goOn(stage, running);
};

/** kill -9 of the whole of Postgres; an operator starts it again. */
export const killPostgres: Blow = async ({ stage, running, stop, home }) => {
  await home.killPostmaster();
  stop.release('is lost');
  await home.startAgain();
  await until('Postgres answers again', () => answers(stage));
  return goOn(stage, running);
};

const answers = (stage: Stage): Promise<boolean> =>
  sql`select 1`.execute(stage.hub).then(
    () => true,
    () => false,
  );

/** What is not dead has to get on by itself; who has ended is started again, as its keeper would. */
export async function goOn(stage: Stage, running: Running): Promise<string | null> {
  await stage.letTimePass();
  if (!running.hasEnded()) return null;
  await stage.start(running.half);
  return 'the process ended, and was started again';
}
