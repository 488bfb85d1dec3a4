import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { Row, Value } from '../store/row.ts';
import { compileFilter, type Filter } from './filter.ts';
import { nestedParts } from './nested.ts';
import { parseQuery } from './parse.ts';
import { type Ground, type Resolved, resolve } from './path.ts';
import type { Path, Query, Selected } from './query.ts';
import { projector, selectedFields, shownInstant } from './select.ts';
import { malformed } from './tokens.ts';

/** What a query found: rows still to be shown page by page, or a count, or rows of aggregates. */
export type Found =
  | {
      readonly kind: 'rows';
      readonly rows: readonly Row[];
      readonly longFields: readonly string[];
      readonly fields: readonly Resolved[];
      show(row: Row, version: string): object;
    }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'aggregate'; readonly records: readonly object[] };

/** Which rows and objects a query reaches. */
export type Reach = {
  /** Shows the recycle bin and archived activities too. */
  readonly all: boolean;
  readonly tooling?: boolean;
};

/** Runs a query as the API user. */
export function runQuery(org: Org, text: string, reach: Reach): Found {
  const query = parseQuery(text);
  const schema = org.schemas.get(query.from.toLowerCase());
  if (schema === undefined || (schema.kind === 'tooling') !== (reach.tooling ?? false)) {
    throw malformed(
      text,
      0,
      `sObject type '${query.from}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.`,
      'INVALID_TYPE',
    );
  }
  if (query.offset > 2000) throw new Refusal('NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000');
  const ground: Ground = { org, schema, query };
  const fields = selectedFields(ground, query.selected);
  const isAggregate = query.groupBy.length > 0 || query.selected.some(({ kind }) => kind === 'aggregate');
  const rows = matching(isAggregate ? { ...ground, query: { ...query, orderBy: [], limit: null, offset: 0 } } : ground, reach.all);
  if (query.selected.some(({ kind }) => kind === 'count')) return { kind: 'count', count: countOnly(query, rows) };
  if (isAggregate) return { kind: 'aggregate', records: aggregated(ground, rows) };
  const longFields = fields.filter(({ field, steps }) => field.type === 'textarea' && !field.filterable && steps.length === 0);
  const show = withNested(ground, projector(ground, fields), reach.all);
  return { kind: 'rows', rows, fields, longFields: longFields.map(({ field }) => field.name), show };
}

type Show = (row: Row, version: string) => object;

function withNested(ground: Ground, show: Show, all: boolean): Show {
  const nested = nestedParts(ground, (query, object) => {
    const inner: Ground = { org: ground.org, schema: ground.org.schema(object), query };
    return { rows: matching(inner, all), show: projector(inner, selectedFields(inner, query.selected)) };
  });
  if (nested.length === 0) return show;
  return (row, version) => ({
    ...show(row, version),
    ...Object.fromEntries(nested.map((part) => [part.name, part.show(row, version)])),
  });
}

function countOnly(query: Query, rows: readonly Row[]): number {
  if (query.selected.length > 1) throw malformed(query.text, 0, 'COUNT() stands alone');
  return rows.length;
}

const unfiltered: Filter = { test: () => true, ids: null, minStamp: null, minId: null };

function matching(ground: Ground, all: boolean): readonly Row[] {
  const { query } = ground;
  const filter = query.where === null ? unfiltered : compileFilter(ground, query.where);
  const order = query.orderBy.map((by) => ({ ...by, of: sortable(ground, resolve(ground, by.path)) }));
  const plainOrder = order.every(({ descending, nullsLast, of }) => !descending && !nullsLast && of.steps.length === 0);
  const { rows, sortedBy } = candidates(ground, filter, plainOrder ? order.map(({ of }) => of.field.name) : ['?']);
  const end = query.offset + (query.limit ?? Number.POSITIVE_INFINITY);
  const found: Row[] = [];
  for (const row of rows) {
    if (sortedBy && found.length >= end) break;
    if ((all || (!row.IsDeleted && row.IsArchived !== true)) && filter.test(row)) found.push(row);
  }
  if (!sortedBy) sort(found, order);
  return found.slice(query.offset, end);
}

function sortable({ query }: Ground, resolved: Resolved): Resolved {
  if (resolved.field.filterable && resolved.field.type !== 'multipicklist') return resolved;
  throw malformed(query.text, 0, `field '${resolved.field.name}' can not be sorted in a query call`, 'INVALID_FIELD');
}

