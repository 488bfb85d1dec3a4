import type { Dialect } from '../../contract/files.ts';
import type { HubModel, HubObject } from '../mapping.ts';
import { type ColumnGuess, guessColumns } from './guess-columns.ts';
import { likelyNotation } from './likely-notation.ts';

type Table = { readonly dialect: Dialect; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
type Wish = { readonly connector: string; readonly connection: string; readonly object?: string | undefined };

/** A mapping for a table, as far as it can be guessed; a person reads it over. `doubts`: what they should look at first. */
export type Proposal = { readonly file: string; readonly yaml: string; readonly object: string; readonly doubts: readonly string[] };

const quoted = (text: string): string =>
  /^[A-Za-z][\w -]*[\w]$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text) ? text : JSON.stringify(text);

/** Proposes which column is which field, and how rows are told apart and dated. No value of the table stands in it. */
export function propose(table: Table, model: HubModel, { connector, connection, object: wanted }: Wish): Proposal {
  const guesses = guessColumns(table.columns, table.rows);
  const object = wanted ?? objectOf(guesses);
  const notation = likelyNotation(table.rows);
  const id = guesses.find(({ role }) => role === 'id');
  const changed = guesses.find(({ role }) => role === (object === 'response' ? 'submitted' : 'changed'));
  const doubts = [
    ...(id === undefined
      ? ['No column tells one row from another: rows are told by their content, so that an edited one makes another record.']
      : []),
    ...(object === 'response'
      ? ['Which question is which metric is guessed from its name and its values: look at `questions` and `metrics`.']
      : []),
    ...(notation.isDoubtful ? ['Dates such as 3/4/2026 can be meant in two ways: look at `dates`.'] : []),
    ...(notation.hasClock ? ['Times name no time zone: look at `zone`.'] : []),
  ];
  const head = [`connector: ${connector}`, `object: ${object}`, `connection: ${connection}`];
  const reading = [
    'table:',
    `  # ${table.dialect.encoding}, ${named(table.dialect.delimiter)} between cells, ${table.dialect.header === 1 ? 'one row names' : `${table.dialect.header} rows name`} the columns.`,
    `  encoding: ${table.dialect.encoding}`,
    `  delimiter: ${JSON.stringify(table.dialect.delimiter)}`,
    `  header: ${table.dialect.header}`,
    ...(id === undefined ? ['  # id: the column that tells one row from another'] : [`  id: ${quoted(id.column)}`]),
    ...(changed !== undefined && object !== 'response' ? [`  changed: ${quoted(changed.column)}`] : []),
    ...(notation.dates === 'ymd' ? [] : [`  dates: ${notation.dates}`]),
    ...(notation.hasClock ? ['  zone: UTC'] : []),
    ...(notation.decimal === ',' ? ['  decimal: ","'] : []),
  ];
  const parts = { guesses, reading, id, submitted: changed };
  const body =
    object === 'response' ? responseLines(parts) : entityLines(parts, model.get(object === 'company' ? 'company' : 'contact'), object);
  const kind = object === 'response' ? 'response' : 'entity';
  const yaml = [
    `# yaml-language-server: $schema=./schemas/${kind}.schema.json`,
    ...doubts.map((doubt) => `# ${doubt}`),
    '',
    ...head,
    ...body,
    '',
  ].join('\n');
  return { file: `${connector}.${object}.${connection}.yaml`, yaml, object, doubts };
}

const DELIMITERS: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
const named = (delimiter: string): string => DELIMITERS[delimiter] ?? delimiter;

function objectOf(guesses: readonly ColumnGuess[]): string {
  const has = (...roles: readonly string[]) => guesses.some(({ role }) => roles.includes(role));
  if (has('nps', 'csat', 'ces') || (has('submitted') && has('comment'))) return 'response';
  return !has('email', 'last_name', 'first_name', 'full_name') && has('name', 'domain') ? 'company' : 'contact';
}

type Parts = {
  readonly guesses: readonly ColumnGuess[];
  readonly reading: readonly string[];
  readonly id: ColumnGuess | undefined;
  readonly submitted: ColumnGuess | undefined;
};

