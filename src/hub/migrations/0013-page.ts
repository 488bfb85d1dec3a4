import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- How an operator wants to be spoken to; null: as the browser asks.
alter table operator add column language text check (language in ('en', 'ja', 'th'));
alter table operator add column time_zone text;
`;

/** Language and time zone of each operator. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
