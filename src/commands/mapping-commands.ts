import type { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import type { Opening, Services } from '../services.ts';
import { mappingCheck, mappingTest } from './mapping.ts';
import { type ExportOptions, type ImportOptions, mappingDiff, mappingExport, mappingImport, mappingVersions } from './mapping-documents.ts';
import { mappingPropose } from './mapping-propose.ts';

type WithServices = (work: (services: Services) => Promise<number>, opening?: Opening) => Promise<void>;
type DiffWish = { readonly mappings?: string; readonly drafts?: boolean; readonly from?: string; readonly to?: string };
// What is looked at here is not to become active by being looked at.
const LEFT = { files: 'left' } as const;

const printLine = (line: string): void => void process.stdout.write(`${line}\n`);
const folderOf = (config: Config, given: string | undefined): string => given ?? config.mappingsFolder;
const here = (given: string | undefined): string => folderOf(readConfig(process.env), given);

async function exitWith(code: Promise<number>): Promise<void> {
  process.exitCode = await code;
}

/** `syncline mapping …`: the documents that say which field is which, as files and as the hub holds them. */
export function addMapping(program: Command, withServices: WithServices): void {
  const mapping = program.command('mapping').description('the YAML documents that say which field is which');
  mapping
    .command('check')
    .description('refuse what is wrong, with file, line, and advice')
    .option('--mappings <folder>')
    .action((options: { mappings?: string }) => exitWith(mappingCheck(here(options.mappings), printLine)));
  mapping
    .command('test')
    .description('run the examples of the mappings')
    .option('--mappings <folder>')
    .action((options: { mappings?: string }) => exitWith(mappingTest(here(options.mappings), printLine)));
  mapping
    .command('propose <file>')
    .description('write a mapping that could read a file, to be read over by a person')
    .option('--into <connection>', 'the connection that it is for', 'list')
    .option('--object <object>', 'contact, company, or response; guessed from the columns without it')
    .option('--mappings <folder>')
    .action((file: string, options: { into: string; object?: string; mappings?: string }) =>
      exitWith(mappingPropose(file, { ...options, folder: here(options.mappings) }, printLine)),
    );
  mapping
    .command('diff [names...]')
    .description('what files say otherwise than what is active, as a patch (exit code 2)')
    .option('--mappings <folder>', 'files of another folder')
    .option('--drafts', 'what drafts say, instead of files')
    .option('--to <version>', 'what a version says, instead of files')
    .option('--from <version>', 'otherwise than a version, instead of what is active')
    .action((names: string[], options: DiffWish) =>
      withServices((services) => mappingDiff(services, names, { ...options, folder: folderOf(services.config, options.mappings) }), LEFT),
    );
  mapping
    .command('versions <name>')
    .description('what a document has been, with author and reason')
    .option('--json')
    .action((name: string, options: { json?: boolean }) =>
      withServices((services) => mappingVersions(services, name, { json: options.json === true }), LEFT),
    );
  mapping
    .command('export [names...]')
    .description('print one active document, or write them into a folder')
    .option('--to <folder>')
    .option('--at <version>', 'as it was then')
    .action((names: string[], options: ExportOptions) => withServices((services) => mappingExport(services, names, options), LEFT));
  mapping
    .command('import <files...>')
    .description('make drafts of files, or of all in a folder; plan --drafts and apply make them active')
    .option('--reason <text>', 'why, for the list of versions', '')
    .option('--replace', 'in the places of drafts that are there already')
    .action((files: string[], options: ImportOptions) => withServices((services) => mappingImport(services, files, options), LEFT));
}
