import type { Company, Person, Spelling, Town } from '../../../src/sandbox/people.ts';
import { between, chance, randomFrom, seedOf } from '../../../src/sandbox/random.ts';
import { OBJECT_TYPES, objectTypeOf } from './portal/object-types.ts';
import type { Portal, Table } from './portal/portal.ts';
import type { Stored } from './records/records.ts';
import { claimAll, newRecord } from './records/writing.ts';
import { industryValue } from './schema/industries.ts';

const YEAR_MS = 365 * 86_400_000;
const SPAN_MS = 2 * YEAR_MS;

type Values = readonly (readonly [name: string, value: string | null])[];

function companyValues(company: Company): Values {
  return [
    ['name', company.name],
    ['domain', company.domain],
    ['website', company.domain],
    ['phone', company.phone],
    ['industry', industryValue(company.industry)],
    ['city', company.city],
    ['country', company.country],
    ['numberofemployees', String(company.employees)],
  ];
}

function contactValues(person: Person, ownerId: string | undefined): Values {
  return [
    ['firstname', person.firstName],
    ['lastname', person.lastName],
    ['phone', person.phone],
    ['mobilephone', person.mobile],
    ['jobtitle', person.title],
    ['company', person.company.name],
    ['address', person.street],
    ['city', person.city],
    ['state', person.state],
    ['zip', person.postalCode],
    ['country', person.country],
    ['lifecyclestage', person.lifecycle],
    ['hubspot_owner_id', ownerId ?? null],
  ];
}

/** Moments spread over the two years before now: created one after the other, modified at any time since. */
function moments(portal: Portal, random: () => number): (place: number, of: number) => { createdAt: string; updatedAt: string } {
  const nowMs = portal.now().getTime();
  return (place, of) => {
    const createdMs = Math.floor(nowMs - SPAN_MS + (SPAN_MS * (place + random())) / (of + 1));
    const updatedMs = chance(random, 0.3) ? createdMs : between(random, createdMs, nowMs - 60_000);
    return { createdAt: new Date(createdMs).toISOString(), updatedAt: new Date(Math.max(createdMs, updatedMs)).toISOString() };
  };
}

type Settled = { readonly id: string; readonly createdAt: string; readonly updatedAt: string; readonly by: number };

function settle(table: Table, values: Values, { id, createdAt, updatedAt, by }: Settled): Stored {
  const filled = new Map(values.filter(([, value]) => value !== null && value !== ''));
  const fresh = newRecord(table.type, filled, { id, createdAt, by });
  const properties = { ...fresh.properties, [table.type.modified]: updatedAt, hs_lastmodifieddate: updatedAt };
  const record = { ...fresh, updatedAt, properties };
  table.records.insert(record);
  claimAll(table, record);
  return record;
}

function seedCompanies(portal: Portal, spellings: readonly Spelling[], random: () => number): ReadonlyMap<string, string> {
  const table = portal.table(objectTypeOf('companies'));
  const companies = [...new Map(spellings.map(({ person }) => [person.company.key, person.company])).values()];
  companies.sort((a, b) => (a.key < b.key ? -1 : 1));
  const momentOf = moments(portal, random);
  return new Map(
    companies.map((company, place) => {
      const record = settle(table, companyValues(company), {
        id: table.records.nextId(),
        ...momentOf(place, companies.length),
        by: portal.apiUserId,
      });
      return [company.key, record.id];
    }),
  );
}

// An address belongs to one contact here: of two spellings of one person the second has none.
function freeAddress(table: Table, email: string | null): string | null {
  const address = email?.trim().toLowerCase() ?? null;
  return address !== null && table.records.holder('email', address) === undefined ? address : null;
}

/** Moves the people whom this portal knows in, with their companies and ties, as if they had been there for up to two years. */
export function seedPortal(portal: Portal, town: Town, seed: number): void {
  const random = randomFrom(seedOf(seed, 'hubspot portal'));
  const spellings = [...town.inSystem('hubspot')].sort((a, b) => Number(a.id) - Number(b.id));
  const companyIds = seedCompanies(portal, spellings, random);
  const [contacts, companies] = [portal.table(objectTypeOf('contacts')), portal.table(objectTypeOf('companies'))];
  const momentOf = moments(portal, random);
  for (const [place, { person, id }] of spellings.entries()) {
    const owner = portal.owners.find(({ email }) => email === person.ownerEmail);
    const values = [['email', freeAddress(contacts, person.email)] as const, ...contactValues(person, owner?.id)];
    const companyId = companyIds.get(person.company.key) ?? '';
    settle(contacts, [...values, ['associatedcompanyid', companyId]], {
      id,
      ...momentOf(place, spellings.length),
      by: owner?.userId ?? portal.apiUserId,
    });
    portal.associations.label({ type: contacts.type, id }, { type: companies.type, id: companyId }, [1]);
  }
  for (const type of OBJECT_TYPES) for (const record of portal.table(type).records.all()) portal.table(type).index.seed(record);
}
