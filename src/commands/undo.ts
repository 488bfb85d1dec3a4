import type { Command } from 'commander';
import { findConnection } from '../hub/connections/connections.ts';
import type { UndoCounts, UndoLine, Undone, UndoPreview, UndoTarget } from '../hub/runs/undoing.ts';
import { listRuns } from '../hub/views/runs.ts';
import { systemsById } from '../hub/views/systems.ts';
import type { Services } from '../services.ts';
import { previewUndo, undo } from '../sync/undo/undo.ts';

type UndoOptions = {
  readonly stream?: string;
  readonly record?: string;
  readonly from?: string;
  readonly to?: string;
  readonly preview?: boolean;
  readonly json?: boolean;
};
type Around = {
  withServices(work: (services: Services) => Promise<number>): Promise<void>;
  stopSignal(): AbortSignal;
};

const MOST_LINES = 200;

/** The commands that list runs and take them back. */
export function addUndoCommands(program: Command, { withServices, stopSignal }: Around): void {
  program
    .command('runs')
    .description('what the runs did, the newest first')
    .option('--connection <name>', 'of one connection alone')
    .option('--json')
    .action((options: { connection?: string; json?: boolean }) => withServices((services) => runsCommand(services, options)));
  program
    .command('undo [run]')
    .description('take back what a run did, what went through a stream in a time, or what became of a record, in all systems')
    .option('--stream <connection.object>', 'a stream, with --from and --to')
    .option('--record <id>', 'a record, with --to: what it was then')
    .option('--from <time>', 'such as 2026-11-22T08:00:00Z')
    .option('--to <time>')
    .option('--preview', 'print what it would do, and do nothing')
    .option('--json')
    .action((run: string | undefined, options: UndoOptions) =>
      withServices((services) => undoCommand(services, run, { ...options, signal: stopSignal() })),
    );
}

async function runsCommand(services: Services, options: { connection?: string; json?: boolean }): Promise<number> {
  const connection = options.connection === undefined ? undefined : await findConnection(services.hub, options.connection);
  if (options.connection !== undefined && connection === undefined) return fail(`There is no connection "${options.connection}".`);
  const { items } = await listRuns(services.hub, { connectionId: connection?.id }, { after: null, limit: 50 });
  const systems = await systemsById(services.hub);
  for (const run of items) {
    const place = run.connectionId === null ? '' : ` ${systems.get(run.connectionId)?.name ?? run.connectionId}.${run.object ?? ''}`;
    const line = `${run.id} ${run.startedAt} ${run.kind}${place} ${fateInWords(run)}`;
    process.stdout.write(`${options.json === true ? JSON.stringify(run) : line}\n`);
  }
  return 0;
}

/** How a run has gone, or is going. */
function fateInWords({ endedAt, counts, error }: Awaited<ReturnType<typeof listRuns>>['items'][number]): string {
  const told = Object.entries(counts).flatMap(([name, n]) => (n === 0 ? [] : [`${name} ${n}`]));
  const fate = [...(endedAt === null ? ['under way'] : []), ...(error === null ? [] : [`${error.kind}: ${error.message}`]), ...told];
  return fate.length === 0 ? 'came to nothing' : fate.join(', ');
}

async function undoCommand(
  services: Services,
  run: string | undefined,
  options: UndoOptions & { readonly signal: AbortSignal },
): Promise<number> {
  const target = await targetOf(services, run, options);
  if (typeof target === 'string') return fail(target);
  const { engine } = services;
  const done =
    options.preview === true
      ? await previewUndo(engine, target, { after: null, limit: MOST_LINES })
      : await undo(engine, target, { actor: 'command line', signal: options.signal, told: toldOnce() });
  if (done === 'not_found') return fail('There is no such run, stream, or record.');
  if ('refused' in done) return fail(done.refused);
  if (options.json === true) process.stdout.write(`${JSON.stringify(done)}\n`);
  else
    process.stdout.write(
      `${[...('lines' in done ? linesInWords(done) : []), countsInWords(done.counts), ...nextInWords(done)].join('\n')}\n`,
    );
  return 0;
}

/** Says how far an undo has come, whenever that is further. */
function toldOnce(): (counts: UndoCounts) => void {
  let said = '';
  return (counts) => {
    const words = countsInWords(counts);
    if (words !== said && counts.records > 0) process.stderr.write(`under way: ${words}\n`);
    said = words;
  };
}

/** Whoever decides by a preview has to know that it goes on. */
const linesInWords = ({ lines, next }: UndoPreview): readonly string[] => [
  ...lines.map(lineInWords),
  ...(next === null ? [] : [`… and those of more records: the first ${MOST_LINES} are shown, and the counts are of all`]),
];

/** What the options name; or what is wrong with them. */
async function targetOf(
  { hub }: Services,
  run: string | undefined,
  { stream, record, from, to }: UndoOptions,
): Promise<UndoTarget | string> {
  if ([run, stream, record].filter((one) => one !== undefined).length !== 1) return 'Name a run, or --stream, or --record.';
  if (run !== undefined) return { run };
  if (to === undefined) return 'Say --to which time.';
  if (record !== undefined) return { record, to };
  if (stream === undefined || from === undefined) return 'Say --from which time.';
  const dot = stream.lastIndexOf('.');
  const connection = dot < 0 ? undefined : await findConnection(hub, stream.slice(0, dot));
  return connection === undefined
    ? `There is no stream "${stream}". Write it as connection.object.`
    : { connectionId: connection.id, object: stream.slice(dot + 1), from, to };
}

/** What follows by itself, and how to take that back. */
const nextInWords = (done: UndoPreview | Undone): readonly string[] =>
  'run' in done && done.run !== null ? [`The systems follow with the next sync. Take it back with: syncline undo ${done.run}`] : [];

function lineInWords(line: UndoLine): string {
  const place = line.connection === null ? '' : ` in ${line.connection} (${line.remoteId ?? 'not there yet'})`;
  const values =
    line.field === null
      ? ''
      : ` ${line.field}: ${JSON.stringify(line.from)}${line.fate === 'undone' ? ` -> ${JSON.stringify(line.to)}` : ''}`;
  return `${line.fate.padEnd(10)} ${line.deed} ${line.object} ${line.title} (${line.recordId})${place}${values}; ${line.reason}`;
}

function countsInWords(counts: UndoCounts): string {
  const told = Object.entries(counts).flatMap(([name, n]) => (n === 0 ? [] : [`${name} ${n}`]));
  return told.length === 0 ? 'There is nothing to undo.' : told.join(', ');
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}
