import type { Org } from '../org.ts';
import type { Field } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Row } from '../store/row.ts';
import { type Ground, parentOf, type Resolved, resolve, type Step, storedOf } from './path.ts';
import type { Path, Selected } from './query.ts';
import { malformed } from './tokens.ts';

/** A datetime as REST shows it: UTC, with an offset instead of Z. */
export function shownInstant(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}

/** A field of a row as REST shows it. */
export function shownField(org: Org, field: Field, row: Row): unknown {
  if (field.computed !== null) return field.computed(row, org);
  const value = storedOf(org, field, row);
  if (field.type === 'encryptedstring' && typeof value === 'string' && !org.switches.viewEncrypted) return '*'.repeat(value.length);
  return field.type === 'datetime' && typeof value === 'number' ? shownInstant(value) : value;
}

/** The `attributes` that every record begins with. */
export function attributes(schema: Pick<ObjectSchema, 'name'>, version: string, id: string) {
  return { type: schema.name, url: `/services/data/${version}/sobjects/${schema.name}/${id}` };
}

type Branch = { readonly steps: readonly Step[]; readonly fields: Field[]; readonly branches: Map<string, Branch> };

/** The fields that a SELECT list names, each once, with FIELDS() spelled out. */
export function selectedFields(ground: Ground, selected: readonly Selected[]): readonly Resolved[] {
  const fields = selected.flatMap((item) =>
    item.kind === 'field' ? [resolve(ground, item.path)] : item.kind === 'group' ? group(ground, item) : [],
  );
  const seen = new Set<string>();
  for (const { steps, field } of fields) {
    const name = [...steps.map(({ through }) => through.relationship), field.name].join('.');
    if (seen.has(name)) throw malformed(ground.query.text, 0, `duplicate field selected: ${name}`, 'INVALID_FIELD');
    seen.add(name);
  }
  return fields;
}

function group(ground: Ground, item: Extract<Selected, { kind: 'group' }>): readonly Resolved[] {
  const { limit, text } = ground.query;
  if (item.group !== 'STANDARD' && (limit === null || limit > 200)) {
    throw malformed(text, item.at, `The SOQL FIELDS function must have a LIMIT of at most 200`);
  }
  const wanted = ground.org
    .visibleFields(ground.schema)
    .filter(({ name }) => item.group === 'ALL' || name.endsWith('__c') === (item.group === 'CUSTOM'));
  return wanted.map(({ name }): Resolved => resolve(ground, { names: [name], at: item.at } satisfies Path));
}

/** What shows one row of a result, with its parents nested. */
export function projector({ org, schema }: Ground, fields: readonly Resolved[]): (row: Row, version: string) => object {
  const root: Branch = { steps: [], fields: [], branches: new Map() };
  for (const { steps, field } of fields) {
    let at = root;
    for (const [i, { through }] of steps.entries()) {
      const name = through.relationship ?? through.name;
      const next = at.branches.get(name) ?? { steps: steps.slice(0, i + 1), fields: [], branches: new Map() };
      at.branches.set(name, next);
      at = next;
    }
    at.fields.push(field);
  }
  return (row, version) => show(org, root, { row, schema, version, root: row });
}

type Showing = { readonly row: Row; readonly schema: ObjectSchema; readonly version: string; readonly root: Row };

function show(org: Org, branch: Branch, { row, schema, version, root }: Showing): object {
  const { url } = attributes({ name: org.objectOf(row.Id) ?? schema.name }, version, row.Id);
  const shown: Record<string, unknown> = { attributes: { type: schema.name, url } };
  for (const field of branch.fields) shown[field.name] = shownField(org, field, row);
  for (const [name, below] of branch.branches) {
    const parent = parentOf(org, root, below.steps);
    const parentSchema = below.steps.at(-1)?.parent ?? schema;
    shown[name] = parent === null ? null : show(org, below, { row: parent, schema: parentSchema, version, root });
  }
  return shown;
}
