import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '../../src/hub/ids.ts';
import { openPersonalIds } from '../../src/hub/sealing/personal-ids.ts';
import { SIGNED_ID } from '../../src/mapping/response.ts';

const keys = (current: number, ...versions: readonly number[]) => ({
  current,
  keys: new Map(versions.map((version) => [version, Buffer.alloc(32, version)])),
});
const ids = openPersonalIds(keys(1, 1));

test('what was given out leads back, in whatever letters it comes', () => {
  fc.assert(
    fc.property(fc.uuid(), (recordId) => {
      const id = ids.issue(recordId);
      expect(id).toMatch(SIGNED_ID);
      expect(id).toMatch(/^[a-z0-9]{1,64}$/);
      expect([ids.read(id), ids.read(` ${id.toUpperCase()} `)]).toEqual([recordId, recordId]);
    }),
  );
});

test('no other letter in its place leads anywhere', () => {
  const id = ids.issue(newId());
  for (let at = 2; at < id.length; at += 1) {
    const other = id[at] === '0' ? '1' : '0';
    expect(ids.read(`${id.slice(0, at)}${other}${id.slice(at + 1)}`)).toBeNull();
  }
  for (const odd of ['', 'sl', 'CRM-000481', newId(), `${id}0`, id.slice(1)]) expect(ids.read(odd)).toBeNull();
});

test('a later key signs, and what an earlier one has signed is known as long as that is there; another hub knows neither', () => {
  const recordId = newId();
  const before = ids.issue(recordId);
  const rotated = openPersonalIds(keys(2, 1, 2));
  expect(rotated.issue(recordId)).not.toBe(before);
  expect([rotated.read(before), rotated.read(rotated.issue(recordId))]).toEqual([recordId, recordId]);
  expect(openPersonalIds(keys(2, 2)).read(before)).toBeNull();
});
