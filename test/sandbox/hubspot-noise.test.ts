import { afterEach, expect, test } from 'vitest';
import { handsOf, hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox } from '../../src/sandbox/sandbox.ts';
import { ADA, type OpenPortal, openPortal, START } from './hubspot-portal.ts';

const opened: { close(): Promise<void> }[] = [];
const open = async (...switches: Parameters<typeof openPortal>): Promise<OpenPortal> => {
  const portal = await openPortal(...switches);
  opened.push(portal.stage);
  return portal;
};
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

test('a bulk job gives many contacts one modified date and changes nothing else', async () => {
  const { hands } = await open();
  const values = () => hands.contacts.all().map(({ properties: { lastmodifieddate, hs_lastmodifieddate, ...rest } }) => rest);
  const before = values();
  expect(hands.noise('bulk', 3)).toBe(3);
  expect(new Set(hands.contacts.all().map(({ updatedAt }) => updatedAt)).size).toBe(2);
  expect(values()).toEqual(before);
});

test('scores move a property that nobody writes, and the modified date with it', async () => {
  const { hands, call } = await open();
  const before = new Map(hands.contacts.all().map((one) => [one.id, one]));
  hands.noise('scores', 1);
  const moved = hands.contacts.all().filter((one) => one.updatedAt !== before.get(one.id)?.updatedAt);
  expect(moved).toHaveLength(1);
  expect(Number(moved[0]?.properties.hubspotscore)).toBeGreaterThanOrEqual(0);
  const { body } = await call('GET', '/crm/v3/properties/contacts/hubspotscore');
  expect(body).toMatchObject({ calculated: true, modificationMetadata: { readOnlyValue: true } });
});

test('people edit beside us, and what makes no such noise is refused', async () => {
  const { hands } = await open();
  const before = JSON.stringify(hands.contacts.all());
  expect(hands.noise('people', 5)).toBe(5);
  expect(JSON.stringify(hands.contacts.all())).not.toBe(before);
  expect(() => hands.noise('thunder', 1)).toThrow('There is no noise thunder');
});

test('the same seed tells the same story, and another one another', async () => {
  const story = async (seed: number): Promise<string> => {
    const stage: OpenSandbox = await openSandbox(hubspotSandbox, {
      town: makeTown({ seed: 1, people: 60 }),
      seed,
      now: () => new Date(START),
      switches: { stragglers: 0.3, salesData: true },
    });
    opened.push(stage);
    const hands = handsOf(stage.sandbox);
    hands.noise('scores', 20);
    hands.noise('people', 20);
    const objects = ['contacts', 'companies', 'deals', 'tickets', 'notes', 'tasks', 'calls', 'meetings', 'emails'];
    const token = hands.access.allow({ scope: 'oauth', redirectUri: 'http://127.0.0.1:9/' });
    return JSON.stringify([token, objects.map((object) => hands.records(object).all())]);
  };
  expect(await story(7)).toBe(await story(7));
  expect(await story(7)).not.toBe(await story(8));
});

test('the time of the portal can be let pass on top of its own', async () => {
  const { hands, call } = await open();
  hands.wind(86_400_000);
  hands.contacts.edit(ADA, { city: 'Leeds' });
  expect(hands.contacts.get(ADA)?.updatedAt).toBe('2026-11-23T09:00:00.000Z');
  expect((await call('GET', '/crm/v3/owners')).headers.get('date')).toBe('Mon, 23 Nov 2026 09:00:00 GMT');
});
