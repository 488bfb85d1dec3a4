import type { Observation } from '../../contract/records.ts';
import type { Mapping } from '../mappings.ts';
import { readItem } from './read-item.ts';
import { itemsOf } from './tree-item.ts';

/** What a delivery has shown under one mapping, and what of it could not be read. */
export type ReadDelivery = { readonly seen: readonly Observation[]; readonly unread: readonly string[] };

const MOST_REASONS = 20;

/** Reads the body of a delivery by a mapping. One item that cannot be read spoils no other. */
export function readDelivery(mapping: Mapping, body: unknown, receivedAt: string): ReadDelivery {
  const { reading } = mapping;
  if (reading?.kind !== 'delivery') return { seen: [], unread: [`${mapping.file} does not say how to read deliveries`] };
  const read = itemsOf(body, reading.items).map((item) => readItem(mapping, reading, { item, receivedAt }));
  const unread = read.flatMap((one) => (one.kind === 'refused' ? [`${one.place}: ${one.reason}`] : []));
  return {
    seen: read.flatMap((one) => (one.kind === 'seen' ? [one.seen] : [])),
    unread: unread.length <= MOST_REASONS ? unread : [...unread.slice(0, MOST_REASONS), `and ${unread.length - MOST_REASONS} more`],
  };
}
