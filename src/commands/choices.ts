import type { Command } from 'commander';
import type { Choice } from '../contract/choices.ts';
import { noteAudit } from '../hub/access/audit.ts';
import type { FieldChoices, LackingField } from '../hub/views/waiting-values.ts';
import type { Services } from '../services.ts';
import { type FieldThere, fieldChoices } from '../sync/choices/choices.ts';
import { missingChoices } from '../sync/choices/missing.ts';
import { withAdvice } from '../sync/connecting/connect.ts';
import { COMMAND_LINE } from './command-line.ts';

type Around = {
  readonly withServices: (work: (services: Services) => Promise<number>) => Promise<void>;
  readonly stopSignal: () => AbortSignal;
};
type Json = { readonly json?: boolean };
type AddOptions = Json & { readonly missing?: boolean };
type There = FieldThere & { readonly connection: string; readonly signal: AbortSignal };

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const fail = (line: string): number => {
  process.stderr.write(`${line}\n`);
  return 1;
};

/** `syncline choices`: what fields over there lack choices for, and adding them. */
export function addChoices(program: Command, { withServices, stopSignal }: Around): void {
  const choices = program
    .command('choices')
    .description('values that wait because a field over there has no choice for them, and adding them');
  choices
    .command('list', { isDefault: true })
    .description('the fields that lack choices, with what waits for them')
    .option('--json')
    .action((options: Json) => withServices((services) => list(services, options)));
  choices
    .command('show <connection> <object> <field>')
    .description('look over there which choices a field has, and whether more can be added')
    .option('--json')
    .action((connection: string, object: string, field: string, options: Json) =>
      withServices((services) => show(services, { connection, object, field, signal: stopSignal() }, options)),
    );
  choices
    .command('add <connection> <object> <field> [choices...]')
    .description('add choices, each as value or value=label, for everybody over there; then what waited is tried again')
    .option('--missing', 'add all that records wait for')
    .option('--json')
    .action((connection: string, object: string, field: string, wanted: string[], options: AddOptions) =>
      withServices((services) => add(services, { connection, object, field, signal: stopSignal() }, { wanted, ...options })),
    );
}

async function list({ engine }: Services, { json = false }: Json): Promise<number> {
  const fields = await missingChoices(engine);
  if (json) say(JSON.stringify(fields));
  else if (fields.length === 0) say('No value waits for a choice.');
  else for (const field of fields) say(lacking(field));
  return 0;
}

function lacking({ connection, object, field, label, records, values, needs }: LackingField): string {
  const lines = values.map((one) => `  ${one.value}: ${one.records}`);
  const end =
    needs !== null
      ? `  add them: syncline choices add ${connection.name} ${object} ${field} --missing`
      : '  to be added by hand over there';
  return [`${connection.name} ${object} ${field} (${label}): ${records} wait`, ...lines, end].join('\n');
}

async function show({ engine }: Services, { connection, ...there }: There, options: Json): Promise<number> {
  const came = await fieldChoices(engine, connection, there);
  if (came === null) return fail(`There is no connection "${connection}".`);
  return came.ok ? tell(came.found, options) : fail(`${connection}: ${withAdvice(came.error)}`);
}

function tell(found: FieldChoices, { json = false }: Json): number {
  if (json) say(JSON.stringify(found));
  else {
    for (const { value, label } of found.choices) say(value === label ? value : `${value}  ${label}`);
    for (const { value, records, there } of found.values) say(`${records} wait for ${value}${there ? ', which is there' : ''}`);
    say(found.closed === null ? 'More can be added.' : `${found.closed.reason}.`);
  }
  return 0;
}

async function add(
  services: Services,
  { connection, ...there }: There,
  options: AddOptions & { wanted: readonly string[] },
): Promise<number> {
  const { engine, hub } = services;
  const wanted = [
    ...options.wanted.map(choiceIn),
    ...(options.missing === true ? await missingAt(services, { connection, ...there }) : []),
  ];
  if (wanted.length === 0) return fail('Name the choices to add, or use --missing for those that records wait for; there may be none.');
  const came = await fieldChoices(engine, connection, { ...there, add: wanted, actor: COMMAND_LINE.actor });
  if (came === null) return fail(`There is no connection "${connection}".`);
  if (!came.ok) return fail(`${connection}: ${withAdvice(came.error)}`);
  const { found } = came;
  const { object, field } = there;
  const line = { ...COMMAND_LINE, action: 'post /connections/{id}/choices', subjects: [found.connection.id], detail: { object, field } };
  await noteAudit(hub, line, 200);
  if (options.json === true) say(JSON.stringify(found));
  else say(`${found.added} added to ${found.label} in ${connection}; ${found.retried} records are tried again`);
  return 0;
}

function choiceIn(text: string): Choice {
  const [, value = text, label = value] = /^(.+?)=(.+)$/s.exec(text) ?? [];
  return { value, label };
}

async function missingAt({ engine }: Services, { connection, object, field }: There): Promise<readonly Choice[]> {
  const fields = await missingChoices(engine);
  const [here] = fields.filter(
    (one) => (one.connection.name === connection || one.connection.id === connection) && one.object === object && one.field === field,
  );
  return (here?.values ?? []).map(({ value }) => ({ value, label: value }));
}
