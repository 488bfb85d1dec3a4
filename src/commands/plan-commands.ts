import type { Command } from 'commander';
import type { Services } from '../services.ts';
import { applyCommand, type PlanOptions, planCommand, plansCommand } from './plan.ts';

type Around = {
  withServices(work: (services: Services) => Promise<number>): Promise<void>;
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
      withServices((services) => planCommand(services, names, { ...options, signal: stopSignal() })),
    );
  program
    .command('apply <plan>')
    .description('do exactly what a plan has shown, or nothing when it has drifted (exit code 2)')
    .action((id: string) => withServices((services) => applyCommand(services, id, { signal: stopSignal() })));
  program
    .command('plans')
    .description('the latest plans')
    .option('--json')
    .action((options: { json?: boolean }) => withServices((services) => plansCommand(services, { json: options.json === true })));
}
