import { HubError } from '../../../src/contract/errors.ts';
import type { Client } from '../http/client.ts';
import { parseQueryPage, type QueryPage, type VendorRow } from '../http/wire.ts';
import { columnsBehind, fateOf, type Room } from '../room.ts';
import { columnGroups, listsThatFit, literal, queryPath } from './soql.ts';

type Served = QueryPage & { readonly servedAt: string };

/** The next page's path on whichever host the session is good for now. */
function pathOf(next: string): string {
  const path = next.replace(/^https?:\/\/[^/]+/, '');
  if (!path.startsWith('/services/')) throw new HubError('broken_answer', 'the next page is not an address of the API');
  return path;
}

/** One query with all its pages. Page sizes are the vendor's affair: it shrinks them for wide rows. */
export function queryPages(client: Client, soql: string, { all }: { readonly all: boolean }): AsyncGenerator<Served> {
  return pagesFrom(client, queryPath(soql, { all }));
}

export async function* pagesFrom(client: Client, first: string): AsyncGenerator<Served> {
  let path: string | null = first;
  while (path !== null) {
    const { body, servedAt } = await client.send({ method: 'GET', path });
    if (servedAt === null) throw new HubError('broken_answer', 'a query was answered without a Date, which the next read starts from');
    const page: QueryPage = parseQueryPage(body);
    yield { ...page, servedAt };
    path = page.next === null ? null : pathOf(page.next);
  }
}

/** The head of a query: `columns`, and the two that every row needs. */
export function selectFrom(sobject: string, columns: readonly string[]): string {
  return `SELECT ${[...new Set(['Id', 'SystemModstamp', ...columns])].join(', ')} FROM ${sobject}`;
}

/**
 * The rows whose `column` is one of `values`, deleted ones included, with the columns of all groups put together. As SOQL and not as a
 * collection retrieve, which answers null for deleted and for unknown alike and knows no owner's e-mail.
 */
export async function rowsWhere(
  { client, type }: Pick<Room, 'client' | 'type'>,
  { column, values, groups }: { column: string; values: readonly string[]; groups: readonly (readonly string[])[] },
): Promise<{ readonly rows: ReadonlyMap<string, VendorRow>; readonly servedAt: string | null }> {
  const rows = new Map<string, VendorRow>();
  let servedAt: string | null = null;
  for (const group of groups) {
    const head = `${selectFrom(type.name, [...fateOf(type), ...group])} WHERE ${column} IN `;
    for (const list of listsThatFit(values, head)) {
      for await (const page of queryPages(client, `${head}(${list.map(literal).join(',')})`, { all: true })) {
        servedAt = page.servedAt;
        for (const row of page.rows) {
          const held = rows.get(row.id);
          rows.set(row.id, held === undefined ? row : joined(held, row));
        }
      }
    }
  }
  return { rows, servedAt };
}

// The older stamp stays: what moved between the two answers will be read again.
function joined(held: VendorRow, row: VendorRow): VendorRow {
  return {
    ...held,
    deleted: held.deleted || row.deleted,
    masterId: held.masterId ?? row.masterId,
    cells: { ...row.cells, ...held.cells },
  };
}

/** Completes the rows of a page that was read with the first group only. */
export async function widen(room: Pick<Room, 'client' | 'type'>, rows: readonly VendorRow[], fields: readonly string[]) {
  const groups = columnGroups(columnsBehind(room.type, fields)).slice(1);
  if (groups.length === 0 || rows.length === 0) return rows;
  const { rows: more } = await rowsWhere(room, { column: 'Id', values: rows.map(({ id }) => id), groups });
  return rows.map((row) => ({ ...row, cells: { ...more.get(row.id)?.cells, ...row.cells } }));
}