type Candidates = { readonly rows: readonly Row[]; readonly sortedBy: boolean };

/** The fewest rows that an index gives, and whether they come in the order that is asked for. */
function candidates({ org, schema }: Ground, filter: Filter, order: readonly string[]): Candidates {
  const table = org.store.table(schema.name);
  if (filter.ids !== null) {
    const rows = [...filter.ids].map((id) => table.get(id)).filter((row) => row !== undefined);
    return { rows, sortedBy: order.length === 0 };
  }
  const [first, second] = order;
  if (first === 'SystemModstamp' || (filter.minStamp !== null && first !== 'Id')) {
    const inOrder = first === undefined || (first === 'SystemModstamp' && (second === undefined || second === 'Id'));
    return { rows: table.fromStamp(filter.minStamp ?? 0), sortedBy: inOrder };
  }
  return { rows: table.fromId(filter.minId ?? ''), sortedBy: first === undefined || first === 'Id' };
}

type By = { readonly of: Resolved; readonly descending: boolean; readonly nullsLast: boolean };

function sort(rows: Row[], order: readonly By[]): void {
  rows.sort((a, b) => {
    for (const { of, descending, nullsLast } of order) {
      const difference = compare(of, [of.read(a), of.read(b)], { descending, nullsLast });
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

function compare(of: Resolved, [a, b]: readonly [Value, Value], by: { readonly descending: boolean; readonly nullsLast: boolean }): number {
  const exact = of.field.type === 'id' || of.field.type === 'reference';
  const [left, right] = [a, b].map((value) => (typeof value === 'string' && !exact ? value.toLowerCase() : value)) as [Value, Value];
  if (left === right) return 0;
  if (left === null || right === null) return (left === null) === by.nullsLast ? 1 : -1;
  return left < right === by.descending ? 1 : -1;
}

/** One record for each group, in order of the groups; without GROUP BY all rows are one. */
function aggregated(ground: Ground, rows: readonly Row[]): readonly object[] {
  const { groupBy, selected, text, limit } = ground.query;
  const keys = groupBy.map((path) => resolve(ground, path));
  const groups = Map.groupBy(rows, (row) => JSON.stringify(keys.map(({ field, read }) => foldedKey(field.type, read(row)))));
  if (keys.length === 0 && groups.size === 0) groups.set('[]', []);
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit ?? undefined);
  return sorted.map(([, members]) => {
    const record: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
    let unnamed = 0;
    for (const item of selected) {
      if (item.kind === 'aggregate') record[item.alias ?? `expr${unnamed++}`] = aggregate(item, resolve(ground, item.path), members);
      else if (item.kind === 'field' && isGrouped(ground, item.path))
        record[item.path.names.at(-1) ?? ''] = first(resolve(ground, item.path), members);
      else throw malformed(text, 0, 'a field must be grouped or aggregated');
    }
    return record;
  });
}

const foldedKey = (type: string, value: Value) => (typeof value === 'string' && type !== 'reference' ? value.toLowerCase() : value);

const first = (of: Resolved, members: readonly Row[]) => (members[0] === undefined ? null : of.read(members[0]));

function isGrouped({ query }: Ground, path: Path): boolean {
  const name = path.names.join('.').toLowerCase();
  return query.groupBy.some((one) => one.names.join('.').toLowerCase() === name);
}

function aggregate(item: Extract<Selected, { kind: 'aggregate' }>, of: Resolved, rows: readonly Row[]): unknown {
  const values = rows.map((row) => of.read(row)).filter((value) => value !== null);
  if (item.how === 'COUNT') return values.length;
  if (item.how === 'COUNT_DISTINCT') return new Set(values).size;
  const sum = values.reduce<number>((total, value) => total + Number(value), 0);
  if (item.how === 'SUM') return values.length === 0 ? null : sum;
  if (item.how === 'AVG') return values.length === 0 ? null : sum / values.length;
  const ordered = [...values].sort((a, b) => compare(of, [a, b], { descending: item.how === 'MAX', nullsLast: false }));
  const most = ordered[0] ?? null;
  return of.field.type === 'datetime' && typeof most === 'number' ? shownInstant(most) : most;
}
