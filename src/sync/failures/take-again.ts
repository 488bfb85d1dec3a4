import { sql } from 'kysely';
import type { Delivery, DeliveryPort } from '../../contract/webhook.ts';
import { readAddressee, responseStreams } from '../../hub/arrivals/addressees.ts';
import { keepArrivals } from '../../hub/arrivals/arrivals.ts';
import type { Tx } from '../../hub/database.ts';
import { closeHolds } from '../../hub/records/holds.ts';
import type { RequestAsItCame } from '../../hub/stored.ts';
import { readAddressed } from '../../mapping/arriving/addressed.ts';
import type { Engine } from '../engine.ts';
import { inTransaction } from '../transaction.ts';

type Unread = { readonly connection_id: string | null; readonly detail: Readonly<Record<string, unknown>> };
type Kept = { readonly body: Buffer; readonly request: RequestAsItCame | null };

/** Reads a delivery once more, by the mapping as it is now; why it still cannot be read, or null. What could be read before is stored already. */
export async function takeAgain(engine: Engine, tx: Tx, { connection_id: doorId, detail }: Unread): Promise<string | null> {
  const inputId = String(detail.inputId);
  const addressee = doorId === null ? null : await readAddressee(tx, doorId);
  const port = addressee === null ? undefined : engine.connectors.get(addressee.connector)?.deliveries;
  const { rows } = await sql<Kept>`select body, request from unread_delivery where input_id = ${inputId}`.execute(tx);
  const [kept] = rows;
  if (addressee === null || port === undefined || kept?.request == null)
    return 'This system is asked for its records at its rhythm, so there is nothing to take from the delivery.';
  const { seen, unread } = await readAgain(engine, tx, { addressee, port, delivery: deliveryOf(kept.body, kept.request) });
  if (unread.length > 0) return `It still cannot be read: ${unread.join('; ')}`;
  await keepArrivals(
    tx,
    seen.map((one) => ({ ...one, doorId: addressee.connectionId, inputId })),
  );
  await sql`delete from unread_delivery where input_id = ${inputId}`.execute(tx);
  await sql`update input set state = ${seen.length === 0 ? 'no_op' : 'accepted'}, ended_at = case when ${seen.length === 0} then now() end where id = ${inputId}`.execute(
    tx,
  );
  return null;
}

type Again = {
  readonly addressee: NonNullable<Awaited<ReturnType<typeof readAddressee>>>;
  readonly port: DeliveryPort;
  readonly delivery: Delivery;
};

async function readAgain({ mappings }: Engine, tx: Tx, { addressee, port, delivery }: Again) {
  return readAddressed(mappings, { ...addressee, responseStreams: await responseStreams(tx) }, { port, delivery });
}

function deliveryOf(body: Buffer, { method, url, headers, receivedAt }: RequestAsItCame): Delivery {
  const pairs = headers.map(([name, value]): [string, string] => [name, value]);
  return { method, url, headers: new Headers(pairs), body: new Uint8Array(body), receivedAt: new Date(receivedAt) };
}

/** Reads all deliveries again that could not be read, on one connection or on all, each by itself; how many can be read by now. */
export async function takeAllAgain(engine: Engine, connectionId: string | undefined, actor: string): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from hold where kind = 'unread' and closed_at is null and (${connectionId ?? null}::uuid is null or connection_id = ${connectionId ?? null}::uuid)
    order by id`.execute(engine.hub);
  let taken = 0;
  for (const { id } of rows) {
    const refused = await inTransaction(engine.hub, async (tx) => {
      const { rows: open } = await sql<Unread>`
        select connection_id, detail from hold where id = ${id} and closed_at is null for update`.execute(tx);
      const [hold] = open;
      if (hold === undefined) return 'somebody else has decided it';
      const why = await takeAgain(engine, tx, hold);
      if (why === null) await closeHolds(tx, [id], actor, { again: true });
      return why;
    });
    if (refused === null) taken += 1;
  }
  return taken;
}
