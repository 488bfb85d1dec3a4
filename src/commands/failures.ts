import type { Command } from 'commander';
import { CAUSE_IDS, isCauseId } from '../causes/causes.ts';
import { type Language, languageOf } from '../causes/languages.ts';
import { sayCause } from '../causes/say.ts';
import type { Hub } from '../hub/database.ts';
import { listConnections } from '../hub/views/connections.ts';
import { listFailures, listLinks } from '../hub/views/failures.ts';
import { listHolds } from '../hub/views/holds.ts';
import { systemsById } from '../hub/views/systems.ts';
import type { Services } from '../services.ts';
import { actOnFailures, type FailureAction } from '../sync/failures/dead-letters.ts';

type Options = { cause?: string; retry?: boolean; skip?: boolean; exclude?: boolean; language?: string; json?: boolean };
const SHOWN = 50;
const MOST_CONNECTIONS = 1000;

/** `syncline failures`. */
export function addFailures(program: Command, run: (work: (services: Services) => Promise<number>) => Promise<void>): void {
  program
    .command('failures')
    .description('what is failing or held, by cause, and what to do about it')
    .option('--cause <id>', 'the records that one cause concerns')
    .option('--retry', 'with --cause: try all of them again now')
    .option('--skip', 'with --cause: leave each of them until its record changes')
    .option('--exclude', 'with --cause: take all of them out of the sync')
    .option('--language <language>', 'en, ja, or th', 'en')
    .option('--json')
    .action((options: Options) => run((services) => failuresCommand(services, options)));
}

async function failuresCommand(services: Services, options: Options): Promise<number> {
  const actions = (['retry', 'skip', 'exclude'] as const).filter((action) => options[action] === true);
  const [action] = actions;
  if (actions.length > 1 || (action !== undefined && options.cause === undefined))
    return refuse('Choose one of --retry, --skip, and --exclude, and name the cause: --cause <id>.');
  if (options.cause === undefined) return showGroups(services, options);
  if (!isCauseId(options.cause)) return refuse(`There is no cause "${options.cause}". There are: ${CAUSE_IDS.join(', ')}.`);
  return action === undefined ? showLinks(services, options.cause, options) : act(services, options.cause, action);
}

function refuse(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}

async function act({ engine }: Services, cause: (typeof CAUSE_IDS)[number], action: FailureAction): Promise<number> {
  const done = await actOnFailures(engine, { cause }, action, 'the command line');
  process.stdout.write(`${action}: ${done} ${done === 1 ? 'link' : 'links'}\n`);
  return 0;
}

async function showGroups({ hub }: Services, options: Options): Promise<number> {
  const groups = await listFailures(hub, await systemsById(hub), {});
  const said = groups.map(({ cause, ...group }) => ({
    ...group,
    cause: sayCause(cause, languageIn(options), { system: group.example.system }),
  }));
  if (options.json === true) process.stdout.write(`${JSON.stringify(said)}\n`);
  else {
    const connections = await troubles(hub, languageIn(options));
    for (const line of connections) process.stdout.write(`${line}\n`);
    if (said.length + connections.length === 0) process.stdout.write('Nothing is failing, and nothing is held.\n');
  }
  for (const { cause, links, holds, givenUp, nextTryAt } of options.json === true ? [] : said) {
    const given = givenUp === 0 ? '' : `, ${givenUp} given up`;
    const next = nextTryAt === null ? '' : `, next try ${nextTryAt}`;
    process.stdout.write(`${cause.id}: ${links} links${given}, ${holds} open holds${next}\n  ${cause.text}\n  ${cause.advice}\n`);
  }
  return 0;
}

/** Connections that do not work, and objects that stand still by themselves: what is wrong, in the vendor's words too, and the step that repairs it. */
async function troubles(hub: Hub, language: Language): Promise<readonly string[]> {
  const { items } = await listConnections(hub, { after: null, limit: MOST_CONNECTIONS });
  const standing = items
    .filter(({ enabled }) => enabled)
    .flatMap((connection) => [
      { ...connection, what: connection.name },
      ...connection.streams
        .filter(({ enabled }) => enabled)
        .map((stream) => ({ ...stream, name: connection.name, what: `${connection.name} ${stream.object}` })),
    ]);
  return standing.flatMap(({ what, name, cause, reason }) => {
    if (cause === null) return [];
    const { text, advice } = sayCause(cause, language, { system: name });
    return [`${what}: ${text}\n  ${reason ?? ''}\n  ${advice}`];
  });
}

async function showLinks({ hub, engine }: Services, cause: (typeof CAUSE_IDS)[number], options: Options): Promise<number> {
  const around = { model: engine.mappings.model, systems: await systemsById(hub) };
  const { items, last } = await listLinks(hub, around, { cause }, { after: null, limit: SHOWN });
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(items)}\n`);
    return 0;
  }
  const { text, advice } = sayCause(cause, languageIn(options));
  process.stdout.write(`${text}\n${advice}\n`);
  for (const link of items) {
    const next = link.nextTryAt === null ? '' : ` Next try ${link.nextTryAt}.`;
    process.stdout.write(
      `  ${link.id} ${link.recordTitle}, ${link.connection.name} ${link.remoteId ?? '(not there yet)'}: ${link.reason ?? link.state}${next}\n`,
    );
  }
  const held = await listHolds(hub, around, { state: 'open', cause }, { after: null, limit: SHOWN });
  for (const { id, connection, reason } of held.items) process.stdout.write(`  ${id} ${connection?.name ?? 'the hub'}: ${reason}\n`);
  if (last !== null || held.last !== null) process.stdout.write(`  and more; --json and the API tell all.\n`);
  return 0;
}

const languageIn = ({ language }: Options): Language => languageOf(language);
