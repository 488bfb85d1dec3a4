import { describe, expect, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf, whyUnwritten } from './every.ts';
import { openStage } from './stage.ts';
import { openWriting, updateOf } from './writers.ts';

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  describe.each(objectsOf(tried.connector))('$object', ({ object }) => {
    const unwritten = whyUnwritten(tried.connector, object);
    test('a field that is taken away leaves the schema, and the others are read and written all the same', async ({ skip }) => {
      skip(unwritten !== null, unwritten ?? '');
      const { hands, port, connect, write, ask, create } = await openWriting(tried, object);
      const [outcome] = await write.apply([create(1)], ask);
      const id = outcome?.done === true ? outcome.id : '';
      const taken = must(hands.takeField, 'a hand that takes fields')(object);
      // Who has known the schema from before, and who has not.
      for (const late of [port, connect().port(object)]) {
        expect((await late.fields('all')).map(({ name }) => name)).not.toContain(taken);
        const fields = ask.fields.filter((name) => name !== taken);
        const memory = openMemory({ fields });
        await memory.read(late, 'all');
        expect([...memory.held.keys()].sort()).toEqual(hands.all(object, 'all').toSorted());
        const seen = memory.one(id);
        expect(Object.keys(seen.fields)).not.toContain(taken);
        const writer = must(late.write, 'a writer');
        const wanted = create(4).fields;
        const [refused] = await writer.apply([updateOf(seen, { [taken]: wanted[taken] ?? 'x' })], memory.ask('all'));
        // By the field where the schema is fresh; else as a mapping that does not fit any more, and the schema is read again.
        expect(['record_rejected', 'misconfigured']).toContain(refused?.done === false ? refused.error.kind : 'done');
        const { [taken]: _gone, ...others } = wanted;
        expect((await writer.apply([updateOf(seen, others)], memory.ask('all')))[0]).toMatchObject({ done: true });
      }
    });

    test('a field that has another type now is told with it', async ({ skip }) => {
      const { hands, connect } = await openStage(tried);
      skip(hands.retypeField === undefined, 'nobody can change the type of a field there');
      const port = connect().port(object);
      await port.fields('all');
      const { field, type } = must(hands.retypeField, 'a hand that changes types')(object);
      for (const late of [port, connect().port(object)]) {
        expect((await late.fields('all')).find(({ name }) => name === field)).toMatchObject({ name: field, type });
      }
    });
  });
});
