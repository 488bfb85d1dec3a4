import { sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import type { Db } from '../database.ts';
import { newId } from '../ids.ts';
import type { HoldKind } from '../stored.ts';

/** A decision that waits for a person. `detail` holds the values to choose from, and what its cause is told by. */
export type OpenHold = {
  readonly kind: HoldKind;
  /** Null where no connection has a part in it. */
  readonly connectionId: string | null;
  readonly object: string;
  readonly remoteId: string | null;
  readonly recordId: string | null;
  readonly linkId: string | null;
  readonly field: string | null;
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** Opens holds; one that is open already for the same thing stays as it is, with the newer reason and detail. */
export async function openHolds(db: Db, holds: readonly OpenHold[]): Promise<void> {
  if (holds.length === 0) return;
  await sql`
    insert into hold (id, kind, connection_id, object, remote_id, record_id, link_id, field, reason, detail, cause)
    select h.id, h.kind, h.connection_id, h.object, h.remote_id, h.record_id, h.link_id, h.field, h.reason, h.detail::jsonb, h.cause
    from unnest(${holds.map(() => newId())}::uuid[], ${holds.map((h) => h.kind)}::text[], ${holds.map((h) => h.connectionId)}::uuid[], ${holds.map((h) => h.object)}::text[],
      ${holds.map((h) => h.remoteId)}::text[], ${holds.map((h) => h.recordId)}::uuid[], ${holds.map((h) => h.linkId)}::uuid[], ${holds.map((h) => h.field)}::text[],
      ${holds.map((h) => h.reason)}::text[], ${holds.map((h) => JSON.stringify(h.detail))}::text[], ${holds.map((h) => causeOf(h))}::text[])
      as h (id, kind, connection_id, object, remote_id, record_id, link_id, field, reason, detail, cause)
    on conflict (connection_id, object, coalesce(link_id::text, remote_id, detail ->> 'what'), kind, coalesce(field, '')) where closed_at is null
    do update set reason = excluded.reason, detail = excluded.detail, cause = excluded.cause`.execute(db);
}

export async function closeHolds(db: Db, ids: readonly string[], by: string, decision: unknown): Promise<void> {
  if (ids.length === 0) return;
  await sql`update hold set closed_at = now(), closed_by = ${by}, decision = ${JSON.stringify(decision)}::jsonb where id = any(${ids}::uuid[]) and closed_at is null`.execute(
    db,
  );
}
