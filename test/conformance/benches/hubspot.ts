import { type HubspotSandbox, hubspotSandbox } from '../../../connectors/hubspot/sandbox/index.ts';
import { must } from '../../../src/kernel/must.ts';
import { type Bench, type Hands, starting } from '../bench.ts';

function handsOn({ contacts, companies }: HubspotSandbox): Hands {
  const recordsOf = (object: string) => (object === 'contact' ? contacts : companies);
  let edits = 0;
  return {
    all: (object) =>
      recordsOf(object)
        .all()
        .map(({ id }) => id),
    crowd(object) {
      const records = recordsOf(object);
      for (let n = records.all().length; n <= 210; n += 1) {
        records.add(object === 'contact' ? { email: `crowd-${n}@example.net` } : { name: `Crowd ${n}` });
      }
      return 'all';
    },
    edit(object) {
      const { id } = must(recordsOf(object).all().at(3), 'a record');
      edits += 1;
      const value = `Edited ${edits}`;
      recordsOf(object).edit(id, { city: value });
      return { id, field: 'city', value };
    },
    remove: (object, id) => recordsOf(object).remove(id),
    restore: (object, id) => recordsOf(object).restore(id),
    merge: (object, id, from) => recordsOf(object).merge(id, from),
  };
}

export const hubspotBench: Bench = {
  connector: 'hubspot',
  definition: hubspotSandbox,
  switches: { searchPerSecond: 10_000, burstPer10s: 100_000, associationsPer10s: 100_000 },
  people: 120,
  lackingRight: { switches: { scopes: '-crm.objects.contacts.read -crm.objects.companies.read' }, faults: [] },
  unknownId: () => '999999999999',
  creates: '*/batch/create',
  withoutKey: { uniqueId: false },
  moods: [
    { lifecycleBackwards: 'refuse' },
    { associationBumps: true },
    { mergeKeepsPrimaryId: true, indexLagMs: 10_000 },
    { uniqueId: false, stragglers: 0.2 },
    { scopes: '-crm.objects.owners.read', indexLagMs: 0 },
  ],
  start: starting(hubspotSandbox, handsOn),
};
