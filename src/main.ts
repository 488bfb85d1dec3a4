import { Command } from 'commander';
import { addCommands } from './commands/all.ts';
import { failureInWords } from './commands/sync.ts';

const program = new Command('syncline')
  .description('Keeps HubSpot, Salesforce, and survey tools in agreement.')
  .version('0.1.0')
  .showHelpAfterError();
addCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${failureInWords(error)}\n`);
  process.exitCode = 1;
}
