import { type Portal, type Table, tiesOf } from '../portal/portal.ts';
import type { Stored } from '../records/records.ts';
import type { Definition } from '../schema/definitions.ts';
import { invalid } from '../wire/refusal.ts';
import { object, type Shape, text, texts } from '../wire/shapes.ts';

/** Too large for the index. */
const UNFILTERED = ['hs_body_preview_html', 'hs_email_html'];

export type Test = (record: Stored) => boolean;
type Compared = string | number;

const OPERATORS = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;
type Operator = (typeof OPERATORS)[number];

function isText(definition: Definition): boolean {
  return definition.type === 'string' || definition.type === 'phone_number';
}

/** A stored or asked value as it compares: ISO times as text, which sorts as time does. */
function comparable(definition: Definition, value: string): Compared {
  if (definition.type === 'number') return Number(value);
  return isText(definition) ? value.toLowerCase() : value;
}

function asked(definition: Definition, value: string): Compared {
  if (definition.type === 'number') {
    if (value.trim() === '' || Number.isNaN(Number(value))) throw invalid(`Filter value ${value} is not a number`);
    return Number(value);
  }
  if (definition.type !== 'datetime' && definition.type !== 'date') return comparable(definition, value);
  const at = new Date(/^-?\d+$/.test(value) ? Number(value) : Date.parse(value));
  if (Number.isNaN(at.getTime())) throw invalid(`Filter value ${value} is not a date`);
  return definition.type === 'date' ? at.toISOString().slice(0, 10) : at.toISOString();
}

/** A word, or with `*` the beginning, the end, or the middle of one. */
function tokenTest(wanted: string): (value: string) => boolean {
  const words = wanted.toLowerCase().match(/[\p{L}\p{M}\p{N}*]+/gu) ?? [];
  const patterns = words.map((word) => new RegExp(`^${word.replaceAll('*', '.*')}$`, 'u'));
  return (value) => {
    const tokens = value.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
    return patterns.length > 0 && patterns.every((pattern) => tokens.some((token) => pattern.test(token)));
  };
}

// Text is indexed in lower case, and a list of values is looked up in it as given: one in upper case never matches.
function listTest(definition: Definition, values: readonly string[]): (value: string) => boolean {
  const wanted = new Set(isText(definition) ? values : values.map((value) => asked(definition, value)));
  return (value) => wanted.has(comparable(definition, value));
}

function valueTest(definition: Definition, operator: Operator, filter: Shape): (value: string | undefined) => boolean {
  const one = () => asked(definition, text(filter.value, 'value'));
  const compare = (test: (value: Compared, wanted: Compared) => boolean) => {
    const wanted = one();
    return (value: string | undefined) => value !== undefined && test(comparable(definition, value), wanted);
  };
  switch (operator) {
    case 'EQ':
      return compare((value, wanted) => value === wanted);
    case 'NEQ': {
      const wanted = one();
      return (value) => value === undefined || comparable(definition, value) !== wanted;
    }
    case 'LT':
      return compare((value, wanted) => value < wanted);
    case 'LTE':
      return compare((value, wanted) => value <= wanted);
    case 'GT':
      return compare((value, wanted) => value > wanted);
    case 'GTE':
      return compare((value, wanted) => value >= wanted);
    case 'BETWEEN': {
      const [low, high] = [one(), asked(definition, text(filter.highValue, 'highValue'))];
      return (value) => value !== undefined && comparable(definition, value) >= low && comparable(definition, value) <= high;
    }
    case 'IN':
    case 'NOT_IN': {
      const test = listTest(definition, texts(filter.values, 'values'));
      return operator === 'IN' ? (value) => value !== undefined && test(value) : (value) => value === undefined || !test(value);
    }
    case 'HAS_PROPERTY':
      return (value) => value !== undefined;
    case 'NOT_HAS_PROPERTY':
      return (value) => value === undefined;
    case 'CONTAINS_TOKEN':
    case 'NOT_CONTAINS_TOKEN': {
      const test = tokenTest(text(filter.value, 'value'));
      return operator === 'CONTAINS_TOKEN' ? (value) => value !== undefined && test(value) : (value) => value === undefined || !test(value);
    }
  }
}

function tieTest(portal: Portal, table: Table, { name, filter }: { name: string; filter: Shape }): Test {
  const other = portal.types.all().find((type) => type.scoped !== 'custom' && name === `associations.${type.singular}`);
  if (other === undefined || filter.operator !== 'EQ') throw invalid(`Filter on ${name} is not supported`);
  const wanted = text(filter.value, 'value');
  return (record) => tiesOf(portal, { type: table.type, id: record.id }, other).some(({ id }) => id === wanted);
}

/** The time before which no row can pass the filters of this group, or null. */
export function readSince(table: Table, rawFilters: readonly unknown[]): string | null {
  const definition = table.schema.get(table.type.modified);
  const bound = rawFilters
    .map((raw) => object(raw, 'filters[]'))
    .find(({ propertyName, operator }) => propertyName === table.type.modified && (operator === 'GTE' || operator === 'GT'));
  return bound === undefined ? null : String(asked(definition, text(bound.value, 'value')));
}

/** One filter of a search as a test of what the index shows. */
export function readFilter(portal: Portal, table: Table, raw: unknown): Test {
  const filter = object(raw, 'filters[]');
  const name = text(filter.propertyName, 'propertyName');
  if (name.startsWith('associations.')) return tieTest(portal, table, { name, filter });
  const operator = OPERATORS.find((one) => one === filter.operator);
  if (operator === undefined) throw invalid(`Invalid input JSON: operator ${String(filter.operator)} is not known`);
  const definition = table.schema.find(name);
  if (definition === undefined) throw invalid(`Property ${name} does not exist`, { context: { propertyName: [name] } });
  const test = valueTest(definition, operator, filter);
  // Contacts have this property, but their index does not: it finds nothing, and says nothing.
  if (table.type.name === 'contacts' && name === 'hs_lastmodifieddate') return () => false;
  if (name === 'hs_additional_emails' && operator === 'EQ' && !portal.switches.additionalEmailsSearchable) return () => false;
  if (UNFILTERED.includes(name)) throw invalid(`Property ${name} cannot be filtered by`, { context: { propertyName: [name] } });
  return (record) => test(record.properties[name]);
}
