import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../../connectors/hubspot/schema/values.ts';
import type { FieldType } from '../../src/contract/connector.ts';
import type { FieldValue } from '../../src/contract/records.ts';

const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }));
const moment = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2999-12-31') }).map((date) => date.toISOString());
const option = fc.stringMatching(/^[a-z_]{1,12}$/);
const text = fc.string({ minLength: 1 });

const LAWS: readonly (readonly [FieldType, fc.Arbitrary<FieldValue>])[] = [
  ['number', number],
  ['boolean', fc.boolean()],
  ['datetime', moment],
  ['date', moment.map((iso) => iso.slice(0, 10))],
  ['choice', option],
  ['choices', fc.array(option, { minLength: 1 })],
  ['text', text],
  ['long_text', text],
];

test.each(LAWS)('a %s that was written is the one that is read', (type, values) => {
  fc.assert(
    fc.property(values, (value) => {
      expect(decode(type, encode(type, value))).toStrictEqual(Object.is(value, -0) ? 0 : value);
    }),
  );
});

test.each(LAWS)('nothing is written as the empty string and read as nothing (%s)', (type) => {
  expect(encode(type, null)).toBe('');
  expect([decode(type, ''), decode(type, null)]).toStrictEqual([null, null]);
});

test('no number is written with an exponent', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(encode('number', value)).toMatch(/^-?\d+(\.\d+)?$/);
    }),
  );
});

test.each([
  ['number', 'many', 'many'],
  ['number', '12345678901234567890', '12345678901234567890'],
  ['boolean', 'yes', 'yes'],
  ['datetime', '1763632800123', '2025-11-20T10:00:00.123Z'],
  ['datetime', '2026-01-31T10:20:30+09:00', '2026-01-31T01:20:30.000Z'],
  ['date', '1763596800000', '2025-11-20'],
] as const)('a %s shown as %s is %s', (type, shown, value) => {
  expect(decode(type, shown)).toBe(value);
});
