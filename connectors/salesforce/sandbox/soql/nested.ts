import type { Row } from '../store/row.ts';
import { type Ground, resolve } from './path.ts';
import type { Query, Selected } from './query.ts';
import { attributes, shownField } from './select.ts';
import { malformed } from './tokens.ts';

/** Shows what hangs on a row besides its own fields and parents: children, and parents of several kinds. */
export type Nested = { readonly name: string; show(row: Row, version: string): unknown };

/** How a query on another object is run: its rows, and what shows one of them. */
export type Runner = (query: Query, object: string) => { readonly rows: readonly Row[]; show(row: Row, version: string): object };

const MAX_CHILDREN = 20;

/** The subqueries and TYPEOFs of a SELECT list, made ready. */
export function nestedParts(ground: Ground, run: Runner): readonly Nested[] {
  const { selected, text } = ground.query;
  const children = selected.filter((item) => item.kind === 'children');
  if (children.length > MAX_CHILDREN) throw malformed(text, 0, `at most ${MAX_CHILDREN} subqueries are allowed`);
  return [
    ...children.map((item) => childrenPart(ground, item, run)),
    ...selected.filter((item) => item.kind === 'typeof').map((item) => typeofPart(ground, item)),
  ];
}

function childrenPart(
  { org, schema, query: { text } }: Ground,
  { query, at }: Extract<Selected, { kind: 'children' }>,
  run: Runner,
): Nested {
  const found = org
    .objects('data', 'setup')
    .flatMap((child) =>
      [...child.fields.values()]
        .filter((field) => field.referenceTo.includes(schema.name) && field.children?.toLowerCase() === query.from.toLowerCase())
        .map((field) => ({ child, field })),
    )[0];
  if (found === undefined) {
    throw malformed(text, at, `Didn't understand relationship '${query.from}' in FROM part of query call.`, 'INVALID_TYPE');
  }
  const { child, field } = found;
  // All children are found at once, and handed out by their parent.
  const { rows, show } = run({ ...query, limit: null, offset: 0 }, child.name);
  const byParent = Map.groupBy(rows, (row) => row[field.name]);
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  return {
    name: field.children ?? '',
    show: (row, version) => {
      const own = (byParent.get(row.Id) ?? []).slice(query.offset, query.offset + limit);
      return own.length === 0 ? null : { totalSize: own.length, done: true, records: own.map((one) => show(one, version)) };
    },
  };
}

function typeofPart(ground: Ground, { path, cases, otherwise }: Extract<Selected, { kind: 'typeof' }>): Nested {
  const { org, schema, query } = ground;
  const through = org.visibleFields(schema).find(({ relationship }) => relationship?.toLowerCase() === path.names[0]?.toLowerCase());
  if (through === undefined || through.referenceTo.length < 2) {
    throw malformed(query.text, path.at, `TYPEOF needs a relation to several objects: ${path.names.join('.')}`, 'INVALID_FIELD');
  }
  const ready = cases.map(({ type, paths }) => {
    const parent = org.schema(type);
    const at: Ground = { org, schema: parent, query: { ...query, from: parent.name, alias: null } };
    return { parent, fields: paths.map((one) => resolve(at, one).field) };
  });
  return {
    name: through.relationship ?? '',
    show: (row, version) => {
      const id = row[through.name];
      const parent = typeof id === 'string' ? org.committed(id) : undefined;
      if (parent === undefined) return null;
      const object = org.schema(org.objectOf(parent.Id) ?? '');
      const fields = ready.find((one) => one.parent.name === object.name)?.fields ?? [];
      const rest = ready.some((one) => one.parent.name === object.name) ? [] : otherwise.map(({ names }) => names.at(-1) ?? '');
      const plain = rest.flatMap((name) => org.visibleField(object, name) ?? []);
      const shown = [...fields, ...plain].map((field) => [field.name, shownField(org, field, parent)]);
      return { attributes: attributes(object, version, parent.Id), ...Object.fromEntries(shown) };
    },
  };
}
