import { describe, expect, test } from 'vitest';
import type { AnyPort } from '../../src/contract/connector.ts';
import { must } from '../../src/kernel/must.ts';
import { type Memory, openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf, type Tried, whyUnwritten } from './every.ts';
import { mappedFields, openStage, scopesOf } from './stage.ts';
import { done, openWriting, updateOf } from './writers.ts';

const sorted = (ids: Iterable<string>) => [...ids].sort();

/** The mapped fields that this account shows. */
async function shownFields(port: AnyPort, { connector }: Tried, object: string): Promise<readonly string[]> {
  const [scope = 'all'] = await scopesOf(port);
  const names = new Set((await port.fields(scope)).map(({ name }) => name));
  return (await mappedFields(connector.manifest.id, object)).filter((name) => names.has(name));
}

async function readAll(memory: Memory, port: AnyPort): Promise<void> {
  for (const scope of await scopesOf(port)) await memory.read(port, scope);
}

describe.each(
  EVERY_CONNECTOR.flatMap((tried) => tried.bench.moods.map((mood) => ({ ...tried, tried, mood, named: JSON.stringify(mood) }))),
)('$label $named', ({ tried, mood, connector }) => {
  describe.each(objectsOf(connector))('$object', ({ object, traits }) => {
    const unwritten = whyUnwritten(connector, object);
    test('everything is read, and what changes afterwards is seen once it can be', async () => {
      const { connect, hands, wind } = await openStage(tried, mood);
      const port = connect().port(object);
      const memory = openMemory({ fields: await shownFields(port, tried, object) });
      await readAll(memory, port);
      for (let round = 0; round < 4; round += 1) {
        wind(7_000);
        const scope = must((await scopesOf(port))[0], 'a scope');
        const { id, field, value } = hands.edit(object, scope);
        // A look right away may come too early; one after the settling may not.
        await readAll(memory, connect().port(object));
        wind(traits.read.settleMs + 1_000);
        await readAll(memory, connect().port(object));
        // An index may be later than usual, which the manifest does not promise away; the looks that reach further find it.
        for (let late = 0; late < 30 && !isSeen(memory, { id, field, value }); late += 1) {
          wind(30_000);
          await readAll(memory, connect().port(object));
        }
        expect(isSeen(memory, { id, field, value })).toBe(true);
      }
      const ids = (await scopesOf(port)).flatMap((scope) => hands.all(object, scope));
      wind(60 * 60_000);
      await readAll(memory, port);
      const held = [...memory.held.keys()];
      expect(sorted(ids.filter((id) => !held.includes(id)))).toEqual([]);
    });

    test('what was written is what is read, and a create whose answer was lost is found', async ({ skip }) => {
      skip(unwritten !== null, unwritten ?? '');
      const { newWriter, write, ask, create, read, open, wind, now } = await openWriting(tried, object, mood);
      const { id } = done((await write.apply([create(1)], ask))[0]);
      wind(5_000);
      expect((await read(id)).fields).toEqual(create(1).fields);
      for (const n of [4, 2]) {
        done((await newWriter().apply([updateOf(await read(id), create(n).fields)], ask))[0]);
        wind(5_000);
        expect((await read(id)).fields).toEqual(create(n).fields);
      }
      const since = now().toISOString();
      wind(1_000);
      open.fail({ on: tried.bench.creates, lose: 'after' });
      await newWriter()
        .apply([create(11)], ask)
        .catch(() => undefined);
      wind(must(traits.write, 'write traits').recallMs);
      const [found] = await newWriter().recall([create(11)], since, ask);
      expect(found?.fields).toEqual(create(11).fields);
    });
  });
});

function isSeen(memory: Memory, { id, field, value }: { id: string; field: string | null; value: unknown }): boolean {
  return memory.held.has(id) && (field === null || memory.one(id).fields[field] === value);
}
