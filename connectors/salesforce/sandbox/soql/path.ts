import type { Org } from '../org.ts';
import type { Field } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/objects.ts';
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

/** Finds the field that a path names, as the API user sees it, or refuses with INVALID_FIELD. */
export function resolve({ org, schema, query }: Ground, path: Path): Resolved {
  const [first = '', ...rest] = path.names;
  const isOwn = [query.from, query.alias].some((name) => name?.toLowerCase() === first.toLowerCase()) && rest.length > 0;
  const names = isOwn ? rest : path.names;
  const steps: Step[] = [];
  let at = schema;
  for (const name of names.slice(0, -1)) {
    const through = org.visibleFields(at).find((field) => field.relationship?.toLowerCase() === name.toLowerCase());
    if (through === undefined)
      throw malformed(query.text, path.at, `Didn't understand relationship '${name}' in field path.`, 'INVALID_FIELD');
    at = org.schema(through.referenceTo ?? '');
    steps.push({ through, parent: at });
  }
  const name = names.at(-1) ?? '';
  const field = org.visibleField(at, name);
  if (field === undefined) {
    const reason = `No such column '${name}' on entity '${at.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;
    throw malformed(query.text, path.at, reason, 'INVALID_FIELD');
  }
  return { steps, field, read: reader(org, steps, field) };
}

function reader(org: Org, steps: readonly Step[], field: Field): (row: Row) => Value {
  const own = (row: Row): Value => {
    if (field.computed === null) return row[field.name] ?? null;
    const shown = field.computed(row);
    return typeof shown === 'string' ? shown : null;
  };
  if (steps.length === 0) return own;
  return (row) => {
    const parent = parentOf(org, row, steps);
    return parent === null ? null : own(parent);
  };
}

/** The row at the end of the steps, or null when one of the references is empty. */
export function parentOf(org: Org, row: Row, steps: readonly Step[]): Row | null {
  let at = row;
  for (const { through, parent } of steps) {
    const id = at[through.name];
    const next = typeof id === 'string' ? org.store.table(parent.name).get(id) : undefined;
    if (next === undefined) return null;
    at = next;
  }
  return at;
}
