import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { HubError } from '../contract/errors.ts';
import { MOST_ERRORS, readImportErrors } from '../hub/runs/imports.ts';
import { csvLine } from '../kernel/csv.ts';
import type { RowProblem } from '../mapping/arriving/read-row.ts';
import type { Services } from '../services.ts';
import { type Imported, type ImportWish, importFile } from '../sync/importing/import-file.ts';
import { type Rehearsed, rehearse } from '../sync/importing/rehearse.ts';

type Options = {
  readonly into: string;
  readonly object?: string;
  readonly dryRun?: boolean;
  readonly errors?: string;
  readonly json?: boolean;
};
type Run = (work: (services: Services) => Promise<number>) => Promise<void>;

const SHOWN = 10;
const TOLD_EVERY_ROWS = 10_000;

/** `syncline import`. */
export function addImport(program: Command, run: Run, stopSignal: () => AbortSignal): void {
  program
    .command('import <file>')
    .description('read a file of contacts, companies, or responses; cut off in the midst and run again, it goes on where it was')
    .requiredOption('--into <connection>', 'the connection that takes files')
    .option('--object <object>', 'contact, company, or response, where the connection takes several')
    .option('--dry-run', 'say what would come of it, and store nothing')
    .option('--errors <file>', 'write the rows that could not be read to a CSV file, with line and reason')
    .option('--json', 'print the outcome as JSON on the last line')
    .action((file: string, options: Options) => run((services) => importCommand(services, file, { ...options, signal: stopSignal() })));
}

async function importCommand(services: Services, file: string, options: Options & { readonly signal: AbortSignal }): Promise<number> {
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
  if (size === null) return fail(`There is no file "${file}".`);
  const again = () => createReadStream(file, { highWaterMark: 256 * 1024 });
  const wish = {
    connection: options.into,
    object: options.object,
    file: basename(file),
    size,
    bytes: again(),
    again,
    actor: 'command line',
    signal: options.signal,
  };
  try {
    return options.dryRun === true ? await rehearsal(services, wish, options) : await forGood(services, wish, options);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

async function rehearsal({ engine }: Services, wish: ImportWish, { errors, json }: Options): Promise<number> {
  const first: RowProblem[] = [];
  const out = errors === undefined ? null : await open(errors, 'w');
  try {
    await out?.write(csvLine(['line', 'column', 'reason']));
    const writing: Promise<unknown>[] = [];
    const came = await rehearse(engine, wish, (problems) => {
      first.push(...problems.slice(0, SHOWN - first.length));
      if (out !== null) writing.push(out.write(problems.map(errorLine).join('')));
    });
    await Promise.all(writing);
    if (json === true) process.stdout.write(`${JSON.stringify(came)}\n`);
    else process.stdout.write(`${rehearsedInWords(came)}\n${first.map(errorInWords).join('')}`);
    return came.refused > 0 ? 1 : 0;
  } finally {
    await out?.close();
  }
}

async function forGood(
  { engine, hub }: Services,
  wish: ImportWish & { again(): AsyncIterable<Uint8Array> },
  { errors, json }: Options,
): Promise<number> {
  let toldAt = 0;
  const told = ({ rows, refused }: Imported) => {
    if (rows - toldAt < TOLD_EVERY_ROWS) return;
    toldAt = rows;
    process.stderr.write(`${rows} rows read${refused === 0 ? '' : `, ${refused} refused`}\n`);
  };
  const came = await importAfresh(engine, wish, told);
  if (errors !== undefined) {
    const out = await open(errors, 'w');
    await out.write(csvLine(['line', 'column', 'reason', 'row']));
    for await (const some of readImportErrors(hub, came.run)) await out.write(some.map(errorLine).join(''));
    await out.close();
  }
  if (json === true) process.stdout.write(`${JSON.stringify(came)}\n`);
  else process.stdout.write(`${importedInWords(came, errors)}\n`);
  return came.refused > 0 ? 1 : 0;
}

/** A file that has changed since its import was cut off is imported from its beginning. */
async function importAfresh(
  engine: Services['engine'],
  wish: ImportWish & { again(): AsyncIterable<Uint8Array> },
  told: (soFar: Imported) => void,
): Promise<Imported> {
  const { again } = wish;
  try {
    return await importFile(engine, { ...wish, told });
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== 'cursor_expired') throw error;
    process.stderr.write(`${error.message}. It is imported from its beginning.\n`);
    return importFile(engine, { ...wish, bytes: again(), told });
  }
}

const errorLine = ({ line, field, reason, cells }: RowProblem): string => csvLine([String(line), field, reason, ...cells]);
const errorInWords = ({ line, field, reason }: RowProblem): string => `  line ${line}${field === '' ? '' : `, ${field}`}: ${reason}\n`;

function rehearsedInWords(came: Rehearsed): string {
  const { rows, made, changed, unchanged, removed, refused, held } = came;
  const fates = `${made} new, ${changed} changed, ${unchanged} unchanged${removed === 0 ? '' : `, ${removed} removed`}, ${refused} refused`;
  return [`${rows} rows: ${fates}; ${held} values would be held. Nothing was stored.`, ...notesOn(came)].join('\n');
}

function importedInWords(came: Imported, errors: string | undefined): string {
  const { rows, refused, seen, run } = came;
  const where =
    refused === 0 ? '' : errors === undefined ? ' (--errors <file> lists them)' : ` (in ${errors}, the first ${MOST_ERRORS} of them)`;
  const fates = `${seen.changed} new or changed, ${seen.unchanged} unchanged${seen.gone === 0 ? '' : `, ${seen.gone} removed`}, ${refused} refused${where}`;
  return [`${rows} rows: ${fates}. Run ${run}; to take it back: syncline undo ${run}`, ...notesOn(came)].join('\n');
}

function notesOn({ untold, missing }: Pick<Imported, 'untold' | 'missing'>): readonly string[] {
  return [
    ...(untold ? ['The mapping names no id, so rows are told by their content: an edited row makes another record.'] : []),
    ...(missing.length === 0 ? [] : [`The file lacks columns that the mapping names: ${missing.join(', ')}.`]),
  ];
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}
