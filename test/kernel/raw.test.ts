import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storable } from '../../src/contract/raw.ts';

const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
const anyValue = fc.jsonValue({ stringUnit: 'binary' });

test('what a database can hold is left as it is, the same object', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      if (!/\\u0000|\\ud[89a-f]/.test(JSON.stringify(value))) expect(storable(value)).toBe(value);
    }),
  );
});

test('any text becomes one that a database can hold, as long as it was, and stays so', () => {
  fc.assert(
    fc.property(anyText, (said) => {
      const held = storable({ [said]: [said] });
      expect(JSON.stringify(held)).not.toMatch(/\\u0000|\\ud[89a-f]/);
      expect(storable(held)).toBe(held);
      expect(String(storable(said))).toHaveLength(said.length);
    }),
  );
});

test('the halves of a pair that belong together are no reason to change anything', () => {
  expect(storable('NUL \0, half \ud83d, whole \u{1f600}')).toBe('NUL \ufffd, half \ufffd, whole \u{1f600}');
});
