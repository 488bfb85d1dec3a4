import { afterEach, describe, expect, test } from 'vitest';
import { salesforce } from '../../connectors/salesforce/index.ts';
import { salesforceHand, salesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { AnyPort, Ask } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Create, Cursor, Fields, Observation, Page, Update } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox, type Town } from '../../src/sandbox/sandbox.ts';
import { testSession } from '../support/session.ts';

const FIELDS = [
  ...['Email', 'FirstName', 'LastName', 'Phone', 'MobilePhone', 'Title', 'MailingStreet', 'MailingCity', 'MailingCountry', 'AccountId'],
  ...['Lifecycle_Stage__c', 'owner_email', 'NPS_Score__c', 'NPS_Category__c', 'Feedback_Comment__c', 'Feedback_At__c', 'Feedback_Count__c'],
];
const ask: Ask = { scope: 'all', fields: FIELDS, known: async () => new Set() };
const small = makeTown({ seed: 3, people: 60 });
const opened: OpenSandbox[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((stage) => stage.close()));
});

type Switches = Readonly<Record<string, string | number | boolean>>;

async function openStage(switches: Switches = {}, given: { town?: Town; kind?: 'token' | 'client_credentials' } = {}) {
  const clock = { at: Date.parse('2026-11-22T09:00:00.500Z') };
  const stage = await openSandbox(salesforceSandbox, { town: given.town ?? small, now: () => new Date(clock.at), switches });
  opened.push(stage);
  const { token, ...app } = salesforceSandbox.credentials;
  const credentials: Record<string, string> = given.kind === 'token' ? { token } : app;
  const session = testSession(salesforce.manifest, { origin: stage.origin, credentials, settings: salesforceSandbox.settings });
  const ports = salesforce.open(session);
  const contact = must(ports.objects.contact, 'contact');
  const write = must(contact.write, 'writer');
  const wind = (ms: number) => {
    clock.at += ms;
  };
  const apply = (...writes: (Create | Update)[]) => write.apply(writes, ask);
  /** How many calls to the data API the work took. */
  const calls = async <T>(work: Promise<T>): Promise<readonly [T, number]> => {
    const countNow = () => [...stage.requests].reduce((sum, [name, n]) => (name.includes('/services/data/') ? sum + n : sum), 0);
    const before = countNow();
    const result = await work;
    return [result, countNow() - before];
  };
  return { stage, session, ports, contact, write, apply, wind, calls, hand: salesforceHand(stage.sandbox) };
}

const readAll = (port: AnyPort, from: Cursor | null, what: Ask = ask): Promise<Page[]> => Array.fromAsync(port.read.changes(from, what));
const cursorOf = (pages: readonly Page[]): Cursor => must(pages.at(-1), 'a page').cursor;
const seenIn = (pages: readonly Page[]): readonly Observation[] => pages.flatMap(({ seen }) => seen);
const create = (key: string, fields: Fields): Create => ({ verb: 'create', key, fields });
const update = (id: string, fields: Fields): Update => ({ verb: 'update', id, ifVersion: null, fields, seen: {} });
const minuteMs = 60_000;

