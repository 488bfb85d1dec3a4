import type { Portal, Table } from '../portal/portal.ts';
import { advanceByDeal } from '../records/advancing.ts';
import type { Stored } from '../records/records.ts';
import type { Values } from '../records/values.ts';
import { createRecord } from '../records/writing.ts';
import { type InlineTie, tieInline } from './inline-ties.ts';

/** Creates a record with the ties that its create asked for. */
export function createTied(
  portal: Portal,
  table: Table,
  { values, ties, by }: { readonly values: Values; readonly ties: readonly InlineTie[]; readonly by: number },
): Stored {
  const record = createRecord(portal, table.type, { values, by });
  const self = { type: table.type, id: record.id };
  tieInline(portal, self, { ties, by });
  advanceByDeal(portal, self, by);
  return table.records.live(record.id) ?? record;
}
