import { sql } from 'kysely';
import { indexBy } from '../../kernel/lists.ts';
import type { Hub } from '../database.ts';
import { newId } from '../ids.ts';
import { openHolds } from '../records/holds.ts';
import type { RequestAsItCame } from '../stored.ts';
import { type Arrival, keepArrivals } from './arrivals.ts';

/** A signed delivery, as it is to be kept: what it gives a reason to look at, and what of it could not be read. */
export type Accepted = {
  readonly connectionId: string;
  /** The same for the same delivery, however often it comes. */
  readonly key: string;
  readonly looks: readonly { readonly streamId: string; readonly scope: string; readonly remoteId: string }[];
  /** How long they wait for others. */
  readonly gatherMs: number;
  /** Events of other accounts, which nobody has connected. */
  readonly strangers: number;
  /** With the body as it came, where anything could not be read. */
  readonly unread: { readonly reasons: readonly string[]; readonly body: Uint8Array; readonly request?: RequestAsItCame } | null;
  /** What it shows of records that nobody can be asked for. */
  readonly arrivals?: readonly Arrival[];
};
export type Kept = 'accepted' | 'duplicate';

/**
 * Keeps deliveries, all in one transaction. One that came before counts as a duplicate; where the looks of the first are over it asks for them again,
 * since what it tells of may have happened since.
 */
export async function keepDeliveries(hub: Hub, given: readonly Accepted[]): Promise<readonly Kept[]> {
  const known = indexBy(given, keyOf);
  const once = [...known.values()].map((one) => ({
    ...one,
    id: newId(),
    times: given.filter((other) => keyOf(other) === keyOf(one)).length,
  }));
  const fresh = await hub.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string; connectionId: string; key: string; fresh: boolean; ended: boolean }>`
      insert into input (id, kind, actor, key, request_hash, state, repeats, ended_at)
      select g.id, 'webhook', g.actor, g.key, g.key, g.state, g.repeats, case when g.state = 'accepted' then null else now() end
      from unnest(${once.map((one) => one.id)}::uuid[], ${once.map((one) => one.connectionId)}::text[], ${once.map((one) => one.key)}::text[],
        ${once.map(stateOf)}::text[], ${once.map((one) => one.times - 1)}::int[]) as g (id, actor, key, state, repeats)
      order by g.actor, g.key
      on conflict (actor, key) do update set repeats = input.repeats + excluded.repeats + 1
      returning id, actor as "connectionId", key, xmax = 0 as fresh, ended_at is not null as ended`.execute(tx);
    const stored = indexBy(rows, keyOf);
    const looks = once.flatMap((one) => {
      const row = stored.get(keyOf(one));
      return row === undefined || !(row.fresh || row.ended)
        ? []
        : one.looks.map((look) => ({ ...look, inputId: row.id, gatherMs: one.gatherMs }));
    });
    await sql`
      insert into look (stream_id, scope, remote_id, input_id, noted_at)
      select l.stream_id, l.scope, l.remote_id, l.input_id, now() + l.gather_ms * interval '1 ms'
      from unnest(${looks.map((l) => l.streamId)}::uuid[], ${looks.map((l) => l.scope)}::text[], ${looks.map((l) => l.remoteId)}::text[],
        ${looks.map((l) => l.inputId)}::uuid[], ${looks.map((l) => l.gatherMs)}::float8[]) as l (stream_id, scope, remote_id, input_id, gather_ms)
      join stream s on s.id = l.stream_id
      on conflict do nothing`.execute(tx);
    await keepArrivals(
      tx,
      once.flatMap((one) => {
        const row = stored.get(keyOf(one));
        return row?.fresh === true ? (one.arrivals ?? []).map((arrival) => ({ ...arrival, inputId: row.id })) : [];
      }),
    );
    await keepUnread(
      tx,
      once.filter((one) => stored.get(keyOf(one))?.fresh === true),
    );
    return new Set(rows.filter((row) => row.fresh).map(keyOf));
  });
  const told = new Set<string>();
  return given.map((one) => {
    const isFirst = fresh.has(keyOf(one)) && !told.has(keyOf(one));
    told.add(keyOf(one));
    return isFirst ? 'accepted' : 'duplicate';
  });
}

const keyOf = (one: { readonly connectionId: string; readonly key: string }): string => `${one.connectionId}|${one.key}`;

/** What there is nothing to look at or to store for ends as it comes. */
function stateOf({ looks, arrivals = [], unread, strangers }: Accepted): string {
  if (looks.length + arrivals.length > 0) return 'accepted';
  if (unread !== null) return 'held';
  return strangers > 0 ? 'refused' : 'no_op';
}

type Stored = Accepted & { readonly id: string };

async function keepUnread(tx: Parameters<typeof openHolds>[0], given: readonly Stored[]): Promise<void> {
  for (const { id, connectionId, unread } of given) {
    if (unread === null) continue;
    const { reasons, body, request } = unread;
    await tx
      .insertInto('unread_delivery')
      .values({
        input_id: id,
        body: Buffer.from(body),
        reasons: [...reasons],
        request: request === undefined ? null : JSON.stringify(request),
      })
      .execute();
    await openHolds(tx, [
      {
        kind: 'unread',
        connectionId,
        object: 'webhook',
        remoteId: null,
        recordId: null,
        linkId: null,
        field: null,
        reason: reasons.join('; '),
        detail: { what: id, inputId: id, ...(request === undefined ? {} : { because: 'arrived' }) },
      },
    ]);
  }
}
