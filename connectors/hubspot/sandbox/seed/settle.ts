import { between, chance } from '../../../../src/sandbox/random.ts';
import type { Portal, Table } from '../portal/portal.ts';
import { claimAll } from '../records/keeping.ts';
import type { Stored } from '../records/records.ts';
import { newRecord } from '../records/writing.ts';

const SPAN_MS = 2 * 365 * 86_400_000;

export type Values = readonly (readonly [name: string, value: string | null])[];
export type Moments = (place: number, of: number) => { readonly createdAt: string; readonly updatedAt: string };

/** Moments spread over the two years before now: created one after the other, modified at any time since. */
export function moments(portal: Portal, random: () => number): Moments {
  const nowMs = portal.now().getTime();
  return (place, of) => {
    const createdMs = Math.floor(nowMs - SPAN_MS + (SPAN_MS * (place + random())) / (of + 1));
    const updatedMs = chance(random, 0.3) ? createdMs : between(random, createdMs, nowMs - 60_000);
    return { createdAt: new Date(createdMs).toISOString(), updatedAt: new Date(Math.max(createdMs, updatedMs)).toISOString() };
  };
}

type Settled = {
  readonly values: Values;
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly by: number;
};

/** Puts a record there as if it had been there for long: nobody hears of it, and search sees it at once. */
export function settle(portal: Portal, table: Table, { values, id, createdAt, updatedAt, by }: Settled): Stored {
  const filled = new Map(values.filter(([, value]) => value !== null && value !== ''));
  const fresh = newRecord(portal, table.type, { values: filled, id, createdAt, by });
  const properties = { ...fresh.properties, [table.type.modified]: updatedAt, hs_lastmodifieddate: updatedAt };
  const record = { ...fresh, updatedAt, properties };
  table.records.insert(record);
  claimAll(table, record);
  return record;
}
