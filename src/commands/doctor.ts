import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { CONNECTORS } from '../../connectors/index.ts';
import { type Config, PROJECT_FOLDER } from '../config.ts';
import { readAllowances } from '../hub/allowances.ts';
import { listConnections } from '../hub/connections.ts';
import { daysOf } from '../hub/day.ts';
import { loadMappings } from '../mapping/load.ts';
import { describeProblem } from '../mapping/problems.ts';
import { openServices } from '../services.ts';
import { quotaInWords } from './limits.ts';
import { failureInWords } from './sync.ts';

type Out = { write(text: string): unknown };
const OLDEST_POSTGRES = 160_000;

/** Looks at everything that a hub needs and says what is wrong and what to do; 0 when all is well. */
export async function doctor(config: Config, out: Out): Promise<number> {
  let bad = 0;
  const say = (ok: boolean, what: string): void => {
    bad += ok ? 0 : 1;
    out.write(`${ok ? 'ok  ' : 'BAD '} ${what}\n`);
  };
  say(true, `Node ${process.version}`);
  const mappings = await loadMappings(config.mappingsFolder, CONNECTORS);
  say(
    mappings.ok,
    mappings.ok
      ? `mappings in ${config.mappingsFolder}: ${mappings.mappings.byStream.size}`
      : `mappings:\n${mappings.problems.map(describeProblem).join('\n')}`,
  );
  const page = await access(join(PROJECT_FOLDER, 'src/admin/dist/index.html')).then(
    () => true,
    () => false,
  );
  say(page, page ? 'the settings page is built' : 'the settings page is not built. Run: npm run build');
  try {
    await using services = await openServices(config);
    const { rows } = await sql<{
      n: number;
      version: string;
    }>`select current_setting('server_version_num')::int as n, current_setting('server_version') as version`.execute(services.hub);
    const version = rows[0];
    say(
      (version?.n ?? 0) >= OLDEST_POSTGRES,
      `Postgres ${version?.version ?? 'unknown'} (${config.databaseUrl === null ? 'embedded' : 'DATABASE_URL'}), tables up to date`,
    );
    await (await services.queue()).ping();
    say(true, `the queue answers (${config.redisUrl === null ? 'Postgres' : 'Redis'})`);
    const days = await daysOf(services.hub, await readAllowances(services.hub));
    for (const connection of await listConnections(services.hub)) {
      const well = connection.state === 'ready' || connection.state === 'new';
      say(
        well,
        `connection ${connection.name}: ${connection.state}${connection.enabled ? '' : ', switched off'}${connection.reason === null ? '' : `. ${connection.reason}`}`,
      );
      const day = days.get(connection.id);
      if (day !== undefined) out.write(`     ${quotaInWords(day)}\n`);
    }
  } catch (error) {
    say(false, failureInWords(error));
  }
  return bad === 0 ? 0 : 1;
}
