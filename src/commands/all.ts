import type { Command } from 'commander';
import { PROJECT_FOLDER, readConfig } from '../config.ts';
import { PERIODS } from '../hub/views/metrics.ts';
import { type Opening, openServices, type Services } from '../services.ts';
import { bench } from './bench/bench.ts';
import { type BrakeWish, brakesCommand } from './brakes.ts';
import { addCheck } from './check.ts';
import { addChoices } from './choices.ts';
import { addConnect } from './connect.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { enableCommand } from './enable.ts';
import { eraseCommand } from './erase.ts';
import { type ExplainOptions, explainCommand } from './explain.ts';
import { addFailures } from './failures.ts';
import { feedbackMetricsCommand, type MetricsOptions } from './feedback-metrics.ts';
import { addImport } from './import.ts';
import { addKeys } from './keys.ts';
import { limitsCommand } from './limits.ts';
import { addMapping } from './mapping-commands.ts';
import { mergeCommand, unmergeCommand } from './merge.ts';
import { newConnector } from './new-connector.ts';
import { addPlanCommands } from './plan-commands.ts';
import { archiveCommand, personalIdCommand, restoreCommand } from './presence.ts';
import { addProvision } from './provision.ts';
import { addRhythm } from './rhythm.ts';
import { addSandbox } from './sandbox.ts';
import { schemaCommand } from './schema.ts';
import { freshDatabase } from './scratch.ts';
import { addSegments } from './segments.ts';
import { start } from './start.ts';
import { syncUntilQuietCommand } from './sync.ts';
import { addUndoCommands } from './undo.ts';
import { addUsers } from './users.ts';
import { addWebhook } from './webhook.ts';

