import type { Command } from 'commander';
import type { Services } from '../services.ts';
import { withAdvice } from '../sync/connecting/connect.ts';
import { type OwnFieldView, type OwnObjectView, provision } from '../sync/schema/provision.ts';

type Options = { object?: string; apply?: boolean; json?: boolean };

/** `syncline provision`. */
export function addProvision(
  program: Command,
  run: (work: (services: Services) => Promise<number>) => Promise<void>,
  stop: () => AbortSignal,
): void {
  program
    .command('provision <connection>')
    .description("show how Syncline's own fields stand over there, or make those that are missing")
    .option('--object <object>', 'of one object alone, such as contact')
    .option('--apply', 'make them; what is there is never removed or changed')
    .option('--json')
    .action((name: string, options: Options) => run((services) => provisionCommand(services, name, { ...options, signal: stop() })));
}

/** The exit code is 1 where something stands in the way. */
async function provisionCommand({ engine }: Services, name: string, options: Options & { signal: AbortSignal }): Promise<number> {
  const { object, signal } = options;
  const apply = options.apply === true;
  const came = await provision(engine, name, { object, apply, signal });
  if (came === null) return refuse(`There is no connection "${name}".`);
  if (!came.ok) return refuse(`${name}: ${withAdvice(came.error)}`);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ connection: name, objects: came.objects.map(asJson) })}\n`);
  else for (const view of came.objects) process.stdout.write(asText(name, view));
  const fields = came.objects.flatMap((view) => view.fields);
  if (!apply && options.json !== true && fields.some(isToBeMade)) process.stdout.write('Nothing was changed. Make them with --apply.\n');
  const isHindered = came.objects.some(({ error, lacking }) => error !== null || (lacking ?? []).length > 0);
  return isHindered || fields.some(({ standing, outcome }) => standing?.state === 'unfit' || outcome?.done === false) ? 1 : 0;
}

const isToBeMade = ({ standing }: OwnFieldView): boolean => standing?.state === 'missing' || standing?.state === 'incomplete';

function refuse(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}

/** Errors as their kind and message. */
function asJson({ error, fields, ...view }: OwnObjectView) {
  const said = (each: { kind: string; message: string } | null) => (each === null ? null : { kind: each.kind, message: each.message });
  const told = fields.map(({ outcome, ...field }) => ({
    ...field,
    outcome: outcome?.done === false ? { done: false, error: said(outcome.error) } : outcome,
  }));
  return { ...view, fields: told, error: said(error) };
}

function asText(connection: string, { object, fields, lacking, error }: OwnObjectView): string {
  const wide = Math.max(...fields.map(({ name }) => name.length));
  const lines = fields.map((field) => `  ${field.name.padEnd(wide)}  ${inWords(field)}`);
  const rights =
    (lacking ?? []).length > 0 ? [`  the credentials lack ${lacking?.join(', ')}: grant it over there for as long as this takes`] : [];
  return `${[`${connection} ${object}`, ...lines, ...rights, ...(error === null ? [] : [`  ${withAdvice(error)}`])].join('\n')}\n`;
}

function inWords({ standing, outcome, type, unique }: OwnFieldView): string {
  const what = unique ? `${type}, unique` : type;
  if (outcome?.done === 'made') return `made (${what})`;
  if (outcome?.done === 'completed') return 'completed';
  if (standing?.state === 'unfit') return `in the way: ${standing.reason}. ${standing.advice}.`;
  if (outcome?.done === false) return `not made: ${outcome.error.message}`;
  switch (standing?.state) {
    case undefined:
      return 'not seen';
    case 'fits':
      return 'there';
    case 'missing':
      return `missing (${what})`;
    case 'incomplete':
      return `lacks ${standing.lacks.join(', ')}`;
    default:
      return standing satisfies never;
  }
}
