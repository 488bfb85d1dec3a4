import type { Portal } from '../portal/portal.ts';
import { LIFECYCLE_STAGES } from '../schema/contact-properties.ts';
import type { End } from '../ties/associations.ts';
import { changeRecord } from './writing.ts';

const STAGE = 'opportunity';

/** Brings those whom a new deal is tied to on to the stage of people with a deal, in portals that do so. */
export function advanceByDeal(portal: Portal, deal: End, by: number): void {
  if (!portal.switches.dealAdvancesStage || deal.type.name !== 'deals') return;
  for (const end of portal.associations.neighbours(deal)) {
    if (!['contacts', 'companies'].includes(end.type.name)) continue;
    const before = portal.table(end.type).records.live(end.id);
    const isBehind = LIFECYCLE_STAGES.indexOf(before?.properties.lifecyclestage ?? '') < LIFECYCLE_STAGES.indexOf(STAGE);
    if (before !== undefined && isBehind) changeRecord(portal, end.type, { before, values: new Map([['lifecyclestage', STAGE]]), by });
  }
}
