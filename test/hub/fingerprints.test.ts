import { expect, test } from 'vitest';
import { openFingerprints } from '../../src/hub/sealing/fingerprints.ts';

const keys = (current: number, ...versions: readonly number[]) => ({
  current,
  keys: new Map(versions.map((version) => [version, Buffer.alloc(32, version)] as const)),
});

test('what was kept under an earlier key is told under a later one, and nobody without a key tells it', () => {
  const name = ['response', 'tool', null, 's:1'];
  const before = openFingerprints(keys(1, 1)).take(name);
  const after = openFingerprints(keys(2, 1, 2));
  expect(after.take(name)).not.toBe(before);
  expect(after.all(name)).toEqual([before, after.take(name)]);
  expect(openFingerprints(keys(3, 3)).all(name)).not.toContain(before);
  expect(after.take(['response', 'tool', 'null', 's:1'])).not.toBe(after.take(name));
});