/** Aborted by Ctrl-C or SIGTERM. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  return stop.signal;
}

async function withServices(work: (services: Services) => Promise<number>, opening?: Opening): Promise<void> {
  await using services = await openServices(readConfig(process.env), opening);
  process.exitCode = await work(services);
}

async function exitWith(code: Promise<number>): Promise<void> {
  process.exitCode = await code;
}

const printLine = (line: string): void => void process.stdout.write(`${line}\n`);

/** Every command of `syncline`, with its options. */
export function addCommands(program: Command): void {
  addConnect(program, withServices, stopSignal);
  program
    .command('enable <connections...>')
    .description('switch connections on')
    .option('--object <object>', 'one object alone, such as contact')
    .option('--shadow', 'read and report what would be done, and do nothing')
    .action((names: string[], options: { object?: string; shadow?: boolean }) =>
      withServices((services) =>
        enableCommand(services, names, { enabled: options.shadow === true ? 'shadow' : true, object: options.object }),
      ),
    );
  program
    .command('disable <connections...>')
    .description('switch connections off')
    .option('--object <object>', 'one object alone, such as contact')
    .action((names: string[], options: { object?: string }) =>
      withServices((services) => enableCommand(services, names, { enabled: false, object: options.object })),
    );
  addRhythm(program, withServices);
  addPlanCommands(program, { withServices, stopSignal });
  program
    .command('sync')
    .description('sync in the foreground')
    .option('--until-quiet', 'end when nothing moves any more')
    .option('--json', 'print a summary as JSON on the last line')
    .action((options: { json?: boolean }) =>
      withServices((services) =>
        syncUntilQuietCommand(services, { json: options.json === true, signal: stopSignal(), out: process.stderr }),
      ),
    );
  const halves = {
    start: [true, true, 'serve and work in one process'],
    serve: [true, false, 'HTTP and the settings page alone'],
    work: [false, true, 'the workers alone'],
  } as const;
  for (const [name, [serves, works, about]] of Object.entries(halves)) {
    program
      .command(name)
      .description(about)
      .action(() => withServices((services) => start(services, { serves, works }, stopSignal())));
  }
  program
    .command('demo')
    .description('the main job in sandboxes, with nothing else at hand')
    .option('--once', 'end when quiet, with a summary as JSON on the last line')
    .action(async (options: { once?: boolean }) => {
      const signal = stopSignal();
      await using scratch = await freshDatabase(readConfig(process.env));
      await using services = await openServices(scratch.config, { temporary: true });
      process.exitCode = await demo(services, { once: options.once === true, signal });
    });
  program
    .command('explain <object> <who>')
    .description('why a record holds what it holds; <who> is an e-mail, phone, hub id, or remote id')
    .option('--field <field>', 'one field alone')
    .option('--at <time>', 'as it was then, such as 2026-11-22T08:00:00Z')
    .option('--since <time>', 'what has changed since then, up to now or to --at')
    .option('--json')
    .action((object: string, who: string, options: ExplainOptions) =>
      withServices((services) => explainCommand(services, { object, who }, options)),
    );
  addImport(program, withServices, stopSignal);
  addUndoCommands(program, { withServices, stopSignal });
  addWebhook(program, withServices);
  addProvision(program, withServices, stopSignal);
  addFailures(program, withServices);
  addChoices(program, { withServices, stopSignal });
  addSegments(program, { withServices, stopSignal });
  addCheck(program, withServices, stopSignal);
  program
    .command('bench')
    .description('measure against a floor in the same run')
    .option('--contacts <n>', 'how many', '100000')
    .action(async (options: { contacts: string }) => {
      const signal = stopSignal();
      await using scratch = await freshDatabase(readConfig(process.env));
      await using services = await openServices(scratch.config, { temporary: true });
      process.stdout.write(
        `${JSON.stringify(await bench(services, { contacts: Number(options.contacts), signal, out: process.stderr }))}\n`,
      );
    });
  addMapping(program, withServices);
  addKeys(program, withServices);
  addUsers(program, withServices);
  program
    .command('metrics')
    .description('NPS, CSAT, and CES, counted from all complete responses')
    .option(
      '--by <names>',
      'separated by commas: survey, question, touchpoint, language, channel, owner, connection, segment:<field of the contact>',
    )
    .option('--period <period>', PERIODS.join(', '))
    .option('--time-zone <zone>', 'where a day begins and ends, such as Asia/Tokyo', 'UTC')
    .option('--from <time>')
    .option('--to <time>')
    .option('--key <key>', 'one metric alone, by what it is called over all tools')
    .option('--population <people>', 'how many could have answered: the margin of error is that of a sample of so many')
    .option('--json')
    .action((options: MetricsOptions) => withServices((services) => feedbackMetricsCommand(services, options)));
  program
    .command('archive <object> <who>')
    .description('take a record out of use; nothing of it is forgotten')
    .option('--from <where>', 'hub: here alone; policy: as the mappings say; everywhere', 'hub')
    .action((object: string, who: string, options: { from: string }) =>
      withServices((services) => archiveCommand(services, { object, who }, options.from)),
    );
  program
    .command('restore <object> <who>')
    .description('bring a record back into use, and make it again wherever it was removed')
    .action((object: string, who: string) => withServices((services) => restoreCommand(services, { object, who })));
  program
    .command('erase <what> <which>')
    .description('erase a response for good, here and in the timelines: its id, or <connection>/<its id there>')
    .option('--yes', 'do it')
    .action((what: string, which: string, options: { yes?: boolean }) =>
      withServices((services) => eraseCommand(services, { what, which, sure: options.yes === true })),
    );
  program
    .command('personal-id <object> <who>')
    .description('an id for the survey links of one contact, signed by this hub; --link puts it in the place of {id}')
    .option('--link <link>', "such as 'https://forms.example/to/u6nXL7#syncline={id}'")
    .action((object: string, who: string, options: { link?: string }) =>
      withServices((services) => personalIdCommand(services, { object, who }, options.link)),
    );
  program
    .command('merge <winner> <loser>')
    .description('make two records of the hub one; both are hub ids')
    .option('--preview', 'print what it would do, and do nothing')
    .action((winner: string, loser: string, options: { preview?: boolean }) =>
      withServices((services) => mergeCommand(services, { winner, loser }, options.preview === true)),
    );
  program
    .command('unmerge <merging>')
    .description('take a merge back, as if the two had never met')
    .action((merging: string) => withServices((services) => unmergeCommand(services, merging)));
  program
    .command('brakes')
    .description('list what brakes hold and which fields are frozen, or decide one')
    .option('--release <id>', 'let it happen')
    .option('--keep <id>', 'throw it away, and keep what there is')
    .action((options: BrakeWish) => withServices((services) => brakesCommand(services, options)));
  program
    .command('limits [connection]')
    .description('what was used of each system’s day, by the hub and by others')
    .option('--share <percent>', 'how much of the day is the hub’s')
    .action((name: string | undefined, options: { share?: string }) =>
      withServices((services) => limitsCommand(services, name, options.share)),
    );
  program
    .command('schema [connection]')
    .description('what has changed over there in the fields that records have')
    .action((name: string | undefined) => withServices((services) => schemaCommand(services, name)));
  program
    .command('doctor')
    .description('look whether everything that is needed is there')
    .action(() => exitWith(doctor(readConfig(process.env), process.stdout)));
  program
    .command('new-connector <name>')
    .description('make the folder of a new connector: it compiles, and the conformance suite says what to write')
    .option('--label <label>', 'as people know the system, such as "Acme CRM"')
    .action((name: string, options: { label?: string }) => exitWith(newConnector(PROJECT_FOLDER, { name, ...options }, printLine)));
  program
    .command('migrate')
    .description('bring the tables up to date')
    .action(() => withServices(async () => 0));
  addSandbox(program, stopSignal);
}
