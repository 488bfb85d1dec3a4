import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- By what is said of a score: its key, metric, nature, question, and touchpoint. Few values, so it stays small, however many responses there are.
create index response_scores on response using gin (scores jsonb_path_ops);
`;

/** What few responses were asked is counted and listed without reading the others. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