describe('reading', () => {
  test.each(['token', 'client_credentials'] as const)('signs in by %s and says whose org it is', async (kind) => {
    const { ports } = await openStage({}, { kind });
    expect(await ports.identify()).toEqual({
      id: expect.stringMatching(/^00D\w{15}$/),
      name: expect.stringContaining('integration@sandbox.example'),
    });
  });

  test('the first load shows every contact once, at one call for each 2,000 and one for the schema', async () => {
    const { contact, hand, calls } = await openStage({}, { town: makeTown({ seed: 5, people: 7000 }) });
    const stored = hand.all('Contact');
    const [pages, count] = await calls(readAll(contact, null));
    expect(stored.length).toBeGreaterThan(4000);
    expect(count).toBe(Math.ceil(stored.length / 2000) + 1);
    expect(pages.every(({ total }) => total === stored.length)).toBe(true);
    expect(new Set(seenIn(pages).map(({ id }) => id))).toEqual(new Set(stored.map(({ Id }) => Id)));
    expect(seenIn(pages)).toHaveLength(stored.length);
  });

  test('a contact is shown as the org holds it, with its owner by e-mail and its account by id', async () => {
    const { contact, hand } = await openStage();
    const [stored] = hand.all('Contact');
    const owner = hand.all('User').find(({ Id }) => Id === stored?.OwnerId);
    const [seen] = await contact.read.byIds([must(stored, 'a contact').Id], ask);
    expect(seen).toMatchObject({
      kind: 'present',
      fields: {
        Email: stored?.Email,
        LastName: stored?.LastName,
        AccountId: stored?.AccountId,
        owner_email: owner?.Email,
        NPS_Score__c: null,
      },
    });
    expect(Object.keys(seen?.kind === 'present' ? seen.fields : {})).toEqual(FIELDS);
  });

  test('nothing changed costs one call, and shows nothing once the overlap is over', async () => {
    const { contact, wind, calls } = await openStage();
    const first = await readAll(contact, null);
    wind(10 * minuteMs);
    const [pages, count] = await calls(readAll(contact, cursorOf(first)));
    expect([seenIn(pages), count]).toEqual([[], 1]);
  });

  test('edits, touches, deletes, and undeletes are in the next delta, and a merged contact is gone', async () => {
    const { contact, hand, wind, calls } = await openStage();
    const cursor = cursorOf(await readAll(contact, null));
    const [edited = '', touched = '', removed = '', back = '', winner = '', loser = ''] = hand.all('Contact').map(({ Id }) => Id);
    wind(20 * minuteMs);
    hand.edit(edited, { Title: 'Mayor' });
    hand.touch(touched);
    hand.remove(removed);
    hand.remove(back);
    hand.undelete(back);
    hand.merge(winner, [loser]);
    wind(1000);
    const [pages, count] = await calls(readAll(contact, cursor));
    const kinds = Object.fromEntries(seenIn(pages).map(({ id, kind }) => [id, kind]));
    expect(kinds).toEqual({
      [edited]: 'present',
      [touched]: 'present',
      [removed]: 'gone',
      [back]: 'present',
      [winner]: 'present',
      [loser]: 'gone',
    });
    expect(count).toBe(1);
  });

  test('a second edit within the second of the first is not missed', async () => {
    const { contact, hand, wind } = await openStage();
    const cursor = cursorOf(await readAll(contact, null));
    const { Id } = must(hand.all('Contact')[0], 'a contact');
    const title = (pages: readonly Page[]) => seenIn(pages).map((one) => one.kind === 'present' && one.fields.Title);
    hand.edit(Id, { Title: 'First' });
    const first = await readAll(contact, cursor);
    hand.edit(Id, { Title: 'Second' });
    wind(minuteMs);
    expect([title(first), title(await readAll(contact, cursorOf(first)))]).toEqual([['First'], ['Second']]);
  });

  test('a row that commits minutes after its stamp is not missed', async () => {
    const { contact, hand, wind } = await openStage({ commitDelayMs: 4 * minuteMs });
    const { Id } = must(hand.all('Contact')[0], 'a contact');
    let cursor = cursorOf(await readAll(contact, null));
    const titles: unknown[] = [];
    hand.edit(Id, { Title: 'Slow' });
    for (let poll = 0; poll < 6; poll += 1) {
      wind(minuteMs);
      const pages = await readAll(contact, cursor);
      titles.push(...seenIn(pages).map((one) => one.kind === 'present' && one.fields.Title));
      cursor = cursorOf(pages);
    }
    expect(titles).toContain('Slow');
  });

  test('a load that is cut short goes on where it was, whatever the page sizes', async () => {
    const { contact, hand, stage } = await openStage({ pageSize: 7 });
    const stored = hand.all('Contact').map(({ Id }) => Id);
    const seen = new Set<string>();
    let cursor: Cursor | null = null;
    stage.fail({ on: 'GET /services/data/v68.0/query/*', lose: 'before', times: 3, skip: 1 });
    for (let attempt = 0; cursor === null || cursor.phase === 'backfill'; attempt += 1) {
      expect(attempt).toBeLessThan(10);
      try {
        for await (const page of contact.read.changes(cursor, ask)) {
          for (const { id } of page.seen) seen.add(id);
          cursor = page.cursor;
        }
      } catch (error) {
        expect(error instanceof HubError && error.kind).toBe('unreachable');
      }
    }
    expect(seen).toEqual(new Set(stored));
  });

  test('thousands of rows with one stamp come through a delta whole', async () => {
    const { contact, hand, wind } = await openStage({ pageSize: 10 });
    const cursor = cursorOf(await readAll(contact, null));
    wind(10 * minuteMs);
    const ids = hand.all('Contact').map(({ Id }) => Id);
    for (const id of ids) hand.touch(id);
    expect(new Set(seenIn(await readAll(contact, cursor)).map(({ id }) => id))).toEqual(new Set(ids));
  });

  test('by id, a deleted, a purged, and an unknown record are gone', async () => {
    const { contact, hand, calls } = await openStage();
    const [here = '', deleted = '', purged = ''] = hand.all('Contact').map(({ Id }) => Id);
    hand.remove(deleted);
    hand.remove(purged);
    hand.purge(purged);
    await contact.fields('all');
    const [answers, count] = await calls(contact.read.byIds([purged, here, 'no such id', deleted], ask));
    expect(answers.map(({ id, kind }) => [id, kind])).toEqual([
      [purged, 'gone'],
      [here, 'present'],
      ['no such id', 'gone'],
      [deleted, 'gone'],
    ]);
    expect(count).toBe(1);
  });

  test('a field that is hidden from the integration user is the admin’s to mend', async () => {
    const { contact, hand } = await openStage();
    hand.setVisible('Contact.Title', false);
    expect((await contact.fields('all')).some(({ name }) => name === 'Title')).toBe(false);
    await expect(readAll(contact, null)).rejects.toMatchObject({ kind: 'misconfigured', code: 'INVALID_FIELD' });
  });

  test('accounts are read like contacts', async () => {
    const { ports, hand } = await openStage();
    const company = must(ports.objects.company, 'company');
    const pages = await readAll(company, null, { ...ask, fields: ['Name', 'Website', 'Industry', 'NumberOfEmployees', 'owner_email'] });
    expect(seenIn(pages)).toHaveLength(hand.all('Account').length);
    expect((await company.fields('all')).find(({ name }) => name === 'Name')).toMatchObject({
      required: true,
      writable: true,
      maxLength: 255,
    });
  });
});

