import { describe, expect, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf } from './every.ts';
import { mappedFields, openStage, scopesOf } from './stage.ts';
import { updateOf } from './writers.ts';

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  describe.each(objectsOf(tried.connector))('$object', ({ object, traits }) => {
    test('a record that was erased over there is gone when asked for, in no later read, and is not written again', async ({ skip }) => {
      const { hands, connect, wind } = await openStage(tried);
      skip(hands.erase === undefined, 'nobody can erase there');
      const port = connect().port(object);
      const scope = must((await scopesOf(port))[0], 'a scope');
      const fields = await mappedFields(tried.connector.manifest.id, object);
      const memory = openMemory({ fields });
      await memory.read(port, scope);
      const id = must(hands.all(object, scope)[2], 'a record');
      const before = memory.one(id);
      const { field } = hands.edit(object, scope);
      wind(5_000);
      hands.erase?.(object, id);
      wind(traits.read.settleMs + 5_000);
      for (const late of [port, connect().port(object)]) {
        const [seen, ...more] = await late.read.byIds([id], memory.ask(scope));
        expect([seen, more]).toEqual([expect.objectContaining({ kind: 'gone', id }), []]);
        expect(seen).not.toHaveProperty('mergedInto');
      }
      const shown = await memory.read(connect().port(object), scope);
      expect(shown.filter((one) => one.id === id && one.kind === 'present')).toEqual([]);
      const afresh = openMemory({ fields });
      await afresh.read(connect().port(object), scope);
      expect([...afresh.held.keys()].sort()).toEqual(hands.all(object, scope).toSorted());
      if (port.write === undefined) return;
      const count = hands.all(object, scope).length;
      const [update, erased] = [
        await port.write.apply([updateOf(before, { [field ?? '']: 'Back again' })], memory.ask(scope)),
        await port.write.apply([{ verb: 'delete', id, seen: before.fields }], memory.ask(scope)),
      ];
      expect(update[0]?.done === false ? update[0].error.kind : update[0]).toBe('gone');
      expect(erased[0]).toEqual({ done: true, id, observed: null });
      expect(hands.all(object, scope)).toHaveLength(count);
    });
  });
});
