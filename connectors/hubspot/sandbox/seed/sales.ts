import type { Spelling } from '../../../../src/sandbox/people.ts';
import { between, chance, pick, randomFrom, seedOf } from '../../../../src/sandbox/random.ts';
import { type Portal, tableNamed } from '../portal/portal.ts';
import { activitiesOf } from './activities.ts';
import { moments, settle, type Values } from './settle.ts';
import { DEALS, TICKETS } from './words.ts';

/** A record that is to be there, and the ties that it has. */
export type Wanted = { readonly object: string; readonly values: Values };
type Around = { readonly spelling: Spelling; readonly ownerId: string | null; readonly random: () => number; readonly nowMs: number };

const OPEN_STAGES = ['appointmentscheduled', 'qualifiedtobuy', 'presentationscheduled', 'decisionmakerboughtin', 'contractsent'];
const DAY_MS = 86_400_000;

function stageOf(lifecycle: string, random: () => number): string | null {
  if (lifecycle === 'customer' || lifecycle === 'evangelist') return 'closedwon';
  if (lifecycle === 'opportunity') return pick(random, OPEN_STAGES);
  return lifecycle === 'salesqualifiedlead' && chance(random, 0.4) ? 'closedlost' : null;
}

function dealsOf({ spelling: { person }, ownerId, random, nowMs }: Around): readonly Wanted[] {
  const stage = stageOf(person.lifecycle, random);
  if (stage === null) return [];
  const closeMs = stage.startsWith('closed') ? nowMs - between(random, 1, 500) * DAY_MS : nowMs + between(random, 5, 120) * DAY_MS;
  const values: Values = [
    ['dealname', `${person.company.name} - ${pick(random, DEALS[person.locale])}`],
    ['pipeline', 'default'],
    ['dealstage', stage],
    ['amount', String(between(random, 4, 400) * 250)],
    ['deal_currency_code', 'EUR'],
    ['closedate', new Date(closeMs).toISOString()],
    ['dealtype', chance(random, 0.7) ? 'newbusiness' : 'existingbusiness'],
    ['hubspot_owner_id', ownerId],
  ];
  return [{ object: 'deals', values }];
}

function ticketsOf({ spelling: { person }, ownerId, random }: Around): readonly Wanted[] {
  if (!['customer', 'evangelist'].includes(person.lifecycle) || chance(random, 0.6)) return [];
  const subject = pick(random, TICKETS[person.locale]);
  const values: Values = [
    ['subject', subject],
    ['content', `${subject} (${person.firstName} ${person.lastName})`],
    ['hs_pipeline', '0'],
    ['hs_pipeline_stage', pick(random, ['1', '2', '3', '4'])],
    ['hs_ticket_priority', pick(random, ['LOW', 'MEDIUM', 'HIGH'])],
    ['hubspot_owner_id', ownerId],
  ];
  return [{ object: 'tickets', values }];
}

/** The deals, tickets, and activities of the people who were settled, tied to them and to their companies. */
export function seedSales(portal: Portal, spellings: readonly Spelling[], seed: number): void {
  const random = randomFrom(seedOf(seed, 'hubspot sales'));
  const momentOf = moments(portal, random);
  const companies = portal.types.named('companies');
  for (const [place, spelling] of spellings.entries()) {
    const owner = portal.owners.all().find(({ email }) => email === spelling.person.ownerEmail);
    const around = { spelling, ownerId: owner?.id ?? null, random, nowMs: portal.now().getTime() };
    const contact = { type: portal.types.named('contacts'), id: spelling.id };
    const companyId = portal.associations.primaryOf(contact, companies);
    for (const { object, values } of [...dealsOf(around), ...ticketsOf(around), ...activitiesOf(around)]) {
      const table = tableNamed(portal, object);
      const by = owner?.userId ?? portal.apiUserId;
      const { id } = settle(portal, table, { values, id: table.records.nextId(), ...momentOf(place, spellings.length), by });
      const self = { type: table.type, id };
      portal.associations.tie(self, contact);
      if (companyId === null) continue;
      const primary = portal.associations.types(table.type, companies).find(({ kind }) => kind === 'primary');
      const company = { type: companies, id: companyId };
      if (primary === undefined) portal.associations.tie(self, company);
      else portal.associations.label(self, company, [primary.typeId]);
    }
  }
}
