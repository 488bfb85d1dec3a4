import { describe, expect, test } from 'vitest';
import type { AnyPort } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { type Memory, openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf } from './every.ts';
import { FAULTS, PASSING } from './faults.ts';
import { mappedFields, openStage } from './stage.ts';

const sorted = (ids: Iterable<string>) => [...ids].sort();

/** Reads on after every failure, in a new process, from the cursor that was stored last, until two reads bring nothing new. */
async function readThrough(memory: Memory, open: () => AnyPort, scope: string): Promise<readonly HubError[]> {
  const errors: HubError[] = [];
  for (let quiet = 0; quiet < 2; ) {
    const before = memory.held.size;
    try {
      await memory.read(open(), scope);
      quiet = memory.held.size === before ? quiet + 1 : 0;
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      errors.push(error);
      if (errors.length > 5) throw error;
      if (error.recovery === 'read_afresh') memory.forget(scope);
    }
  }
  return errors;
}

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  describe.each(objectsOf(tried.connector))('$object', ({ object }) => {
    test.each(FAULTS)(
      'when a request of a read %s, whichever, reading on from the stored cursor leaves nothing out',
      async (_name, fault) => {
        const { hands, connect, open } = await openStage(tried);
        const scope = hands.crowd(object);
        const fields = await mappedFields(tried.connector.manifest.id, object);
        let failed = 0;
        for (let at = 0; at < 6; at += 1) {
          const memory = openMemory({ fields });
          open.fail(fault(at));
          const errors = await readThrough(memory, () => connect().port(object), scope);
          for (const { recovery } of errors) expect(PASSING).toContain(recovery);
          failed += errors.length;
          expect(sorted(memory.held.keys())).toEqual(sorted(hands.all(object, scope)));
        }
        expect(failed).toBeGreaterThan(2);
      },
    );

    test('records that are deleted while everything is being read take no others with them', async ({ skip }) => {
      const { hands, connect, wind } = await openStage(tried);
      skip(hands.remove === undefined, 'nobody can delete there');
      const scope = hands.crowd(object);
      const memory = openMemory();
      await memory.read(connect().port(object), scope, { pages: 1 });
      const removed = [...memory.held.keys()].slice(-40);
      for (const id of removed) hands.remove?.(object, id);
      wind(1_000);
      await readThrough(memory, () => connect().port(object), scope);
      expect(sorted([...memory.held.keys()].filter((id) => !removed.includes(id)))).toEqual(sorted(hands.all(object, scope)));
    });
  });
});
