import { afterEach, describe, expect, test } from 'vitest';
import type { Fields } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { ask, closeStages, create, openStage, small, update } from './salesforce-stage.ts';

afterEach(closeStages);

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
