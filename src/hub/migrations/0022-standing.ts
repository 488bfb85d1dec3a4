import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- Most links are in sync and stay so; the others are listed by how they stand, the newest first.
create index link_standing on link (state, id) where state <> 'in_sync';
`;

/** The few records that wait, fail, are held, or are left out are listed without reading all those that are in sync. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