describe('sessions', () => {
  test('tokens that run out in the middle cost a token and a repeat each, and nothing else', async () => {
    const { contact, hand, session } = await openStage({ pageSize: 20, tokenTtlRequests: 2 });
    expect(seenIn(await readAll(contact, null))).toHaveLength(hand.all('Contact').length);
    expect(session.grants()).toBeGreaterThan(1);
  });

  test('an org with another API version or a spent day says so', async () => {
    const { stage } = await openStage({ dailyLimit: 1 });
    const credentials = { token: salesforceSandbox.credentials.token };
    const old = salesforce.open(testSession(salesforce.manifest, { origin: stage.origin, credentials, settings: { apiVersion: '59.0' } }));
    await expect(old.identify()).rejects.toMatchObject({ kind: 'misconfigured' });
    const spent = salesforce.open(testSession(salesforce.manifest, { origin: stage.origin, credentials }));
    await expect(spent.identify()).rejects.toMatchObject({ kind: 'quota_spent' });
  });
});

describe('writing', () => {
  const person = (n: number): Fields => ({ LastName: `Person ${n}`, FirstName: 'New', Email: `new${n}@acme.example`, owner_email: null });

  test.each([true, false])('what was written is what is read, at one call for each 200 (own key: %s)', async (uniqueId) => {
    const { contact, write, apply, calls } = await openStage({ uniqueId });
    await contact.fields('all');
    const creates = Array.from({ length: 400 }, (_, n) => create(`key-${n}`, person(n)));
    const [made, creating] = await calls(Promise.all([write.apply(creates.slice(0, 200), ask), write.apply(creates.slice(200), ask)]));
    const ids = made.flat().map((outcome) => (outcome.done ? outcome.id : ''));
    const fields: Fields = {
      ...{
        FirstName: 'Åsa',
        LastName: "O'Brien \\",
        Feedback_At__c: '2026-11-22T08:00:00.000Z',
        NPS_Score__c: 9,
        NPS_Category__c: 'promoter',
      },
      ...{ Feedback_Comment__c: 'one\ntwo', Lifecycle_Stage__c: 'Customer', Phone: null },
    };
    const [changed, changing] = await calls(apply(...ids.slice(0, 200).map((id) => update(id, fields))));
    expect([creating, changing, changed.every(({ done }) => done)]).toEqual([2, 1, true]);
    const [first, last] = await contact.read.byIds([ids[0] ?? '', ids[399] ?? ''], ask);
    expect(first).toMatchObject({ kind: 'present', fields: { ...fields, Email: 'new0@acme.example' } });
    expect(last).toMatchObject({ kind: 'present', fields: { LastName: 'Person 399', owner_email: 'integration@sandbox.example' } });
  });

  test('an owner is written by e-mail, and an unknown one holds back only its own row', async () => {
    const { contact, apply, hand } = await openStage();
    const [one, two] = hand.all('Contact').map(({ Id }) => Id);
    const email = must(small.owners[0], 'an owner').email;
    const outcomes = await apply(
      update(must(one, 'id'), { owner_email: email.toUpperCase() }),
      update(must(two, 'id'), { owner_email: 'x@y.z' }),
    );
    expect(outcomes).toMatchObject([{ done: true }, { done: false, error: { kind: 'record_rejected', fields: ['owner_email'] } }]);
    const [seen] = await contact.read.byIds([must(one, 'id')], ask);
    expect(seen).toMatchObject({ fields: { owner_email: email } });
  });

  test('rows fail one by one, each with its own kind', async () => {
    const { apply, hand } = await openStage();
    const [good = '', long = '', choice = '', gone = '', ruled = ''] = hand.all('Contact').map(({ Id }) => Id);
    hand.remove(gone);
    hand.forbid('Contact', (row) => (row.Title === 'Pirate' ? 'no pirates' : null));
    const outcomes = await apply(
      update(good, { Title: 'Captain' }),
      update(long, { LastName: 'x'.repeat(81) }),
      update(choice, { Lifecycle_Stage__c: 'Pirate' }),
      update(gone, { Title: 'Captain' }),
      update(ruled, { Title: 'Pirate' }),
    );
    expect(outcomes.map((one) => (one.done ? 'done' : [one.error.kind, one.error.code]))).toEqual([
      'done',
      ['record_rejected', 'STRING_TOO_LONG'],
      ['record_rejected', 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
      ['gone', 'ENTITY_IS_DELETED'],
      ['record_rejected', 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
    ]);
    expect(hand.get(good).Title).toBe('Captain');
  });

  test('a locked row may be tried again, and a duplicate rule is for people', async () => {
    const locked = await openStage({ lockEvery: 2 });
    const [one = '', two = ''] = locked.hand.all('Contact').map(({ Id }) => Id);
    expect(await locked.apply(update(one, { Title: 'A' }), update(two, { Title: 'B' }))).toMatchObject([
      { done: true },
      { done: false, error: { kind: 'locked' } },
    ]);
    const strict = await openStage({ duplicateRule: 'block' });
    const email = String(strict.hand.all('Contact').find(({ Email }) => Email !== null)?.Email);
    expect(await strict.apply(create('k', { LastName: 'Twin', Email: email }))).toMatchObject([
      { done: false, error: { kind: 'record_rejected', code: 'DUPLICATES_DETECTED' } },
    ]);
  });

  test('a create that is sent again under its key makes no second record', async () => {
    const { apply, hand } = await openStage();
    const before = hand.all('Contact').length;
    const [first] = await apply(create('same', person(1)));
    const [second] = await apply(create('same', person(1)));
    expect(second).toEqual(first);
    expect(hand.all('Contact')).toHaveLength(before + 1);
  });

  test.each([true, false])('what became of creates whose answer was lost is found afterwards (own key: %s)', async (uniqueId) => {
    const { stage, write, hand } = await openStage({ uniqueId });
    const since = '2026-11-22T09:00:00.000Z';
    const creates = [
      create('a', person(1)),
      create('b', { LastName: ' Trimmed ', Email: 'UPPER@acme.example', Title: '' }),
      create('c', person(3)),
    ];
    stage.fail({ on: '*/composite/sobjects*', lose: 'after' });
    await expect(write.apply(creates.slice(0, 2), ask)).rejects.toMatchObject({ kind: 'unreachable' });
    const found = await write.recall(creates, since, ask);
    expect(found.map((one) => one && hand.get(one.id).LastName)).toEqual(['Person 1', 'Trimmed', null]);
    expect(found[0]).toMatchObject({ kind: 'present', fields: { Email: 'new1@acme.example' } });
  });

  test('a call without an answer is not repeated', async () => {
    const { stage, apply, hand } = await openStage();
    const { Id } = must(hand.all('Contact')[0], 'a contact');
    await apply(update(Id, { Title: 'Before' }));
    stage.fail({ on: 'PATCH */composite/sobjects', answer: 503, times: 1 });
    const before = stage.calls();
    await expect(apply(update(Id, { Title: 'Once' }))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(stage.calls()).toBe(before + 1);
  });
});

test('the live schema says what may be written, and in what words', async () => {
  const { contact } = await openStage();
  const fields = new Map((await contact.fields('all')).map((one) => [one.name, one]));
  expect(fields.get('LastName')).toMatchObject({ type: 'text', required: true, writable: true, maxLength: 80 });
  expect(fields.get('Email')).toMatchObject({ type: 'text', required: false, writable: true });
  expect(fields.get('Lifecycle_Stage__c')?.choices?.map(({ value }) => value)).toContain('Marketing Qualified Lead');
  expect(fields.get('Feedback_Comment__c')).toMatchObject({ type: 'long_text' });
  expect(fields.get('Feedback_At__c')).toMatchObject({ type: 'datetime' });
  expect(fields.get('AccountId')).toMatchObject({ type: 'reference', writable: true });
  expect(fields.get('SystemModstamp')).toMatchObject({ writable: false });
  expect(fields.get('owner_email')?.choices?.map(({ value }) => value)).toEqual(
    expect.arrayContaining(small.owners.map(({ email }) => email)),
  );
});
