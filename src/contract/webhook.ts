import type { Fields, Scope } from './records.ts';

/** One request that a vendor sent us, exactly as it came: signatures are over these bytes. `receivedAt` is when, by the hub's clock. */
export type Delivery = {
  readonly method: string;
  /** The public address that the vendor called, with its query as it was sent. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly receivedAt: Date;
};

/** Why a record should be looked at. The look decides what happened; this only says what to be ready for. */
export type HintReason = 'changed' | 'tied' | 'merged' | 'removed' | 'restored' | 'erased';

/** A reason to look at one record. It says nothing of what the record holds: events come late, twice, and in any order. */
export type Hint = {
  readonly object: string;
  readonly scope: Scope;
  readonly id: string;
  readonly reason: HintReason;
  /** The account over there, where the delivery names it: one address may serve several. */
  readonly account: string | null;
};

/** What a delivery asks for. `unread`: what is wrong with each of its events that could not be read; the others count all the same. */
export type Hints = { readonly hints: readonly Hint[]; readonly unread: readonly string[] };

/** How a vendor tells of changes by itself. It owns no clock and no secret. */
export type WebhookPort = {
  /** The answer to a challenge, or null when it is none. */
  greet(delivery: Delivery): Response | null;
  /** Whether the vendor signed it, over the raw bytes and not long ago; constant in time. */
  verify(delivery: Delivery, secret: string): Promise<boolean>;
  /** The records to look at, each once. `broken_answer` when nothing of it can be read. */
  hints(delivery: Delivery): Hints;
};

/** How deliveries bring the records themselves, where there is nobody to ask. `settings` are those of the connection. */
export type DeliveryPort = {
  /** The answer to a challenge, or null when it is none. */
  greet(delivery: Delivery, settings: Fields): Response | null;
  /** Whether the sender signed it, over the raw bytes and not long ago; constant in time. */
  verify(delivery: Delivery, secret: string, settings: Fields): Promise<boolean>;
  /** The name by which its sender knows the delivery: the same when it is sent again. Null where it has none. */
  nameOf(delivery: Delivery, settings: Fields): string | null;
  /** What the body holds, as a tree that a mapping finds its way in. `broken_answer` when it cannot be read. */
  bodyOf(delivery: Delivery): Promise<unknown>;
};
