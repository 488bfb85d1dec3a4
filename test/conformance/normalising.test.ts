import { describe, expect, test } from 'vitest';
import type { Fields, FieldValue } from '../../src/contract/records.ts';
import { openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf, whyUnwritten } from './every.ts';
import { openWriting, updateOf } from './writers.ts';

/** What people type that vendors like to change: blanks around it, capitals in an address, the line ends of another system. */
function untidy(name: string, value: FieldValue): FieldValue {
  if (typeof value !== 'string' || !/name|email|city|note|body|content|description|subject|title/i.test(name)) return value;
  if (name === 'owner_email') return value;
  return /email/i.test(name) && value.includes('@') ? value.toUpperCase() : `  ${value.replaceAll('\n', '\r\n')}  `;
}

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  describe.each(objectsOf(tried.connector))('$object', ({ object, traits }) => {
    const unwritten = whyUnwritten(tried.connector, object);
    test('a value that the vendor makes into another is read as it was made, and written back so is no change', async ({ skip }) => {
      skip(unwritten !== null, unwritten ?? '');
      const { write, ask, create, read, fields, connect, wind, hands } = await openWriting(tried, object);
      const texts = fields.filter(({ type }) => type === 'text' || type === 'long_text').map(({ name }) => name);
      const typed: Fields = Object.fromEntries(
        Object.entries(create(1).fields).map(([name, value]) => [name, texts.includes(name) ? untidy(name, value) : value]),
      );
      const [made] = await write.apply([{ ...create(1), fields: typed }], ask);
      if (made?.done !== true) throw made?.error ?? new Error('a write was not answered');
      const kept = await read(made.id);
      // What the answer shows is what is there: no look in between would see a change that nobody made.
      if (made.observed !== null) expect(kept.fields).toMatchObject(made.observed.fields);
      wind(traits.read.settleMs + 60_000);
      const memory = openMemory({ fields: ask.fields });
      const port = connect().port(object);
      await memory.read(port, 'all');
      expect(memory.one(made.id).fields).toEqual(kept.fields);
      for (const given of [typed, kept.fields]) {
        const [outcome] = await write.apply([updateOf(await read(made.id), given)], ask);
        expect(outcome).toMatchObject({ done: true });
        expect((await read(made.id)).fields).toEqual(kept.fields);
      }
      expect(hands.all(object, 'all')).toContain(made.id);
    });
  });
});
