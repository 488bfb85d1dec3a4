import { afterEach, describe, expect, test } from 'vitest';
import type { Observation } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { ask, closeStages, cursorOf, deleteOf, minuteMs, openStage, readAll, seenIn, small, update } from './salesforce-stage.ts';

afterEach(closeStages);

const dayMs = 1440 * minuteMs;
const byId = (seen: readonly Observation[]) => new Map(seen.map((one) => [one.id, one]));

/** The sandbox with a few contacts, read to the end, and a minute later. */
async function openRead(...options: Parameters<typeof openStage>) {
  const opened = await openStage(...options);
  const cursor = cursorOf(await readAll(opened.contact, null));
  opened.wind(10 * minuteMs);
  const [a = '', b = '', c = '', d = '', e = ''] = opened.hand.all('Contact').map(({ Id }) => Id);
  const delta = async () => byId(seenIn(await readAll(opened.contact, cursor)));
  return { ...opened, cursor, delta, a, b, c, d, e };
}

describe('merges', () => {
  test('what lost a merge leads to its winner, in a delta as by id', async () => {
    const { contact, hand, delta, a, b, c } = await openRead();
    hand.merge(b, [a, c]);
    const mergedInto = { object: 'contact', id: b };
    const seen = await delta();
    expect([seen.get(a), seen.get(b), seen.get(c)]).toMatchObject([{ kind: 'gone', mergedInto }, { kind: 'present' }, { mergedInto }]);
    expect(await contact.read.byIds([c, b, a], ask)).toEqual([seen.get(c), seen.get(b), seen.get(a)]);
  });

  test('accounts lead to accounts, and the contacts that moved say where to', async () => {
    const { company, hand, delta } = await openRead();
    const [winner = '', loser = ''] = hand.all('Account').map(({ Id }) => Id);
    const moved = hand.all('Contact').filter(({ AccountId }) => AccountId === loser);
    hand.merge(winner, [loser]);
    expect(await company.read.byIds([loser], { ...ask, fields: ['Name'] })).toMatchObject([
      { kind: 'gone', mergedInto: { object: 'company', id: winner } },
    ]);
    const seen = await delta();
    expect(moved.length).toBeGreaterThan(0);
    for (const { Id } of moved) expect(seen.get(Id)).toMatchObject({ fields: { AccountId: winner } });
  });

  test('a chain comes link by link in deltas, and is followed to its end by id: a call for each further link', async () => {
    const { contact, hand, wind, delta, calls, a, b, c, d } = await openRead();
    await contact.fields('all');
    hand.merge(b, [a]);
    wind(minuteMs);
    hand.merge(c, [b]);
    wind(minuteMs);
    hand.merge(d, [c]);
    const links = await delta();
    expect([a, b, c].map((id) => links.get(id))).toMatchObject([b, c, d].map((id) => ({ kind: 'gone', mergedInto: { id } })));
    const [found, count] = await calls(contact.read.byIds([a, b, c, d], ask));
    expect(found.slice(0, 3)).toMatchObject([a, b, c].map((id) => ({ kind: 'gone', id, mergedInto: { id: d } })));
    expect(count).toBe(1);
    const [[alone], further] = await calls(contact.read.byIds([a], ask));
    expect(alone).toMatchObject({ kind: 'gone', mergedInto: { id: d } });
    expect(further).toBe(4);
  });

  test('a winner that was deleted later is where the chain ends', async () => {
    const { contact, hand, a, b } = await openRead();
    hand.merge(b, [a]);
    hand.remove(b);
    expect(await contact.read.byIds([a, b], ask)).toEqual([
      expect.objectContaining({ kind: 'gone', id: a, mergedInto: { object: 'contact', id: b } }),
      expect.not.objectContaining({ mergedInto: expect.anything() }),
    ]);
  });

  test('whichever of their rows comes first, on whichever page, makes no difference', async () => {
    for (const order of ['winner first', 'loser first']) {
      const { hand, wind, delta, a, b } = await openRead({ pageSize: 1 });
      hand.merge(a, [b]);
      wind(minuteMs);
      hand.touch(order === 'winner first' ? b : a);
      const seen = await delta();
      expect([...seen.keys()]).toEqual(order === 'winner first' ? [a, b] : [b, a]);
      expect([seen.get(a)?.kind, seen.get(b)]).toMatchObject(['present', { kind: 'gone', mergedInto: { object: 'contact', id: a } }]);
    }
  });

  test('what lost a merge and was restored is a record of its own again', async () => {
    const { contact, hand, wind, delta, a, b } = await openRead();
    hand.merge(b, [a]);
    wind(minuteMs);
    hand.undelete(a);
    expect((await delta()).get(a)).toMatchObject({ kind: 'present' });
    expect(await contact.read.byIds([a], ask)).toMatchObject([{ kind: 'present' }]);
  });
});

