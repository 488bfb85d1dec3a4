import { describe, expect, test } from 'vitest';
import { HubError } from '../../src/contract/errors.ts';
import type { Delete, Merge, Present, Write, WriteOutcome } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import type { Switches } from './bench.ts';
import { mergerOf } from './bench.ts';
import { EVERY_CONNECTOR, type Tried, writtenOf } from './every.ts';
import { befall, FAULTS, PASSING, settled } from './faults.ts';
import { done, openWriting, updateOf, type Writing } from './writers.ts';

type Removing = Writing & {
  /** Records of the hub's own making, settled. */
  readonly made: readonly Present[];
  /** More of them, which nothing hangs on. */
  make(count: number): Promise<readonly Present[]>;
  areGone(ids: readonly string[]): Promise<readonly boolean[]>;
};

/** `count` new records that nothing hangs on. */
async function openRemoving(tried: Tried, object: string, { count = 4, mood = {} }: { count?: number; mood?: Switches } = {}) {
  const writing = await openWriting(tried, object, mood);
  const { write, ask, create, readEach, port, wind } = writing;
  let n = 0;
  const make = async (more: number) => {
    const creates = Array.from({ length: more }, () => {
      n += 1;
      return create(n);
    });
    const made = await readEach((await write.apply(creates, ask)).map((outcome) => done(outcome).id));
    wind(60_000);
    return made;
  };
  const areGone = async (ids: readonly string[]) => (await port.read.byIds(ids, ask)).map(({ kind }) => kind === 'gone');
  return { ...writing, made: await make(count), make, areGone } satisfies Removing;
}

const saidOf = (outcomes: readonly WriteOutcome[]) => outcomes.map((one) => (one.done ? 'done' : one.error.kind));
const deleteOf = ({ id, fields }: Present): Delete => ({ verb: 'delete', id, seen: fields });
const mergeOf = (id: string, from: string): Merge => ({ verb: 'merge', id, from });
/** How long people take from one act to the next. */
const PAUSE_MS = 10_000;

function offering(verb: Write['verb']) {
  return EVERY_CONNECTOR.flatMap((tried) =>
    writtenOf(tried.connector).flatMap(({ object, traits: { write } }) =>
      write?.verbs.includes(verb) === true ? [{ tried, object, write, label: tried.label }] : [],
    ),
  );
}

test('each connector that can remove records says so with how long they can be brought back, or that they cannot', () => {
  for (const { write } of offering('delete')) expect(write.restorableDays ?? 1).toBeGreaterThan(0);
  for (const { write } of offering('merge')) expect(write.verbs).toContain('update');
});

// What offers no such verb has no such cases.
describe.each(offering('delete'))('$label deletes a $object', ({ tried, object, write: traits }) => {
  test.each([{}, ...tried.bench.moods])('which is gone then, and no other is, in an account with %j', async (mood) => {
    const { write, ask, hands, made, areGone, wind } = await openRemoving(tried, object, { mood });
    const before = new Set(hands.all(object, 'all'));
    const [first, second, third, kept] = made.map((one) => one);
    const doomed = [must(third, 'third'), must(first, 'first'), must(second, 'second')];
    const outcomes = await write.apply(doomed.map(deleteOf), ask);
    expect(outcomes).toEqual(doomed.map(({ id }) => ({ done: true, id, observed: null })));
    wind(PAUSE_MS);
    expect(await areGone([...doomed, must(kept, 'kept')].map(({ id }) => id))).toEqual([true, true, true, false]);
    const left = hands.all(object, 'all');
    expect([...before].filter((id) => !left.includes(id)).sort()).toEqual(doomed.map(({ id }) => id).sort());
  });

  test('and for a full batch takes a few requests', async () => {
    const { write, ask, made, calls } = await openRemoving(tried, object, { count: traits.batchMax });
    const before = calls();
    expect(new Set(saidOf(await write.apply(made.map(deleteOf), ask)))).toEqual(new Set(['done']));
    expect(calls() - before).toBeLessThanOrEqual(5);
  });

  test('and is done with what is gone already: deleted there, deleted before, never known, or no id at all', async () => {
    const { write, ask, hands, made, areGone } = await openRemoving(tried, object);
    const [byHand, before, kept] = made;
    hands.remove?.(object, must(byHand, 'a record').id);
    await write.apply([deleteOf(must(before, 'a record'))], ask);
    const ids = [
      tried.bench.unknownId('all'),
      must(byHand, 'a record').id,
      "no'id",
      must(before, 'a record').id,
      must(kept, 'a record').id,
    ];
    const outcomes = await write.apply(
      ids.map((id) => ({ verb: 'delete', id, seen: {} })),
      ask,
    );
    expect(outcomes).toEqual(ids.map((id) => ({ done: true, id, observed: null })));
    expect(await areGone([must(kept, 'a record').id])).toEqual([true]);
  });

  test.each(FAULTS)('and when a request of it %s, whichever, says what is true, and a repeat brings it about', async (_name, fault) => {
    const { newWriter, ask, open, make, areGone } = await openRemoving(tried, object, { count: 0 });
    for (let at = 0; ; at += 1) {
      const made = await make(4);
      const hasMet = befall(open, fault(at));
      const said = await settled(newWriter().apply(made.map(deleteOf), ask));
      if (!hasMet()) return expect(at).toBeGreaterThan(0);
      const gone = await areGone(made.map(({ id }) => id));
      for (const n of made.keys()) {
        const outcome = said instanceof HubError ? said : must(said[n], 'an outcome');
        if (outcome instanceof HubError) {
          expect(PASSING).toContain(outcome.recovery);
          if (outcome.isRefusal) expect(gone[n]).toBe(false);
        } else if (outcome.done) expect(gone[n]).toBe(true);
        else expect(PASSING).toContain(outcome.error.recovery);
      }
      expect(saidOf(await newWriter().apply(made.map(deleteOf), ask))).toEqual(made.map(() => 'done'));
      expect(await areGone(made.map(({ id }) => id))).toEqual(made.map(() => true));
    }
  });

  test('but nothing that was merged away, which would take its survivor for deleted', async ({ skip }) => {
    const { write, ask, hands, made, areGone } = await openRemoving(tried, object);
    const merge = mergerOf(hands, object);
    skip(merge === undefined, 'nobody can merge there');
    const [stays, lost, other] = made;
    const left = must(merge, 'a hand that merges')(must(stays, 'it').id, must(lost, 'it').id);
    expect(saidOf(await write.apply([deleteOf(must(lost, 'it')), deleteOf(must(other, 'it'))], ask))).toEqual(['gone', 'done']);
    expect(await areGone([left])).toEqual([false]);
    expect(hands.all(object, 'all')).toContain(left);
  });

  test('and people can bring it back, as long as the manifest says', async ({ skip }) => {
    const { write, ask, hands, made, read, wind } = await openRemoving(tried, object);
    skip(hands.restore === undefined || traits.restorableDays === undefined, 'what is deleted there does not come back');
    const one = must(made[0], 'a record');
    await write.apply([deleteOf(one)], ask);
    wind((must(traits.restorableDays, 'days') - 1) * 86_400_000);
    hands.restore?.(object, one.id);
    wind(PAUSE_MS);
    expect((await read(one.id)).fields).toEqual(one.fields);
  });
});

