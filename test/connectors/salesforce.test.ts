import { afterEach, describe, expect, test } from 'vitest';
import { salesforce } from '../../connectors/salesforce/index.ts';
import { salesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Cursor, Page } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { testSession } from '../support/session.ts';
import { ask, closeStages, cursorOf, FIELDS, minuteMs, openStage, readAll, seenIn, small } from './salesforce-stage.ts';

afterEach(closeStages);

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
