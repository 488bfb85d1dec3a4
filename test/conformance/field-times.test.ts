import { describe, expect, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf } from './every.ts';
import { mappedFields, openStage } from './stage.ts';

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  const { connector, bench } = tried;
  describe.each(objectsOf(connector))('$object', ({ object, traits }) => {
    test('the time of a field moves with the field, and not with the record', async ({ skip }) => {
      skip(traits.read.fieldTimes === undefined, 'the vendor keeps no times of fields');
      const { hands, connect, wind, now } = await openStage(tried);
      const { read } = connect().port(object);
      const timesOf = must(read.fieldTimes, 'times of fields');
      const fields = await mappedFields(connector.manifest.id, object);
      wind(60_000);
      const first = hands.edit(object, 'all');
      const field = must(first.field ?? undefined, 'a field');
      const at = now().getTime();
      const before = must((await timesOf([first.id], fields)).get(first.id), 'the record');
      expect(Math.abs(Date.parse(must(before[field], field)) - at)).toBeLessThan(1000);
      wind(60_000);
      const { id } = hands.edit(object, 'all');
      expect(id).toBe(first.id);
      const after = must((await timesOf([id], fields)).get(id), 'the record');
      expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([field]);
      const [seen] = await read.byIds([id], openMemory({ fields }).ask('all'));
      expect(seen?.changedAt).toBe(after[field]);
    });

    test('times of what is not there are left out, and none are asked of no field', async ({ skip }) => {
      skip(traits.read.fieldTimes === undefined, 'the vendor keeps no times of fields');
      const { hands, connect, open } = await openStage(tried);
      const timesOf = must(connect().port(object).read.fieldTimes, 'times of fields');
      const [id = ''] = hands.all(object, 'all');
      const { field } = hands.edit(object, 'all');
      const found = await timesOf([id, bench.unknownId('all'), 'no id', ''], [field ?? '']);
      expect([...found.keys()]).toEqual([id]);
      const calls = open.calls();
      expect((await timesOf([id], [])).size).toBe(0);
      expect((await timesOf([], [field ?? ''])).size).toBe(0);
      expect(open.calls()).toBe(calls);
    });
  });
});
