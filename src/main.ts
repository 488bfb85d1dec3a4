import { Command } from 'commander';
import { addCommands } from './commands/all.ts';
import { failureInWords } from './commands/sync.ts';
import { VERSION } from './version.ts';

const program = new Command('syncline')
  .description('Keeps HubSpot, Salesforce, and survey tools in agreement.')
  .version(VERSION)
  .showHelpAfterError();
addCommands(program);
// Whoever reads along may stop early, as `head` does: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${failureInWords(error)}\n`);
  process.exitCode = 1;
}
