import { describe, expect, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { asking, deleteOf, done, mergeOf, openHubspotStage, readAll, readOne, updateOf } from './hubspot-stage.ts';

const MINUTE = 60_000;
const CONTACTS = '/crm/objects/2026-09/contacts';
const ask = asking('email', 'jobtitle');

async function openFour(...options: Parameters<typeof openHubspotStage>) {
  const stage = await openHubspotStage(...options);
  const [a, b, c, d] = stage.contactIds;
  return { ...stage, a: must(a, 'a'), b: must(b, 'b'), c: must(c, 'c'), d: must(d, 'd') };
}

describe('former ids', () => {
  test('a record names all that were ever merged into it, by every way of reading', async () => {
    const { contact, hands, wind, a, b, c, d } = await openFour();
    const { cursor } = await readAll(contact, null, ask);
    wind(MINUTE);
    const first = hands.contacts.merge(a, b);
    const second = hands.contacts.merge(c, d);
    const last = hands.contacts.merge(first, second);
    wind(MINUTE);
    const formerIds = [a, b, c, d, first, second];
    expect((await readAll(contact, null, ask)).seen.get(last)).toMatchObject({ formerIds });
    expect((await readAll(contact, cursor, ask)).seen.get(last)).toMatchObject({ formerIds });
    expect(await contact.read.byIds([last], ask)).toMatchObject([{ kind: 'present', formerIds }]);
    expect(Object.keys((await readOne(contact, last, ask)).fields).sort()).toStrictEqual(['email', 'jobtitle']);
  });

  test('companies name theirs too, and where nothing was merged nothing is said', async () => {
    const { company, hands, companyIds } = await openHubspotStage();
    const [a = '', b = '', c = ''] = companyIds;
    const merged = hands.companies.merge(a, b);
    const { seen } = await readAll(company, null, asking('name'));
    expect(seen.get(merged)).toMatchObject({ formerIds: [a, b] });
    expect(seen.get(c)).not.toHaveProperty('formerIds');
  });

  test('a portal that keeps the id of the primary names only the other', async () => {
    const { contact, hands, a, b } = await openFour({ switches: { mergeKeepsPrimaryId: true } });
    hands.contacts.merge(a, b);
    expect(await contact.read.byIds([a, b], ask)).toMatchObject([
      { kind: 'present', id: a, formerIds: [b] },
      { kind: 'gone', id: b, mergedInto: { object: 'contact', id: a } },
    ]);
  });
});

describe('what is lost', () => {
  test('an id that was merged away names the record that lives on, at the end of every chain', async () => {
    const { contact, hands, a, b, c, d } = await openFour();
    const first = hands.contacts.merge(a, b);
    const last = hands.contacts.merge(c, first);
    const mergedInto = { object: 'contact', id: last };
    const seen = await contact.read.byIds([a, d, b, first, c], ask);
    expect(seen).toMatchObject([
      { kind: 'gone', id: a, mergedInto },
      { kind: 'present', id: d },
      { kind: 'gone', id: b, mergedInto },
      { kind: 'gone', id: first, mergedInto },
      { kind: 'gone', id: c, mergedInto },
    ]);
  });

  test('what is in the bin went there when HubSpot says, and led nowhere; one that comes back is there again', async () => {
    const { contact, hands, wind, calls, a, b } = await openFour();
    wind(MINUTE);
    hands.contacts.remove(a);
    wind(MINUTE);
    const made = await calls(async () => {
      expect(await contact.read.byIds([a, b], ask)).toStrictEqual([
        { kind: 'gone', id: a, changedAt: '2026-11-20T09:01:00.000Z' },
        expect.objectContaining({ kind: 'present', id: b }),
      ]);
    });
    expect(made[`POST ${CONTACTS}/batch/read`]).toBe(2);
    expect(Object.keys(made).filter((name) => name.startsWith('GET /crm/objects/2026-09'))).toStrictEqual([]);
    hands.contacts.restore(a);
    expect((await readOne(contact, a, ask)).changedAt).toBe('2026-11-20T09:02:00.000Z');
  });

  test('the news that a record is gone is never older than the last news of it', async () => {
    const { contact, hands, a, b, c } = await openFour();
    for (const id of [a, b, c]) for (const jobtitle of ['Mate', 'Captain']) hands.contacts.edit(id, { jobtitle });
    const before = await contact.read.byIds([a, b, c], ask);
    hands.contacts.remove(a);
    hands.contacts.merge(b, c);
    const after = await contact.read.byIds([a, b, c], ask);
    for (const [at, { kind, changedAt }] of after.entries()) {
      expect(kind).toBe('gone');
      expect(changedAt >= must(before[at], 'the news before').changedAt).toBe(true);
    }
  });

  test('what was erased, or never was, is gone and nothing more', async () => {
    const { contact, hands, a } = await openFour();
    hands.contacts.erase(a);
    const changedAt = '2026-11-20T09:00:00.000Z';
    expect(await contact.read.byIds([a, '999999', 'not-an-id'], ask)).toStrictEqual([
      { kind: 'gone', id: a, changedAt },
      { kind: 'gone', id: '999999', changedAt },
      { kind: 'gone', id: 'not-an-id', changedAt },
    ]);
  });

  test('an id that cannot be looked up is not called gone', async () => {
    const { contact, hands, sandbox, a, b } = await openFour();
    hands.contacts.merge(a, b);
    sandbox.fail({ on: `GET ${CONTACTS}/${a}`, answer: 503 });
    await expect(contact.read.byIds([a], ask)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await contact.read.byIds([a], ask)).toMatchObject([{ kind: 'gone', mergedInto: { object: 'contact' } }]);
  });
});

describe('deleting', () => {
  test('a hundred go into the bin together, and one that is there already is done', async () => {
    const { write, hands, calls, contactIds } = await openHubspotStage({ people: 150 });
    const ids = contactIds.slice(0, 100);
    hands.contacts.remove(must(ids[7], 'an id'));
    hands.contacts.erase(must(ids[8], 'an id'));
    const made = await calls(async () => {
      const outcomes = await write.apply([...ids.slice(0, 99), '999999'].map(deleteOf), ask);
      expect(outcomes.map((outcome) => done(outcome).id)).toStrictEqual([...ids.slice(0, 99), '999999']);
    });
    expect(made[`POST ${CONTACTS}/batch/archive`]).toBe(1);
    expect(hands.contacts.all().map(({ id }) => id)).toStrictEqual(contactIds.slice(99));
    expect(hands.contacts.get(must(ids[0], 'an id'))?.archived).toBe(true);
  });

  test('a record is never deleted by the id of one that was merged into it, and the others are', async () => {
    const { write, hands, a, b, c } = await openFour();
    const merged = hands.contacts.merge(a, b);
    const outcomes = await write.apply([deleteOf(a), deleteOf(c)], ask);
    expect(outcomes).toMatchObject([
      { done: false, error: { kind: 'gone', existingId: merged } },
      { done: true, id: c },
    ]);
    expect(hands.contacts.get(merged)?.archived).toBe(false);
    done((await write.apply([deleteOf(merged)], ask))[0]);
    expect(hands.contacts.get(merged)?.archived).toBe(true);
  });

  test.each(['2026-03', '2026-09'])('version %s deletes and merges too', async (apiVersion) => {
    const { write, hands, a, b, c } = await openFour({ settings: { apiVersion } });
    done((await write.apply([deleteOf(a)], ask))[0]);
    expect(hands.contacts.get(a)?.archived).toBe(true);
    const { id, observed } = done((await write.apply([mergeOf(b, c)], ask))[0]);
    expect(observed).toMatchObject({ id, formerIds: [b, c] });
  });

  test('a repeat after a lost answer is done', async () => {
    const { write, sandbox, hands, a, b } = await openFour();
    sandbox.fail({ on: `POST ${CONTACTS}/batch/archive`, lose: 'after' });
    await expect(write.apply([a, b].map(deleteOf), ask)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(hands.contacts.get(a)?.archived).toBe(true);
    for (const outcome of await write.apply([a, b].map(deleteOf), ask)) done(outcome);
  });

  test('a refusal of the whole call is thrown, and nothing was deleted', async () => {
    const { write, sandbox, hands, a } = await openFour();
    sandbox.fail({ on: `POST ${CONTACTS}/batch/archive`, answer: 429, headers: { 'retry-after': '3' } });
    await expect(write.apply([deleteOf(a)], ask)).rejects.toMatchObject({ kind: 'rate_limited', isRefusal: true });
    expect(hands.contacts.get(a)?.archived).toBe(false);
  });
});

describe('merging', () => {
  test.each([
    ['a new id', false],
    ['the id of the primary', true],
  ])('two records become one with %s, which is shown as it is then', async (_name, mergeKeepsPrimaryId) => {
    const { write, hands, a, b } = await openFour({ switches: { mergeKeepsPrimaryId } });
    hands.contacts.edit(a, { jobtitle: 'Captain' });
    hands.contacts.edit(b, { jobtitle: 'Mate' });
    const outcome = done((await write.apply([mergeOf(a, b)], ask))[0]);
    expect(outcome.id === a).toBe(mergeKeepsPrimaryId);
    expect(outcome.observed).toMatchObject({
      id: outcome.id,
      fields: { jobtitle: 'Captain' },
      formerIds: mergeKeepsPrimaryId ? [b] : [a, b],
    });
    expect(hands.contacts.get(b)).toBeUndefined();
  });

  test.each([false, true])('a repeat after a lost answer is recognised, and nothing is merged twice (keeps the id: %s)', async (keeps) => {
    const { write, sandbox, calls, a, b } = await openFour({ switches: { mergeKeepsPrimaryId: keeps } });
    sandbox.fail({ on: `POST ${CONTACTS}/merge`, lose: 'after' });
    const first = done((await write.apply([mergeOf(a, b)], ask))[0]);
    const made = await calls(async () => {
      expect(done((await write.apply([mergeOf(a, b)], ask))[0])).toStrictEqual(first);
    });
    expect(made).not.toHaveProperty([`POST ${CONTACTS}/merge`]);
  });

  test('a merge that never arrived is not done, and the repeat does it', async () => {
    const { write, sandbox, hands, a, b } = await openFour();
    sandbox.fail({ on: `POST ${CONTACTS}/merge`, lose: 'before' });
    await expect(write.apply([mergeOf(a, b)], ask)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(hands.contacts.get(a)).toBeDefined();
    done((await write.apply([mergeOf(a, b)], ask))[0]);
  });

  test('a pair of which one was merged elsewhere or deleted is refused, and spoils no other', async () => {
    const { write, hands, contactIds, a, b, c, d } = await openFour();
    const [, , , , e = '', f = '', g = ''] = contactIds;
    const elsewhere = hands.contacts.merge(a, b);
    hands.contacts.remove(d);
    const outcomes = await write.apply([mergeOf(a, c), mergeOf(c, d), mergeOf(e, e), mergeOf(f, g)], ask);
    expect(outcomes).toMatchObject([
      { done: false, error: { kind: 'gone', existingId: elsewhere } },
      { done: false, error: { kind: 'gone' } },
      { done: false, error: { kind: 'record_rejected' } },
      { done: true },
    ]);
    expect(hands.contacts.get(c)).toMatchObject({ archived: false });
  });

  test('after a merge whose answer is lost for good nothing is called done or undone that is not known', async () => {
    const { write, sandbox, hands, contactIds } = await openFour();
    const [a = '', b = '', c = '', d = '', e = '', f = ''] = contactIds;
    sandbox.fail({ on: `POST ${CONTACTS}/merge`, lose: 'before', skip: 1 });
    sandbox.fail({ on: `POST ${CONTACTS}/batch/read`, answer: 503, skip: 1, times: 2 });
    const outcomes = await write.apply([mergeOf(a, b), mergeOf(c, d), mergeOf(e, f)], ask);
    expect(outcomes).toMatchObject([
      { done: true, observed: null },
      { done: false, error: { kind: 'stale_write' } },
      { done: false, error: { kind: 'stale_write' } },
    ]);
    expect([c, d, e, f].every((id) => hands.contacts.get(id) !== undefined)).toBe(true);
  });

  test('a lineage of two hundred and fifty is full, and says so', async () => {
    const { write, sandbox, a, b } = await openFour();
    sandbox.fail({
      on: `POST ${CONTACTS}/merge`,
      answer: 414,
      body: { status: 'error', message: 'Cannot have more than 250 identities on a profile' },
    });
    const [outcome] = await write.apply([mergeOf(a, b)], ask);
    expect(outcome).toMatchObject({ done: false, error: { kind: 'record_rejected', message: expect.stringContaining('250') } });
  });
});

describe('who changed a record', () => {
  test('is named where HubSpot says so, as people know them, and is no field', async () => {
    const { contact, write, hands, wind, calls, a, b, c } = await openFour();
    const asked = asking('jobtitle', 'owner_email');
    const { cursor } = await readAll(contact, null, asked);
    wind(MINUTE);
    hands.contacts.edit(a, { jobtitle: 'Captain' }, 'rosa.delgado@syncline.example');
    hands.contacts.touch([b]);
    done((await write.apply([updateOf(c, { jobtitle: 'Mate' })], asked))[0]);
    wind(MINUTE);
    const made = await calls(async () => {
      const { seen } = await readAll(contact, cursor, asked);
      expect(seen.get(a)).toMatchObject({ changedBy: 'Rosa Delgado' });
      expect(seen.get(c)).toMatchObject({ changedBy: 'user 3399001' });
      for (const one of seen.values()) expect(one.kind === 'present' ? Object.keys(one.fields) : []).toStrictEqual(asked.fields);
    });
    expect(made).toStrictEqual({ [`POST ${CONTACTS}/search`]: 1 });
  });

  test('costs no look at the owners where nobody asks for owners', async () => {
    const { contact, calls, a } = await openFour();
    const made = await calls(async () => expect((await readOne(contact, a, ask)).changedBy).toMatch(/^user \d+$/));
    expect(made).not.toHaveProperty(['GET /crm/owners/2026-09']);
  });
});
