import type { Room } from '../room.ts';
import type { UpdateRow } from './update-row.ts';

const STAGE = 'lifecyclestage';
const USUAL_ORDER = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
];

/**
 * What to write first for the rows that move a lifecycle stage backwards: HubSpot lets a stage go forward only, or out of nothing, so
 * such a stage is emptied before the new one is set.
 */
export async function stepsBack(room: Room, rows: readonly UpdateRow[]): Promise<readonly UpdateRow[]> {
  const options = (await room.properties()).get(STAGE)?.options?.map(({ value }) => value);
  const order = options ?? USUAL_ORDER;
  return rows
    .filter(({ properties, update }) => {
      const [before, after] = [update.seen[STAGE], properties[STAGE]];
      if (typeof before !== 'string' || after === undefined || after === '') return false;
      return order.includes(after) && order.indexOf(after) < order.indexOf(before);
    })
    .map((row) => ({ ...row, properties: { [STAGE]: '' } }));
}
