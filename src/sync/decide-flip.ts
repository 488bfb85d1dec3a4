import { sql } from 'kysely';
import type { Tx } from '../hub/database.ts';

/** A field of a record that is frozen since it went back and forth. */
export type Flip = { readonly recordId: string; readonly field: string };

/** Lets a frozen field flow again, and counts afresh. */
export async function releaseFlip(tx: Tx, { recordId }: Pick<Flip, 'recordId'>): Promise<void> {
  await sql`update record set dirty = true where id = ${recordId}`.execute(tx);
}

/** Lets the value that the hub holds now stand against what the systems hold, as somebody's edit of this moment. */
export async function letStand(tx: Tx, { recordId, field }: Flip): Promise<void> {
  await sql`
    update record set dirty = true, stamps = stamps || jsonb_build_object(${field}::text,
      jsonb_build_array(to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'hub')) where id = ${recordId}`.execute(
    tx,
  );
  await sql`update link set base = base - ${field}::text where record_id = ${recordId}`.execute(tx);
}
