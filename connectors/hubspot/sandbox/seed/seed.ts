import type { Company, Person, Spelling, Town } from '../../../../src/sandbox/people.ts';
import { randomFrom, seedOf } from '../../../../src/sandbox/random.ts';
import { type Portal, type Table, tableNamed } from '../portal/portal.ts';
import { industryValue } from '../schema/industries.ts';
import { seedSales } from './sales.ts';
import { moments, settle, type Values } from './settle.ts';

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

function seedCompanies(portal: Portal, spellings: readonly Spelling[], random: () => number): ReadonlyMap<string, string> {
  const table = tableNamed(portal, 'companies');
  const companies = [...new Map(spellings.map(({ person }) => [person.company.key, person.company])).values()];
  companies.sort((a, b) => (a.key < b.key ? -1 : 1));
  const momentOf = moments(portal, random);
  return new Map(
    companies.map((company, place) => {
      const record = settle(portal, table, {
        values: companyValues(company),
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
  const [contacts, companies] = [tableNamed(portal, 'contacts'), tableNamed(portal, 'companies')];
  const momentOf = moments(portal, random);
  for (const [place, { person, id }] of spellings.entries()) {
    const owner = portal.owners.all().find(({ email }) => email === person.ownerEmail);
    const values = [['email', freeAddress(contacts, person.email)] as const, ...contactValues(person, owner?.id)];
    const companyId = companyIds.get(person.company.key) ?? '';
    settle(portal, contacts, {
      values: [...values, ['associatedcompanyid', companyId]],
      id,
      ...momentOf(place, spellings.length),
      by: owner?.userId ?? portal.apiUserId,
    });
    portal.associations.label({ type: contacts.type, id }, { type: companies.type, id: companyId }, [1]);
  }
  if (portal.switches.salesData) seedSales(portal, spellings, seed);
  for (const type of portal.types.all()) for (const record of portal.table(type).records.all()) portal.table(type).index.seed(record);
}
