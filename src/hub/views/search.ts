import { type RawBuilder, sql } from 'kysely';
import type { HubField, HubModel } from '../../mapping/mapping.ts';
import type { Db } from '../database.ts';

const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST = 500;

/** What somebody looks for: the text as typed, and the identities that it may stand for. */
export type Search = { readonly text: string; readonly digests: readonly string[] };

/** The records that a search names exactly: by the hub's id, by an identity, or by the id that a connected system gives to one of theirs. */
export async function exactMatches(db: Db, { text, digests }: Search): Promise<readonly string[]> {
  const remote = await sql<{ record_id: string }>`
    select link.record_id from stream join link on link.connection_id = stream.connection_id and link.object = stream.object
    where link.remote_id = ${text} limit ${MOST}`.execute(db);
  const known = await sql<{
    record_id: string;
  }>`select record_id from identity where digest = any(${digests}::uuid[]) limit ${MOST}`.execute(db);
  const own = IS_ID.test(text) ? [text] : [];
  return [...own, ...remote.rows.map((row) => row.record_id), ...known.rows.map((row) => row.record_id)];
}

/** Records one of whose identifying fields begins with `search`, in either case; or whose names do, in the order of the model. */
export function prefixMatches(model: HubModel, object: string | undefined, search: string): RawBuilder<boolean> {
  const begins = `${search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
  const objects = [...model.values()].filter((each) => object === undefined || each.name === object);
  const tests = objects.flatMap((each) => {
    const fields = [...each.fields.values()].filter((field) => field.identity !== null);
    const names = fields.filter((field) => field.identity === 'name');
    const whole = names.length < 2 ? [] : [sql`lower(concat_ws(' ', ${sql.join(names.map(textOf))})) like ${begins}`];
    const any = [...fields.map((field) => sql`lower(${textOf(field)}) like ${begins}`), ...whole];
    return any.length === 0 ? [] : [sql`(record.object = ${each.name} and (${sql.join(any, sql` or `)}))`];
  });
  return tests.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(tests, sql` or `)})`;
}

const textOf = (field: HubField) => sql`record.fields->>${field.name}`;