describe.each(offering('update'))('$label updates a $object', ({ tried, object }) => {
  test('but nothing that was merged away, whose values nobody meant for its survivor', async ({ skip }) => {
    const { write, ask, hands, made, create, read } = await openRemoving(tried, object);
    const merge = mergerOf(hands, object);
    skip(merge === undefined, 'nobody can merge there');
    const [stays, lost, other] = made;
    const left = must(merge, 'a hand that merges')(must(stays, 'it').id, must(lost, 'it').id);
    const before = (await read(left)).fields;
    const updates = [updateOf(must(lost, 'it'), create(8).fields), updateOf(must(other, 'it'), create(9).fields)];
    expect(saidOf(await write.apply(updates, ask))).toEqual(['gone', 'done']);
    expect((await read(left)).fields).toEqual(before);
  });
});

describe.each(offering('merge'))('$label merges a $object', ({ tried, object }) => {
  test.each([{}, ...tried.bench.moods])('and names what is left, again and again, in an account with %j', async (mood) => {
    const { write, ask, made, port, hands, wind, newWriter } = await openRemoving(tried, object, { mood });
    const [stays = '', lost = '', other = ''] = made.map(({ id }) => id);
    const count = hands.all(object, 'all').length;
    const { id: left } = done((await write.apply([mergeOf(stays, lost)], ask))[0]);
    wind(PAUSE_MS);
    expect(hands.all(object, 'all')).toHaveLength(count - 1);
    expect(hands.all(object, 'all')).toContain(left);
    const [survivor, gone] = await port.read.byIds([left, lost], ask);
    expect(survivor?.kind).toBe('present');
    expect(gone).toMatchObject({ kind: 'gone', mergedInto: { object, id: left } });
    for (const writer of [write, newWriter()]) expect(done((await writer.apply([mergeOf(stays, lost)], ask))[0]).id).toBe(left);
    const { id: last } = done((await write.apply([mergeOf(other, left)], ask))[0]);
    expect(done((await newWriter().apply([mergeOf(other, left)], ask))[0]).id).toBe(last);
    expect(hands.all(object, 'all')).toHaveLength(count - 2);
  });

  test.each(FAULTS)(
    'and when a request of it %s, whichever, says what is true, and a repeat brings it about once',
    async (_name, fault) => {
      const { newWriter, ask, open, hands, make } = await openRemoving(tried, object, { count: 0 });
      for (let at = 0; ; at += 1) {
        const [stays = '', lost = ''] = (await make(2)).map(({ id }) => id);
        const count = hands.all(object, 'all').length;
        const hasMet = befall(open, fault(at));
        const said = await settled(newWriter().apply([mergeOf(stays, lost)], ask));
        if (!hasMet()) return expect(at).toBeGreaterThan(0);
        const left = hands.all(object, 'all').length;
        const error = said instanceof HubError ? said : said[0]?.done === false ? said[0].error : null;
        if (error === null) expect(left).toBe(count - 1);
        else expect(PASSING).toContain(error.recovery);
        if (error?.isRefusal === true) expect(left).toBe(count);
        const { id } = done((await newWriter().apply([mergeOf(stays, lost)], ask))[0]);
        expect(hands.all(object, 'all')).toHaveLength(count - 1);
        expect(hands.all(object, 'all')).toContain(id);
      }
    },
  );

  test('but no record with itself, and none that is gone, and the other pairs all the same', async () => {
    const { write, ask, made, hands } = await openRemoving(tried, object, { count: 5 });
    const [a = '', b = '', c = '', d = '', e = ''] = made.map(({ id }) => id);
    hands.remove?.(object, c);
    const outcomes = await write.apply([mergeOf(a, a), mergeOf(b, c), mergeOf(d, e)], ask);
    expect(saidOf(outcomes)).toEqual(['record_rejected', 'gone', 'done']);
    expect(hands.all(object, 'all')).toEqual(expect.arrayContaining([a, b]));
  });
});
