import type { Command } from 'commander';
import type { Opening, Services } from '../services.ts';
import { type ApplyOptions, applyCommand } from './apply.ts';
import { type PlanOptions, planCommand, plansCommand } from './plan.ts';

type Around = {
  withServices(work: (services: Services) => Promise<number>, opening?: Opening): Promise<void>;
  stopSignal(): AbortSignal;
};

/** The commands that look before they leap. */
export function addPlanCommands(program: Command, { withServices, stopSignal }: Around): void {
  program
    .command('plan [connections...]')
    .description('what a sync would do, without doing it: a first sync of connections that are named, or what is live under other mappings')
    .option('--object <object>', 'one object alone of the connections that are named')
    .option('--mappings <folder>', 'with the mappings of this folder, which applying it makes the active ones')
    .option('--drafts', 'with the drafts of mappings that are kept in the hub')
    .option('--json', 'print the plan as JSON')
    .option('--export <file>', 'write every line of it to a .csv or .jsonl file')
    .option('--filter <name=value,...>', 'those lines alone: operation, connection, object, field, text, drift')
    .action((names: string[], options: PlanOptions) =>
      withServices(
        (services) => planCommand(services, names, { ...options, signal: stopSignal() }),
        // Files that a plan is made with do not become active before it is applied, also where they are those of the hub's own folder.
        options.mappings === undefined ? undefined : { files: 'left' },
      ),
    );
  program
    .command('apply <plan>')
    .description('do exactly what a plan has shown, or nothing when it has drifted (exit code 2)')
    .option('--pause', 'stop writing, in whatever process it is being applied; ordinary edits flow on')
    .option('--resume', 'go on where it was paused')
    .option('--cancel', 'stop for good: what is done stays, and can be undone; the rest is set aside')
    .action((id: string, options: ApplyOptions) =>
      withServices((services) => applyCommand(services, id, { ...options, signal: stopSignal() })),
    );
  program
    .command('plans')
    .description('the latest plans')
    .option('--json')
    .action((options: { json?: boolean }) => withServices((services) => plansCommand(services, { json: options.json === true })));
}
