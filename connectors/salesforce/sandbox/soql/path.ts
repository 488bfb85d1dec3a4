import type { Org } from '../org.ts';
import { type Field, field, personName, text } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Row, Value } from '../store/row.ts';
import type { Path, Query } from './query.ts';
import { malformed } from './tokens.ts';

/** One step from a child to its parent. */
export type Step = { readonly through: Field; readonly parent: ObjectSchema };
/** A path that exists: the steps to the parent, the field there, and how its stored value is read from a row. */
export type Resolved = {
  readonly steps: readonly Step[];
  readonly field: Field;
  read(row: Row): Value;
};

/** Where a query stands: the org that it asks, its object, and its text for the messages. */
export type Ground = { readonly org: Org; readonly schema: ObjectSchema; readonly query: Query };

const plain = (name: string) => text(name, name, 255, { writable: false });

/** What the records of a polymorphic relation have in common: the vendor's object Name. */
const NAME: ObjectSchema = {
  name: 'Name',
  label: 'Name',
  labelPlural: 'Names',
  keyPrefix: '',
  writable: false,
  mergeable: false,
  kind: 'setup',
  fields: new Map(
    [
      field('id', 'Id', 'Name ID', { length: 18, writable: false }),
      text('Name', 'Full Name', 255, { writable: false, computed: (row) => row.Name ?? row.Subject ?? personName(row) }),
      text('Type', 'Type', 40, { writable: false, computed: (row, lookup) => lookup.objectOf(row.Id) ?? null }),
      ...['FirstName', 'LastName', 'Email', 'Phone', 'Title', 'Username'].map(plain),
    ].map((one) => [one.name.toLowerCase(), one]),
  ),
};

const isNamed = (wanted: string) => (one: Field) => one.relationship?.toLowerCase() === wanted.toLowerCase();

/** Finds the field that a path names, as the API user sees it, or refuses with INVALID_FIELD. */
export function resolve({ org, schema, query }: Ground, path: Path): Resolved {
  const [first = '', ...rest] = path.names;
  const isOwn = [query.from, query.alias].some((name) => name?.toLowerCase() === first.toLowerCase()) && rest.length > 0;
  const names = isOwn ? rest : path.names;
  const steps: Step[] = [];
  let at = schema;
  for (const name of names.slice(0, -1)) {
    const through = at === NAME ? undefined : org.visibleFields(at).find(isNamed(name));
    if (through === undefined)
      throw malformed(query.text, path.at, `Didn't understand relationship '${name}' in field path.`, 'INVALID_FIELD');
    at = through.referenceTo.length > 1 ? NAME : org.schema(through.referenceTo[0] ?? '');
    steps.push({ through, parent: at });
    if (steps.length > 5) throw malformed(query.text, path.at, 'a path goes up five levels at most', 'MALFORMED_QUERY');
  }
  const name = names.at(-1) ?? '';
  const found = at === NAME ? NAME.fields.get(name.toLowerCase()) : org.visibleField(at, name);
  if (found === undefined) {
    const reason = `No such column '${name}' on entity '${at.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;
    throw malformed(query.text, path.at, reason, 'INVALID_FIELD');
  }
  return { steps, field: found, read: reader(org, steps, found) };
}

/** The stored or worked-out value of a field, before it is put in the words of REST. */
export function storedOf(org: Org, of: Field, row: Row): Value {
  if (of.computed === null) return row[of.name] ?? (of.type === 'boolean' ? false : null);
  const shown = of.computed(row, org);
  return typeof shown === 'string' || typeof shown === 'number' || typeof shown === 'boolean' ? shown : null;
}

function reader(org: Org, steps: readonly Step[], of: Field): (row: Row) => Value {
  if (steps.length === 0) return (row) => storedOf(org, of, row);
  return (row) => {
    const parent = parentOf(org, row, steps);
    return parent === null ? null : storedOf(org, of, parent);
  };
}

/** The row at the end of the steps, or null when one of the references is empty. */
export function parentOf(org: Org, row: Row, steps: readonly Step[]): Row | null {
  let at = row;
  for (const { through } of steps) {
    const id = storedOf(org, through, at);
    const next = typeof id === 'string' ? org.committed(id) : undefined;
    if (next === undefined) return null;
    at = next;
  }
  return at;
}