describe('absence', () => {
  test('what is beyond the recycle bin is gone by id, and no longer leads anywhere', async () => {
    const { contact, hand, wind, a, b, c } = await openRead();
    hand.merge(b, [a]);
    hand.remove(c);
    wind(15 * dayMs);
    for (const one of await contact.read.byIds([a, c], ask)) expect(Object.keys(one).sort()).toEqual(['changedAt', 'id', 'kind']);
  });

  test('a read of everything shows all that live, and nothing from the bin', async () => {
    const { contact, hand, a, b, c, d } = await openRead();
    hand.remove(a);
    hand.merge(b, [c]);
    hand.remove(d);
    hand.undelete(d);
    const living = hand.all('Contact').flatMap(({ Id, IsDeleted }) => (IsDeleted ? [] : [Id]));
    expect(seenIn(await readAll(contact, null)).map(({ id, kind }) => [id, kind])).toEqual(living.sort().map((id) => [id, 'present']));
  });
});

describe('who changed it', () => {
  test('each record says who changed it last, people and the integration alike, and so does one that was deleted', async () => {
    const { apply, contact, hand, delta, a, b, c, d } = await openRead();
    const [first, second] = small.owners.map(({ firstName, lastName }) => `${firstName} ${lastName}`);
    hand.edit(a, { Title: 'Mayor' });
    hand.edit(b, { Title: 'Mayor' }, must(small.owners[1], 'an owner').email);
    await apply(update(c, { Title: 'Mayor' }));
    hand.remove(d);
    const seen = await delta();
    const told = [a, b, c, d].map((id) => seen.get(id)?.changedBy);
    expect(told).toEqual([first, second, 'Integration User', first]);
    expect((await contact.read.byIds([a, b, c, d], ask)).map(({ changedBy }) => changedBy)).toEqual(told);
    const loaded = byId(seenIn(await readAll(contact, null)));
    expect([a, b, c].map((id) => loaded.get(id)?.changedBy)).toEqual(told.slice(0, 3));
  });

  test('it costs no call, and is none of the fields', async () => {
    const { contact, calls, a } = await openRead();
    const [[seen], count] = await calls(contact.read.byIds([a], { ...ask, fields: ['Title'] }));
    expect(seen).toMatchObject({ changedBy: expect.any(String), fields: { Title: expect.any(String) } });
    expect(Object.keys(seen?.kind === 'present' ? seen.fields : {})).toEqual(['Title']);
    expect(count).toBe(1);
  });
});

