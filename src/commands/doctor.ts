import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { CONNECTORS } from '../../connectors/index.ts';
import { type Config, PROJECT_FOLDER } from '../config.ts';
import { listConnections } from '../hub/connections/connections.ts';
import type { Finding } from '../hub/examination.ts';
import { readAllowances } from '../hub/limits/allowances.ts';
import { daysOf } from '../hub/limits/day.ts';
import { loadMappings } from '../mapping/load.ts';
import { describeProblem } from '../mapping/problems.ts';
import { openServices } from '../services.ts';
import { examine } from './examine.ts';
import { quotaInWords } from './limits.ts';
import { failureInWords } from './sync.ts';

type Out = { write(text: string): unknown };

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
    // Nobody need be working while a doctor looks.
    const { findings } = await examine(services);
    for (const finding of findings) if (!HERE_OTHERWISE.has(finding.check)) say(finding.ok, inWords(finding));
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

const HERE_OTHERWISE: ReadonlySet<Finding['check']> = new Set(['workers', 'connections']);

function inWords({ check, ok, figure }: Finding): string {
  switch (check) {
    case 'database':
      return `${figure}, tables up to date${ok ? '' : '. It must be 16 or newer'}`;
    case 'clock':
      return `the clocks of this machine and the database differ by ${figure} ms${ok ? '' : '. Set them right: codes of second factors depend on it'}`;
    case 'queue':
      return `the queue ${ok ? 'answers' : 'does not answer'} (${figure})`;
    case 'keys':
      return ok
        ? 'SYNCLINE_KEY opens all credentials'
        : `SYNCLINE_KEY does not open ${figure} credentials. Start with the key that sealed them`;
    case 'disk':
      return figure === '' ? 'the database keeps its disk elsewhere' : `${Math.floor(Number(figure) / 1024 ** 3)} GB free for the database`;
    default:
      return `${check}: ${figure}`;
  }
}
