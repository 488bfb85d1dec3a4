import { createHash } from 'node:crypto';
import pg from 'pg';

/**
 * The end-to-end floor: pages over HTTP, parse, hash, compare, and four plain tables in one statement for 500 records; no mapping, no matching,
 * no merge, no cursor. What a hub costs beyond it is what it does for its keep.
 */
const TABLES = `
drop schema if exists floor cascade;
create schema floor;
create table floor.record (id text primary key, fields jsonb not null);
create table floor.observation (id text primary key, fields jsonb not null, hash uuid not null, changed_at timestamptz not null);
create table floor.link (id text primary key, record_id text not null, base jsonb not null);
create table floor.journal (id bigint generated always as identity primary key, record_id text not null, fields jsonb not null);
`;

const STORE = `
with seen as (select * from unnest($1::text[], $2::jsonb[], $3::uuid[], $4::timestamptz[]) as s (id, fields, hash, changed_at)),
o as (insert into floor.observation select * from seen on conflict (id) do update set fields = excluded.fields, hash = excluded.hash, changed_at = excluded.changed_at),
r as (insert into floor.record select id, fields from seen on conflict (id) do update set fields = excluded.fields),
l as (insert into floor.link select id, id, fields from seen on conflict (id) do update set base = excluded.base)
insert into floor.journal (record_id, fields) select id, fields from seen`;

type Raw = { id: string; properties: Record<string, string | null>; updatedAt: string };

const digest = (text: string): string => createHash('md5').update(text).digest('hex');

export type Floor = {
  prepare(): Promise<void>;
  read(origin: string, path: string): Promise<{ records: number; written: number }>;
  close(): Promise<void>;
};

export async function openFloor(databaseUrl: string): Promise<Floor> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const store = async (lot: readonly Raw[]): Promise<number> => {
    const hashes = lot.map((raw) => digest(JSON.stringify(raw)));
    const { rows } = await client.query<{ id: string; hash: string }>('select id, hash from floor.observation where id = any($1::text[])', [
      lot.map((raw) => raw.id),
    ]);
    const known = new Map(rows.map((row) => [row.id, row.hash.replaceAll('-', '')]));
    const changed = lot.map((raw, i) => ({ raw, hash: hashes[i] ?? '' })).filter(({ raw, hash }) => known.get(raw.id) !== hash);
    if (changed.length === 0) return 0;
    await client.query(STORE, [
      changed.map(({ raw }) => raw.id),
      changed.map(({ raw }) => JSON.stringify(raw.properties)),
      changed.map(({ hash }) => hash),
      changed.map(({ raw }) => raw.updatedAt),
    ]);
    return changed.length;
  };
  return {
    prepare: async () => void (await client.query(TABLES)),
    async read(origin, path) {
      let after: string | undefined;
      let lot: Raw[] = [];
      let storing: Promise<number> = Promise.resolve(0);
      const total = { records: 0, written: 0 };
      do {
        const answer = await fetch(`${origin}${path}?limit=100${after === undefined ? '' : `&after=${after}`}`);
        const page = (await answer.json()) as { results: Raw[]; paging?: { next: { after: string } } };
        lot.push(...page.results);
        after = page.paging?.next.after;
        if (lot.length < 500 && after !== undefined) continue;
        total.records += lot.length;
        total.written += await storing;
        storing = store(lot);
        lot = [];
      } while (after !== undefined);
      total.written += await storing;
      return total;
    },
    close: () => client.end(),
  };
}
