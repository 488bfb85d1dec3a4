import { must } from '../../../../src/kernel/must.ts';
import type { Company, Person, Spelling, Town } from '../../../../src/sandbox/people.ts';
import { chance, randomFrom, seedOf } from '../../../../src/sandbox/random.ts';
import { longId } from '../ids.ts';
import type { Org } from '../org.ts';
import { followAccount } from '../records/relations.ts';
import { blank } from '../records/rows.ts';
import { storedValue } from '../records/values.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Row, Value } from '../store/row.ts';

const DAY_MS = 86_400_000;
const TWO_YEARS_MS = 730 * DAY_MS;
/** Rows of one bulk load carry one stamp. */
const LOAD_ROWS = 250;

const STAGES: Readonly<Record<Person['lifecycle'], string>> = {
  subscriber: 'Subscriber',
  lead: 'Lead',
  marketingqualifiedlead: 'Marketing Qualified Lead',
  salesqualifiedlead: 'Sales Qualified Lead',
  opportunity: 'Opportunity',
  customer: 'Customer',
  evangelist: 'Evangelist',
};

/** Fills the org with the people of the town that it knows, their companies as accounts, and the town's owners as users. */
export function seedOrg(org: Org, town: Town, seed: number): void {
  const times = timesOf(org, seed);
  const owners = seedUsers(org, town, times.at);
  seedOrganization(org, times.at);
  const spellings = town.inSystem('salesforce');
  const accounts = seedAccounts(org, spellings, times);
  const schema = org.schema('Contact');
  for (const { person, id } of spellings) {
    const ownerId = owners.get(person.ownerEmail.toLowerCase()) ?? org.apiUserId;
    const values = { ...personValues(person), AccountId: must(accounts.get(person.company.key), 'account'), OwnerId: ownerId };
    plant(org, schema, { id: longId(id), values, stamps: times.next(ownerId) });
    relate(org, longId(id));
  }
}

/** What following a contact's account would have left. */
function relate(org: Org, id: string): void {
  const after = org.row('Contact', id);
  followAccount(
    org,
    { before: null, after, given: new Set(), caller: { kind: 'api', userId: org.apiUserId, allowSave: true, autoAssign: false } },
    null,
  );
}

type Stamps = Readonly<Record<'CreatedDate' | 'LastModifiedDate' | 'SystemModstamp', number>> & {
  readonly CreatedById: string;
  readonly LastModifiedById: string;
};
type Times = { readonly at: Stamps; next(userId: string): Stamps };

/** Dates over two years: two rows in five come from bulk loads, and a few were touched by the platform after their last edit. */
function timesOf(org: Org, seed: number): Times {
  const random = randomFrom(seedOf(seed, 'salesforce times'));
  const end = org.stamp() - 1000;
  const start = end - TWO_YEARS_MS;
  const between = (from: number, to: number) => Math.floor((from + random() * (to - from)) / 1000) * 1000;
  let loadAt = between(start, end);
  let loaded = 0;
  const stamps = (created: number, modified: number, touched: number, userId: string): Stamps => ({
    CreatedDate: created,
    LastModifiedDate: modified,
    SystemModstamp: touched,
    CreatedById: org.apiUserId,
    LastModifiedById: userId,
  });
  const next = (userId: string): Stamps => {
    if (chance(random, 0.4)) {
      if (loaded % LOAD_ROWS === LOAD_ROWS - 1) loadAt = between(start, end);
      loaded += 1;
      return stamps(loadAt, loadAt, loadAt, org.apiUserId);
    }
    const created = between(start, end);
    const modified = between(created, end);
    return stamps(created, modified, chance(random, 0.1) ? between(modified, end) : modified, userId);
  };
  return { at: stamps(start, start, start, org.apiUserId), next };
}

type Plant = { readonly id: string; readonly values: Readonly<Record<string, Value>>; readonly stamps: Stamps };

/** Stores a row as the org's rules would have kept it; a value that they refuse is an error of the town. */
function plant(org: Org, schema: ObjectSchema, { id, values, stamps }: Plant): void {
  const row: Record<string, Value> = blank(schema);
  for (const [name, value] of Object.entries(values)) {
    row[name] = storedValue(must(schema.fields.get(name.toLowerCase()), `field ${name}`), value, org.switches);
  }
  const whole: Row = { ...row, ...stamps, Id: id, IsDeleted: false };
  org.store.write(schema.name, whole, null);
}

function personValues(person: Person): Readonly<Record<string, Value>> {
  return {
    FirstName: person.firstName,
    LastName: person.lastName,
    Email: person.email,
    Phone: person.phone,
    MobilePhone: person.mobile,
    Title: person.title,
    MailingStreet: person.street,
    MailingCity: person.city,
    MailingState: person.state,
    MailingPostalCode: person.postalCode,
    MailingCountry: person.country,
    Lifecycle_Stage__c: STAGES[person.lifecycle],
  };
}

function companyValues(company: Company): Readonly<Record<string, Value>> {
  return {
    Name: company.name,
    Website: company.domain,
    Phone: company.phone,
    Industry: titled(company.industry),
    BillingCity: company.city,
    BillingCountry: company.country,
    NumberOfEmployees: company.employees,
  };
}

/** COMPUTER_SOFTWARE as people in this org write it: Computer Software. */
function titled(industry: string): string {
  if (industry !== industry.toUpperCase()) return industry;
  return industry
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

function seedAccounts(org: Org, spellings: readonly Spelling[], times: Times): ReadonlyMap<string, string> {
  const schema = org.schema('Account');
  const ids = new Map<string, string>();
  for (const { company } of spellings.map(({ person }) => person)) {
    if (ids.has(company.key)) continue;
    const id = org.newId(schema);
    ids.set(company.key, id);
    plant(org, schema, { id, values: { ...companyValues(company), OwnerId: org.apiUserId }, stamps: times.next(org.apiUserId) });
  }
  return ids;
}

/** The integration user comes first: its id is the one that the org signs API writes with. */
function seedUsers(org: Org, town: Town, stamps: Stamps): ReadonlyMap<string, string> {
  const schema = org.schema('User');
  const integration = { email: 'integration@sandbox.example', firstName: 'Integration', lastName: 'User' };
  const ids = new Map<string, string>();
  for (const { email, firstName, lastName } of [integration, ...town.owners]) {
    const id = org.newId(schema);
    ids.set(email.toLowerCase(), id);
    const values = { Username: email, FirstName: firstName, LastName: lastName, Email: email, IsActive: true, UserType: 'Standard' };
    plant(org, schema, { id, values, stamps });
  }
  return ids;
}

function seedOrganization(org: Org, stamps: Stamps): void {
  const values = {
    Name: 'Syncline Sandbox',
    InstanceName: 'SBX1',
    IsSandbox: true,
    OrganizationType: 'Enterprise Edition',
    LanguageLocaleKey: 'en_US',
  };
  plant(org, org.schema('Organization'), { id: org.id, values, stamps });
}
