import type { Client } from '../http/client.ts';
import type { Dependants } from '../object-types.ts';
import { short } from '../read/by-ids.ts';
import { queryPages, selectFrom } from '../read/query.ts';
import { listsThatFit, literal } from '../read/soql.ts';

/** Which of the records would take others with them, by the short form of their ids: one call, and rarely one more. */
export async function withDependants(client: Client, dependants: Dependants, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const holding = new Set<string>();
  let open = ids;
  while (open.length > 0) {
    const before = holding.size;
    for (const id of await holdersOnFirstPages(client, dependants, open)) holding.add(short(id));
    // A full page may be about few of them: the others are asked about again, until a look finds none.
    open = holding.size === before ? [] : open.filter((id) => !holding.has(short(id)));
  }
  return holding;
}

async function holdersOnFirstPages(client: Client, { sobject, column }: Dependants, ids: readonly string[]): Promise<readonly string[]> {
  const head = `${selectFrom(sobject, [column])} WHERE ${column} IN `;
  const holders: string[] = [];
  for (const list of listsThatFit(ids, head)) {
    const { value: page } = await queryPages(client, `${head}(${list.map(literal).join(',')})`, { all: false }).next();
    for (const { cells } of page?.rows ?? []) if (typeof cells[column] === 'string') holders.push(cells[column]);
  }
  return holders;
}
