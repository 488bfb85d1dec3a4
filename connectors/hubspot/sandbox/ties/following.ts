import type { ObjectType } from '../portal/object-types.ts';
import { type Portal, tiesOf } from '../portal/portal.ts';
import { keep, nextTouch, touchRecord, withValues } from '../records/keeping.ts';
import type { End } from './associations.ts';

function primaryCompanyOf(portal: Portal, contact: End, companies: ObjectType): string | null {
  const primary = portal.associations.primaryOf(contact, companies);
  return primary !== null && tiesOf(portal, contact, companies).some(({ id }) => id === primary) ? primary : null;
}

/** Brings `associatedcompanyid` in step with the primary company; whether the modified date moves is a switch. */
export function followTies(portal: Portal, ends: readonly End[]): void {
  const companies = portal.types.named('companies');
  for (const end of ends) {
    const table = portal.table(end.type);
    const before = table.records.live(end.id);
    if (before === undefined) continue;
    const primary = end.type.name === 'contacts' ? primaryCompanyOf(portal, end, companies) : null;
    const moved = (before.properties.associatedcompanyid ?? null) !== primary;
    const record = moved
      ? keep(portal, table, { ...before, properties: withValues(before.properties, [['associatedcompanyid', primary]]) })
      : before;
    if (portal.switches.associationBumps) touchRecord(portal, table, { record, at: nextTouch(portal, record) });
  }
}

/** The contacts at the other end see their primary come or go. */
export function followNeighbours(portal: Portal, end: End): void {
  followTies(
    portal,
    portal.associations.neighbours(end).filter(({ type }) => type.name === 'contacts'),
  );
}
