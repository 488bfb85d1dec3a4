import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- What stood in a place until it was removed, while the place waits to be made again: whoever restores it is no stranger.
create index link_formerly on link (connection_id, object, (evidence ->> 'formerly')) where remote_id is null and evidence ? 'formerly';
`;

/** Records that are restored over there while the hub is about to make them again are found by the id that they had. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
