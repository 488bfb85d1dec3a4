import type { Observation } from '../../src/contract/records.ts';

/** Where each id leads since a merge, as observations tell it from either side: the lost one's or the one's that lives on. */
export type Leads = ReadonlyMap<string, string>;

export function leadsOf(seen: Iterable<Observation>): Leads {
  const leads = new Map<string, string>();
  for (const one of seen) {
    if (one.kind === 'gone' && one.mergedInto !== undefined) leads.set(one.id, one.mergedInto.id);
    if (one.kind === 'present') for (const former of one.formerIds ?? []) leads.set(former, one.id);
  }
  return leads;
}

/** The end of a chain; a circle throws. */
export function follow(leads: Leads, id: string): string {
  let at = id;
  for (let steps = 0; leads.has(at); steps += 1) {
    if (steps > leads.size) throw new Error(`${id} leads in a circle`);
    at = leads.get(at) ?? at;
  }
  return at;
}
