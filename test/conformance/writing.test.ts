import { describe, expect, test } from 'vitest';
import type { FieldSchema } from '../../src/contract/connector.ts';
import type { Fields } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf, whyUnwritten } from './every.ts';
import { sampleRecord } from './samples.ts';
import { keptFields, openStage } from './stage.ts';
import { done, keyOf, openWriting, updateOf } from './writers.ts';

/** A field with a value that does not fit it: a text in a number, or where the object has none in a time, a closed list, or a date; or one too long. */
function misfit(fields: readonly FieldSchema[]): Fields {
  const closed = fields.filter(({ type, choices }) => type !== 'choice' || choices !== null);
  const typed = ['number', 'datetime', 'choice', 'date'].flatMap((wanted) => closed.find(({ type }) => type === wanted) ?? [])[0];
  if (typed !== undefined) return { [typed.name]: 'none of these' };
  const short = must(
    fields.find(({ maxLength }) => maxLength !== null),
    'a field that something does not fit in',
  );
  return { [short.name]: 'x'.repeat((short.maxLength ?? 0) + 1) };
}

async function settled<T>(work: Promise<T>): Promise<T | Error> {
  return work.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  const { connector, bench } = tried;
  describe.each(objectsOf(connector))('$object', ({ object, traits }) => {
    const unwritten = whyUnwritten(connector, object);
    const { write: writes } = traits;
    const promise = (name: string, body: () => Promise<void>) =>
      test(name, async ({ skip }) => {
        skip(unwritten !== null, unwritten ?? '');
        await body();
      });

    promise('what was written is what is read, whatever its type', async () => {
      const { write, ask, create, read, fields } = await openWriting(tried, object);
      expect(fields.length).toBeGreaterThan(5);
      const first = create(1);
      const { id, observed } = done((await write.apply([first], ask))[0]);
      expect((await read(id)).fields).toEqual(first.fields);
      expect(observed !== null).toBe(writes?.echo === 'record');
      if (observed !== null) expect(first.fields).toMatchObject(observed.fields);
      // Forwards and backwards: stages are ordered.
      for (const n of [2, 3, 1]) {
        const { fields } = create(n);
        const seen = await read(id);
        const outcome = done((await write.apply([updateOf(seen, fields)], ask))[0]);
        expect(outcome.id).toBe(id);
        expect((await read(id)).fields).toEqual(fields);
        if (outcome.observed !== null) expect(fields).toMatchObject(outcome.observed.fields);
      }
    });

    promise('an update leaves what it does not name', async () => {
      const { write, ask, create, read } = await openWriting(tried, object);
      const first = create(1);
      const { id } = done((await write.apply([first], ask))[0]);
      for (const [name, value] of Object.entries(create(2).fields)) {
        const seen = await read(id);
        done((await write.apply([updateOf(seen, { [name]: value })], ask))[0]);
        expect((await read(id)).fields).toEqual({ ...seen.fields, [name]: value });
      }
    });

    promise('null clears', async () => {
      const { write, ask, create, read, fields } = await openWriting(tried, object);
      const { id } = done((await write.apply([create(1)], ask))[0]);
      // A yes-or-no field is never empty, some records must have an owner, and what the mapping never clears may not be.
      const keeps = await keptFields(connector.manifest.id, object);
      const clearable = fields.filter(
        ({ name, type, required }) => !required && type !== 'boolean' && name !== 'owner_email' && !keeps.includes(name),
      );
      // Of a reference, others may depend.
      const kept = clearable.find(({ type }) => !type.startsWith('reference'));
      const rest = clearable.filter((field) => field !== kept);
      const cleared = Object.fromEntries(rest.map(({ name }) => [name, null]));
      done((await write.apply([updateOf(await read(id), cleared)], ask))[0]);
      const now = (await read(id)).fields;
      const isList = (type: string) => type === 'choices' || type === 'references';
      const empty = rest.map(({ name, type }) => ({ name, value: isList(type) && now[name]?.toString() === '' ? null : now[name] }));
      expect(empty).toEqual(rest.map(({ name }) => ({ name, value: null })));
      expect(now[must(kept, 'a field').name]).not.toBeNull();
    });

    promise('an update that says nothing new is done, and changes nothing', async () => {
      const { write, ask, create, read } = await openWriting(tried, object);
      const { id } = done((await write.apply([create(1)], ask))[0]);
      const seen = await read(id);
      done((await write.apply([updateOf(seen, seen.fields)], ask))[0]);
      expect((await read(id)).fields).toEqual(seen.fields);
    });

    promise('a batch is answered at the same index', async () => {
      const { write, ask, create, read } = await openWriting(tried, object);
      const creates = [5, 3, 9, 1, 7].map((n) => create(n));
      const made = (await write.apply(creates, ask)).map((outcome) => done(outcome).id);
      expect(new Set(made).size).toBe(creates.length);
      for (const [at, { fields }] of creates.entries()) expect((await read(must(made[at], 'an id'))).fields).toEqual(fields);
      const backwards = made.toReversed();
      const updates = await Promise.all(backwards.map(async (id, at) => updateOf(await read(id), create(20 + at).fields)));
      const outcomes = await write.apply(updates, ask);
      expect(outcomes.map((outcome) => done(outcome).id)).toEqual(backwards);
      for (const [at, id] of backwards.entries()) expect((await read(id)).fields).toEqual(updates[at]?.fields);
    });

    promise('a full batch is one request or a few, and every row is answered', async () => {
      const { write, ask, create, hands, calls } = await openWriting(tried, object);
      const size = must(writes, 'write traits').batchMax;
      const before = [hands.all(object, 'all').length, calls()] as const;
      const outcomes = await write.apply(
        Array.from({ length: size }, (_, n) => create(n + 1)),
        ask,
      );
      expect(new Set(outcomes.map((outcome) => done(outcome).id)).size).toBe(size);
      expect(hands.all(object, 'all').length).toBe(before[0] + size);
      expect(calls() - before[1]).toBeLessThanOrEqual(4);
    });

    promise('one bad row fails alone', async () => {
      const { write, ask, create, read, fields, hands } = await openWriting(tried, object);
      const before = hands.all(object, 'all').length;
      const bad = misfit(fields);
      const outcomes = await write.apply([create(1), create(2, bad), create(3)], ask);
      expect(outcomes.map((one) => (one.done ? 'done' : one.error.kind))).toEqual(['done', 'record_rejected', 'done']);
      expect(hands.all(object, 'all').length).toBe(before + 2);

      const [first, , third] = outcomes;
      const rows = await Promise.all([done(first).id, done(third).id].map(read));
      const [one, other] = [must(rows[0], 'a row'), must(rows[1], 'a row')];
      const again = await write.apply([updateOf(one, bad), updateOf(other, create(8).fields)], ask);
      expect(again.map((outcome) => (outcome.done ? 'done' : outcome.error.kind))).toEqual(['record_rejected', 'done']);
      const refused = again[0];
      expect(refused?.done === false ? refused.error.fields : []).toContain(Object.keys(bad)[0]);
      expect((await read(one.id)).fields).toEqual(one.fields);
      expect((await read(other.id)).fields).toEqual(create(8).fields);
    });

    promise('an update of a record that is gone says so, and spoils no other', async () => {
      const { write, ask, create, read, hands } = await openWriting(tried, object);
      const [lost = '', kept = ''] = (await write.apply([create(1), create(2)], ask)).map((outcome) => done(outcome).id);
      const [old, other] = [await read(lost), await read(kept)];
      must(hands.remove, 'a hand that deletes')(object, lost);
      const outcomes = await write.apply([updateOf(old, create(4).fields), updateOf(other, create(5).fields)], ask);
      expect(outcomes.map((one) => (one.done ? 'done' : one.error.kind))).toEqual(['gone', 'done']);
    });

    promise('a refusal of the whole call is thrown, says that nothing was done, and nothing was', async () => {
      const { write, ask, create, hands, open } = await openWriting(tried, object);
      const before = hands.all(object, 'all').length;
      open.fail({ on: bench.creates, answer: 429, headers: { 'retry-after': '3' } });
      const error = await settled(write.apply([create(1), create(2)], ask));
      expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: 3000, isRefusal: true });
      expect(hands.all(object, 'all').length).toBe(before);
    });

    describe.each([
      ['with a key of the hub', {}],
      ['without a key of the hub', bench.withoutKey],
    ] as const)('%s', (_label, switches) => {
      promise('a create whose answer was lost is found, and made once', async () => {
        const { write, ask, create, hands, open, wind, now } = await openWriting(tried, object, switches);
        const before = hands.all(object, 'all');
        const since = now().toISOString();
        wind(1_000);
        const creates = [create(1), create(2)];
        open.fail({ on: bench.creates, lose: 'after' });
        const lost = await settled(write.apply(creates, ask));
        // Thrown, or an outcome that says that it is not known: never "done", and never "refused".
        const kinds = lost instanceof Error ? [lost] : lost.map((outcome) => (outcome.done ? 'done' : outcome.error));
        for (const one of kinds) expect(one).toMatchObject({ isRefusal: false });
        wind(must(writes, 'write traits').recallMs);
        const made = hands.all(object, 'all').filter((id) => !before.includes(id));
        expect(made).toHaveLength(2);
        const found = await write.recall([...creates, create(3)], since, ask);
        expect(found.map((one) => one?.fields ?? null)).toEqual([creates[0]?.fields, creates[1]?.fields, null]);
        expect(found.flatMap((one) => one?.id ?? []).sort()).toEqual(made.toSorted());
      });

      promise('a create that never arrived is not found', async () => {
        const { write, ask, create, hands, open, wind, now } = await openWriting(tried, object, switches);
        const before = hands.all(object, 'all').length;
        const since = now().toISOString();
        wind(1_000);
        open.fail({ on: bench.creates, lose: 'before' });
        await settled(write.apply([create(1)], ask));
        wind(must(writes, 'write traits').recallMs);
        expect(await write.recall([create(1)], since, ask)).toEqual([null]);
        expect(hands.all(object, 'all').length).toBe(before);
        expect(await write.recall([], since, ask)).toEqual([]);
      });
    });

    promise('a create that is sent again under its key meets what the first one made', async () => {
      const { write, ask, create, hands } = await openWriting(tried, object);
      const { id } = done((await write.apply([create(1)], ask))[0]);
      const count = hands.all(object, 'all').length;
      const [again] = await write.apply([create(1)], ask);
      expect(again?.done === true ? again.id : again?.error).toEqual(
        again?.done === true ? id : expect.objectContaining({ kind: 'already_there', existingId: id }),
      );
      expect(hands.all(object, 'all').length).toBe(count);
    });

    promise('each request of a write is one call', async () => {
      const stage = await openStage(tried);
      const { session, port: portOf } = stage.connect();
      const port = portOf(object);
      const fields = await port.fields('all');
      const ask = openMemory({ fields: [] }).ask('all');
      const needed = sampleRecord(
        fields.filter(({ name, required }) => required || /^(email|name)$/.test(name)),
        1,
        {},
      );
      const outcomes = await must(port.write, 'a writer').apply([{ verb: 'create', key: keyOf(1), fields: needed }], ask);
      done(outcomes[0]);
      await must(port.write, 'a writer').recall([{ verb: 'create', key: keyOf(1), fields: needed }], stage.now().toISOString(), ask);
      expect(session.calls()).toBe(stage.open.calls());
    });
  });
});