function entityLines({ guesses, reading }: Parts, object: HubObject | undefined, name: string): readonly string[] {
  const used = new Set<string>();
  const lines = guesses.flatMap(({ column, role }) => {
    const field = object?.fields.get(role);
    if (field === undefined || field.rollup !== null || used.has(role)) return [`  # ${JSON.stringify(column)} is not mapped`];
    used.add(role);
    const more = field.type === 'phone' ? ', nulls: ignore' : '';
    return [`  - { hub: ${role}, remote: ${quoted(column)}${more} }`];
  });
  return [`hub: ${name}`, 'direction: in', 'match:', ...matchLines(used, name), ...reading, 'fields:', ...lines];
}

/** The rules by which the mappings that ship find twins, as far as there are columns for them. */
function matchLines(used: ReadonlySet<string>, object: string): readonly string[] {
  const rule = (on: readonly string[], confirm: readonly string[]) => {
    const known = confirm.filter((name) => used.has(name));
    return `  - { on: [${on.join(', ')}]${known.length === 0 ? '' : `, confirm: [${known.join(', ')}]`} }`;
  };
  const rules =
    object === 'company'
      ? [
          { on: ['domain'], confirm: ['name'] },
          { on: ['name', 'city'], confirm: [] },
        ]
      : [
          { on: ['email'], confirm: ['first_name', 'last_name', 'phone'] },
          { on: ['phone', 'last_name', 'first_name'], confirm: [] },
        ];
  const usable = rules.filter(({ on }) => on.every((name) => used.has(name)));
  return usable.length === 0 ? ['  never'] : usable.map(({ on, confirm }) => rule(on, confirm));
}

/** What tools tell of the device or the sending: no answer, and better left where it is. */
const ABOUT_THE_PERSON =
  /^(ip( address)?|network id|user agent|browser|platform|device.*|referr?er|start(ed)?( at| date.*)?|collector( id)?|tags?|response type|person id|survey type|custom data \d+|stage date.*|ending|duration|location|latitude|longitude)$/i;

const METRICS: readonly string[] = ['nps', 'csat', 'ces'];
const SCALES: Readonly<Record<string, string>> = { nps: '{ min: 0, max: 10 }', csat: '{ min: 1, max: 5 }', ces: '{ min: 1, max: 7 }' };

function responseLines({ guesses, reading, submitted }: Parts): readonly string[] {
  const of = (...roles: readonly string[]) => guesses.filter(({ role }) => roles.includes(role));
  const scored = of(...METRICS);
  const others = of('other', 'comment').filter(({ column }) => !ABOUT_THE_PERSON.test(column.trim()));
  const evidence = [
    ...of('contact_id').map(({ column }) => `  - { by: id, from: ${quoted(column)} }`),
    ...of('email').map(({ column }) => `  - { by: email, from: ${quoted(column)} }`),
    ...of('phone').map(({ column }) => `  - { by: phone, from: ${quoted(column)} }`),
  ];
  const survey = of('survey')[0];
  return [
    'hub: contact',
    ...reading,
    'response:',
    `  survey: { id: ${survey === undefined ? '{ is: imported }' : quoted(survey.column)} }`,
    ...(submitted === undefined ? [] : [`  submitted: ${quoted(submitted.column)}`]),
    ...of('language')
      .slice(0, 1)
      .map(({ column }) => `  language: ${quoted(column)}`),
    ...(scored.length + others.length === 0 ? ['  questions: []'] : ['  questions:']),
    ...scored.map(
      ({ column, role }, i) =>
        `    - { at: ${quoted(column)}, id: ${idOf(scored, i)}, text: ${JSON.stringify(column)}, kind: ${role}, scale: ${SCALES[role] ?? '{ min: 1, max: 5 }'} }`,
    ),
    ...others.map(({ column, role }) => `    - { at: ${quoted(column)}${role === 'comment' ? ', kind: text' : ''} }`),
    'attach:',
    ...(evidence.length === 0 ? ['  # Nothing in the table says whose a response is.', '  - { by: email, from: email }'] : evidence),
    ...(scored.length === 0 ? [] : ['metrics:']),
    ...scored.map(({ role }, i) => `  - { question: ${idOf(scored, i)}, metric: ${role} }`),
  ];
}

/** The same question in another tool has the same name, so that it is one metric. */
function idOf(scored: readonly ColumnGuess[], i: number): string {
  const role = scored[i]?.role ?? 'question';
  const before = scored.slice(0, i).filter((one) => one.role === role).length;
  return before === 0 ? role : `${role}_${before + 1}`;
}