describe('deleting', () => {
  test('200 records are put into the bin in one call', async () => {
    const { apply, calls, contact, hand } = await openStage({}, {});
    await contact.fields('all');
    const ids = Array.from({ length: 200 }, (_, n) => hand.create('Contact', { LastName: `Crowd ${n}` }));
    const [outcomes, count] = await calls(apply(...ids.map(deleteOf)));
    expect(outcomes).toEqual(ids.map((id) => ({ done: true, id, observed: null })));
    expect(ids.every((id) => hand.get(id).IsDeleted)).toBe(true);
    expect(count).toBe(1);
  });

  test('what is gone already is done: in the bin, beyond it, unknown, or no id at all; and the others are deleted', async () => {
    const { apply, hand, a, b, c } = await openRead();
    hand.remove(a);
    hand.purge(b);
    const ids = [a, b, '003AA00000ZZZZZYAZ', "no'id", '', c];
    expect(await apply(...ids.map(deleteOf))).toEqual(ids.map((id) => ({ done: true, id, observed: null })));
    expect(hand.get(c).IsDeleted).toBe(true);
  });

  test('what was merged away is refused as gone, under the id of what it lives on as, which nobody touches', async () => {
    const { apply, hand, a, b, c } = await openRead();
    hand.merge(b, [a]);
    expect(await apply(deleteOf(a), deleteOf(c))).toMatchObject([
      { done: false, error: { kind: 'gone', existingId: b } },
      { done: true, id: c },
    ]);
    expect(hand.get(b).IsDeleted).toBe(false);
  });

  test('a delete whose answer was lost is sent again, and done', async () => {
    const { apply, stage, hand, a, b } = await openRead();
    stage.fail({ on: 'DELETE */composite/sobjects', lose: 'after' });
    await expect(apply(deleteOf(a), deleteOf(b))).rejects.toMatchObject({ kind: 'unreachable', isRefusal: false });
    expect(hand.get(a).IsDeleted).toBe(true);
    expect(await apply(deleteOf(a), deleteOf(b))).toMatchObject([{ done: true }, { done: true }]);
  });

  test('when what became of a missing record cannot be looked up, that is said of it, and of no other', async () => {
    const { apply, stage, hand, a, b } = await openRead();
    hand.remove(a);
    for (const answer of [429, 503]) {
      stage.fail({ on: 'GET */queryAll*', answer });
      const [missing] = await apply(deleteOf(a));
      expect(missing).toMatchObject({ done: false, error: { kind: 'stale_write' } });
    }
    stage.fail({ on: 'GET */queryAll*', answer: 429 });
    expect(await apply(deleteOf(a), deleteOf(b))).toMatchObject([{ done: false, error: { kind: 'stale_write' } }, { done: true }]);
  });

  test('a record that the org keeps is refused in the vendor’s words, and spoils no other', async () => {
    const { apply, hand, a, b } = await openRead();
    const words = 'Your attempt to delete Ada could not be completed because it is associated with the following cases.: 00001026';
    hand.keep('Contact', ({ Id }) => (Id === a ? words : null));
    const [kept, deleted] = await apply(deleteOf(a), deleteOf(b));
    expect(kept).toMatchObject({ done: false, error: { kind: 'depended_on', code: 'DELETE_FAILED' } });
    expect(kept?.done === false && kept.error.message).toContain(words);
    expect(deleted).toMatchObject({ done: true });
    expect(hand.get(a).IsDeleted).toBe(false);
  });

  test('a locked row waits', async () => {
    const { apply, hand, a, b } = await openRead({ lockEvery: 2 });
    expect(await apply(deleteOf(a), deleteOf(b))).toMatchObject([{ done: true }, { done: false, error: { kind: 'locked' } }]);
    expect(hand.get(b).IsDeleted).toBe(false);
  });

  test('an account never takes its contacts along: it is refused until they are elsewhere', async () => {
    const { company, hand, calls } = await openRead({ pageSize: 2 });
    const write = must(company.write, 'writer');
    const empty = hand.create('Account', { Name: 'Empty' });
    const ids = hand.all('Account').map(({ Id }) => Id);
    const before = hand.all('Contact').filter(({ IsDeleted }) => !IsDeleted).length;
    const outcomes = await write.apply(ids.map(deleteOf), ask);
    expect(ids.filter((_id, n) => outcomes[n]?.done === true)).toEqual([empty]);
    expect(outcomes.filter((one) => !one.done && one.error.kind === 'depended_on')).toHaveLength(ids.length - 1);
    expect(hand.all('Contact').filter(({ IsDeleted }) => !IsDeleted)).toHaveLength(before);
    const [first = ''] = ids;
    for (const { Id, AccountId } of hand.all('Contact')) if (AccountId === first) hand.edit(Id, { AccountId: null });
    const [again, count] = await calls(write.apply([deleteOf(first)], ask));
    expect([again, count]).toMatchObject([[{ done: true }], 3]);
  });

  test('a merge is not offered, and says so', async () => {
    const { write, hand, a, b } = await openRead();
    expect(await write.apply([{ verb: 'merge', id: a, from: b }], ask)).toMatchObject([
      { done: false, error: { kind: 'record_rejected' } },
    ]);
    expect(hand.get(b).IsDeleted).toBe(false);
  });
});
