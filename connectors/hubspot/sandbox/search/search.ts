import { canonical } from '../../../../src/kernel/json.ts';
import type { Portal, Table } from '../portal/portal.ts';
import type { Stored } from '../records/records.ts';
import { invalid } from '../wire/refusal.ts';
import { array, object, optionalText, type Shape, text } from '../wire/shapes.ts';
import { readFilter, readSince, type Test } from './search-filters.ts';

const LIMIT_MAX = 200;
const REACH_MAX = 10_000;
const GROUPS_MAX = 5;
const GROUP_FILTERS_MAX = 6;
const FILTERS_MAX = 18;

/** One page of a search, with the number of all that match and where the next page begins. */
export type Found = { readonly total: number; readonly records: readonly Stored[]; readonly next: string | null };

type Sort = { readonly name: string; readonly down: boolean };

function readSort(raw: unknown): Sort {
  if (typeof raw === 'string') return { name: raw.replace(/^-/, ''), down: raw.startsWith('-') };
  const { propertyName, direction } = object(raw, 'sorts[]');
  if (direction !== undefined && direction !== 'ASCENDING' && direction !== 'DESCENDING') {
    throw invalid(`Invalid input JSON: direction ${String(direction)} is not known`);
  }
  return { name: text(propertyName, 'propertyName'), down: direction === 'DESCENDING' };
}

type Group = { readonly tests: readonly Test[]; readonly since: string | null };

function readGroups(portal: Portal, table: Table, body: Shape): readonly Group[] {
  const groups = array(body.filterGroups ?? [], 'filterGroups').map((raw) => array(object(raw, 'filterGroups[]').filters ?? [], 'filters'));
  if (groups.length > GROUPS_MAX) throw invalid(`A search may have at most ${GROUPS_MAX} filter groups`);
  if (groups.some((group) => group.length > GROUP_FILTERS_MAX))
    throw invalid(`A filter group may have at most ${GROUP_FILTERS_MAX} filters`);
  if (groups.flat().length > FILTERS_MAX) throw invalid(`A search may have at most ${FILTERS_MAX} filters`);
  return groups.map((group) => ({ tests: group.map((raw) => readFilter(portal, table, raw)), since: readSince(table, group) }));
}

const SEARCHED: readonly string[] = [
  'firstname',
  'lastname',
  'email',
  'phone',
  'company',
  'name',
  'domain',
  'website',
  'hs_additional_emails',
  'dealname',
  'subject',
];

function queryTest(query: string): Test {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return ({ properties }) => {
    const haystack = SEARCHED.map((name) => properties[name] ?? '')
      .join(' ')
      .toLowerCase();
    return words.every((word) => haystack.includes(word));
  };
}

function order(table: Table, sort: Sort | undefined): (a: Stored, b: Stored) => number {
  const name = sort?.name ?? table.type.created;
  const numeric = table.schema.find(name)?.type === 'number';
  const way = sort?.down === true ? -1 : 1;
  return (a, b) => {
    const [first, second] = [a.properties[name], b.properties[name]];
    if (first === second) return Number(a.id) - Number(b.id);
    if (first === undefined || second === undefined) return first === undefined ? 1 : -1;
    return way * (numeric ? Number(first) - Number(second) : first < second ? -1 : 1);
  };
}

function readWindow(body: Shape): { readonly start: number; readonly limit: number } {
  const limit = Number(body.limit ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) throw invalid(`limit must be between 1 and ${LIMIT_MAX}`);
  const after = optionalText(body.after, 'after') ?? '';
  const start = after === '' ? 0 : Number(after);
  if (!Number.isInteger(start) || start < 0) throw invalid(`after must be a whole number, not ${after}`);
  if (start + limit > REACH_MAX) throw invalid(`A search reaches at most ${REACH_MAX} results`);
  return { start, limit };
}

/** Searches one table. The pages of one question are cut from one list for as long as the index stands still. */
export class Search {
  readonly #portal: Portal;
  readonly #table: Table;
  #last: { readonly question: string; readonly matches: readonly Stored[] } | null = null;
  constructor(portal: Portal, table: Table) {
    this.#portal = portal;
    this.#table = table;
  }

  run(body: Shape): Found {
    const { start, limit } = readWindow(body);
    const matches = this.#matches(body);
    const end = start + limit;
    return { total: matches.length, records: matches.slice(start, end), next: end < matches.length ? String(end) : null };
  }

  #matches(body: Shape): readonly Stored[] {
    const groups = readGroups(this.#portal, this.#table, body);
    const sorts = array(body.sorts ?? [], 'sorts').map(readSort);
    if (sorts.length > 1) throw invalid('A search may have at most one sort');
    const query = optionalText(body.query, 'query') ?? '';
    const { searchTextMax } = this.#portal.switches;
    const size = query.length + (body.filterGroups === undefined ? 0 : JSON.stringify(body.filterGroups).length);
    if (size > searchTextMax) throw invalid(`The query and the filters may have at most ${searchTextMax} characters`);
    const rows = this.#rows(groups);
    const question = `${this.#table.index.revision} ${canonical([body.filterGroups, sorts, query])}`;
    if (this.#last?.question === question && !question.includes('associations.')) return this.#last.matches;
    const inQuery = queryTest(query);
    const inGroups: Test = (row) => groups.length === 0 || groups.some(({ tests }) => tests.every((test) => test(row)));
    const matches = [...rows].filter((row) => inQuery(row) && inGroups(row));
    matches.sort(order(this.#table, sorts[0]));
    this.#last = { question, matches };
    return matches;
  }

  #rows(groups: readonly Group[]): Iterable<Stored> {
    const nowMs = this.#portal.now().getTime();
    const [only, ...others] = groups;
    const since = others.length === 0 ? (only?.since ?? null) : null;
    return since === null ? this.#table.index.rows(nowMs) : this.#table.index.rowsSince(since, nowMs);
  }
}
