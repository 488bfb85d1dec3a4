import { isValidPhoneNumber, parsePhoneNumber } from 'libphonenumber-js/max';
import { expect, test } from 'vitest';
import { groupBy } from '../../src/kernel/lists.ts';
import { INDUSTRIES, makeTown, type Spelling } from '../../src/sandbox/people.ts';
import { randomFrom } from '../../src/sandbox/random.ts';
import { withCaseSuffix } from '../../src/sandbox/spellings.ts';

const town = makeTown({ seed: 7, people: 1_000 });
const hubspot = town.inSystem('hubspot');
const salesforce = town.inSystem('salesforce');
const keys = (spellings: readonly Spelling[]): Set<string> => new Set(spellings.map(({ person }) => person.key));
const share = (part: number): number => part / town.people.length;

test('the same seed builds the same town, another seed another', () => {
  const again = makeTown({ seed: 7, people: 1_000 });
  expect(again.people).toEqual(town.people);
  expect(again.inSystem('salesforce')).toEqual(salesforce);
  expect(makeTown({ seed: 8, people: 1_000 }).people).not.toEqual(town.people);
});

test('how one system spells does not depend on who asked first', () => {
  const again = makeTown({ seed: 7, people: 1_000 });
  again.inSystem('salesforce');
  expect(again.inSystem('hubspot')).toEqual(hubspot);
});

test('its people are English, Japanese, and Thai, each in their own script', () => {
  const by = groupBy(town.people, ({ locale }) => locale);
  expect(share(by.get('en')?.length ?? 0)).toBeCloseTo(0.6, 1);
  expect(share(by.get('ja')?.length ?? 0)).toBeCloseTo(0.25, 1);
  expect(share(by.get('th')?.length ?? 0)).toBeCloseTo(0.15, 1);
  for (const { lastName } of by.get('ja') ?? []) expect(lastName).toMatch(/^[\p{Script=Han}々]+$/u);
  for (const { lastName } of by.get('th') ?? []) expect(lastName).toMatch(/^\p{Script=Thai}+$/u);
});

test('no two people share an address or a mobile number, and every number can be dialled', () => {
  const emails = town.people.flatMap(({ email }) => email ?? []);
  const mobiles = town.people.flatMap(({ mobile }) => mobile ?? []);
  expect(new Set(emails).size).toBe(emails.length);
  expect(new Set(mobiles).size).toBe(mobiles.length);
  const numbers = [...mobiles, ...town.people.flatMap(({ phone }) => phone ?? []), ...town.companies.map(({ phone }) => phone)];
  expect(numbers.filter((number) => !isValidPhoneNumber(number))).toEqual([]);
});

test('some have no e-mail address, and those have a mobile', () => {
  const without = town.people.filter(({ email }) => email === null);
  expect(share(without.length)).toBeCloseTo(0.15, 1);
  expect(without.filter(({ mobile }) => mobile === null)).toEqual([]);
});

test('firms have names and domains of their own, and an industry of the list', () => {
  expect(new Set(town.companies.map(({ domain }) => domain)).size).toBe(town.companies.length);
  expect(new Set(town.companies.map(({ name }) => name)).size).toBe(town.companies.length);
  expect(new Set(town.companies.map(({ key }) => key)).size).toBe(town.companies.length);
  for (const { industry } of town.companies) expect(INDUSTRIES).toContain(industry);
  expect(town.owners).toHaveLength(6);
});

test('each system knows three quarters, and both know more than half', () => {
  const both = [...keys(hubspot)].filter((key) => keys(salesforce).has(key));
  expect(share(keys(hubspot).size)).toBeCloseTo(0.75, 1);
  expect(share(keys(salesforce).size)).toBeCloseTo(0.75, 1);
  expect(share(both.length)).toBeCloseTo(0.55, 1);
  expect(new Set([...keys(hubspot), ...keys(salesforce)]).size).toBeLessThan(town.people.length);
});

test('HubSpot never has one address twice, Salesforce has it for its second copies', () => {
  const emails = hubspot.flatMap(({ person }) => person.email ?? []);
  expect(new Set(emails.map((email) => email.toLowerCase())).size).toBe(emails.length);
  const copies = salesforce.filter(({ copy }) => copy === 1);
  expect(copies.length / salesforce.length).toBeGreaterThan(0.01);
  for (const { person } of copies) {
    const first = salesforce.find((other) => other.copy === 0 && other.person.key === person.key)?.person;
    expect(person.email?.toLowerCase()).toBe(first?.email?.toLowerCase());
    expect(person).not.toEqual(first);
  }
});

test('ids have the form of their vendor', () => {
  expect(hubspot.map(({ id }) => id)).toEqual(hubspot.map((_, nth) => String(1001 + nth)));
  for (const { id } of salesforce) expect(id).toMatch(/^003[0-9A-Za-z]{12}[A-Z0-5]{3}$/);
  for (const { id } of salesforce) expect(withCaseSuffix(id.slice(0, 15))).toBe(id);
  expect(withCaseSuffix('001D000000ISUr3')).toBe('001D000000ISUr3IAH');
  expect(new Set(salesforce.map(({ id }) => id)).size).toBe(salesforce.length);
});

test('who has no e-mail can be found in both systems by mobile and last name', () => {
  const inSalesforce = new Map(salesforce.filter(({ copy }) => copy === 0).map(({ person }) => [person.key, person]));
  const pairs = hubspot.filter(({ person, copy }) => copy === 0 && person.email === null && inSalesforce.has(person.key));
  expect(pairs.length).toBeGreaterThan(30);
  for (const { person } of pairs) {
    const other = inSalesforce.get(person.key);
    expect(parsePhoneNumber(person.mobile ?? '').number).toBe(parsePhoneNumber(other?.mobile ?? '').number);
    expect(person.lastName.trim()).toBe(other?.lastName.trim());
  }
});

test('the systems write the same people differently', () => {
  const inSalesforce = new Map(salesforce.map(({ person }) => [person.key, person]));
  const pairs = hubspot.flatMap(({ person }) => {
    const other = inSalesforce.get(person.key);
    return other === undefined ? [] : [{ here: person, there: other }];
  });
  const differs = (of: (pair: (typeof pairs)[number]) => boolean): number => pairs.filter(of).length;
  expect(differs(({ here, there }) => here.phone !== there.phone)).toBeGreaterThan(50);
  expect(differs(({ here, there }) => here.email !== there.email && here.email === there.email?.toLowerCase())).toBeGreaterThan(20);
  expect(differs(({ here, there }) => here.firstName !== there.firstName)).toBeGreaterThan(20);
  expect(differs(({ here, there }) => here.city !== here.city.trim() || there.city !== there.city.trim())).toBeGreaterThan(3);
});

test('a system whose habits nobody knows is refused', () => {
  expect(() => town.inSystem('ledger')).toThrow(/nobody knows/);
});

test('a city of 200,000 is built in seconds of a processor', () => {
  const started = process.cpuUsage();
  const city = makeTown({ seed: 1, people: 200_000 });
  expect(city.people).toHaveLength(200_000);
  expect(city.inSystem('hubspot').length).toBeGreaterThan(140_000);
  expect(city.inSystem('salesforce').length).toBeGreaterThan(140_000);
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1e6).toBeLessThan(8);
});

test('random numbers repeat with their seed and fill the whole range', () => {
  const [one, same] = [randomFrom(5), randomFrom(5)];
  const drawn = Array.from({ length: 10_000 }, one);
  expect(Array.from({ length: 10_000 }, same)).toEqual(drawn);
  const tenths = new Set(drawn.map((number) => Math.floor(number * 10)));
  expect(tenths).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});
