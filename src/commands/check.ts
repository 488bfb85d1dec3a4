import type { Command } from 'commander';
import { listConnections } from '../hub/connections/connections.ts';
import type { Completeness } from '../hub/views/completeness.ts';
import type { Services } from '../services.ts';
import { checkCompleteness } from '../sync/check/check-completeness.ts';
import { withAdvice } from '../sync/connecting/connect.ts';

type Options = { sample: string; sampleOnly?: boolean; json?: boolean };

/** `syncline check`. */
export function addCheck(
  program: Command,
  run: (work: (services: Services) => Promise<number>) => Promise<void>,
  stop: () => AbortSignal,
): void {
  program
    .command('check [connection]')
    .description('compare both sides: every id, and the values of a sample; of one connection, or of all that are enabled')
    .option('--sample <n>', 'how many records of each object are read and compared', '100')
    .option('--sample-only', 'leave the ids to the daily sweep')
    .option('--json')
    .action((connection: string | undefined, options: Options) =>
      run((services) => checkCommand(services, connection, { ...options, signal: stop() })),
    );
}

/** The exit code is 1 where a gap was found, or a connection could not be checked. */
async function checkCommand(
  { engine, hub }: Services,
  connection: string | undefined,
  options: Options & { signal: AbortSignal },
): Promise<number> {
  const sample = Number(options.sample);
  if (!Number.isInteger(sample) || sample < 0) return refuse('--sample takes a whole number.');
  const names =
    connection === undefined ? (await listConnections(hub)).filter(({ enabled }) => enabled).map(({ name }) => name) : [connection];
  let code = 0;
  for (const name of names) {
    const result = await checkCompleteness(engine, name, {
      signal: options.signal,
      sample,
      everyId: options.sampleOnly !== true,
    });
    if (result === null) return refuse(`There is no connection "${name}".`);
    if (!result.ok) {
      code = refuse(`${name}: ${withAdvice(result.error)}`);
      continue;
    }
    if (options.json === true) process.stdout.write(`${JSON.stringify({ connection: name, objects: result.found })}\n`);
    else for (const found of result.found) process.stdout.write(asText(name, found));
    if (result.found.some(({ complete }) => !complete)) code = 1;
  }
  return code;
}

function refuse(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}

function asText(connection: string, found: Completeness): string {
  const { missingHere, missingThere, differing } = found;
  const lines = [
    `${connection} ${found.object}: ${found.there} there, ${found.linked} linked, ${found.held} wait for a person, ${found.leftOut} left out; ${found.sampled} compared${found.moved === 0 ? '' : `, ${found.moved} moved meanwhile`}`,
    found.complete ? '  complete' : '  not complete',
  ];
  if (missingHere.count > 0) lines.push(`  missing here (${missingHere.count}): ${missingHere.ids.join(', ')}`);
  if (missingThere.count > 0)
    lines.push(`  missing there (${missingThere.count}): ${[...missingThere.ids, ...missingThere.records].join(', ')}`);
  if (differing.count > 0)
    lines.push(
      `  differing (${differing.count}): ${Object.entries(differing.fields)
        .map(([id, fields]) => `${id} (${fields.join(', ')})`)
        .join('; ')}`,
    );
  return `${lines.join('\n')}\n`;
}
