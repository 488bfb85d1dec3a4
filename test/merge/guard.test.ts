import { describe, expect, test } from 'vitest';
import type { FieldSchema } from '../../src/contract/connector.ts';
import type { FieldValue } from '../../src/contract/records.ts';
import { guard } from '../../src/merge/guard.ts';

const field = (given: Partial<FieldSchema> = {}): FieldSchema => ({
  name: 'Title',
  label: 'Job title',
  type: 'text',
  writable: true,
  required: false,
  maxLength: null,
  choices: null,
  ...given,
});
const choices = [
  { value: 'lead', label: 'Lead' },
  { value: 'customer', label: 'Customer' },
];

describe('what fits is let through', () => {
  test.each<[FieldValue, Partial<FieldSchema>]>([
    ['Manager', {}],
    ['Manager', { maxLength: 7 }],
    [null, {}],
    ['lead', { type: 'choice', choices }],
    [['lead', 'customer'], { type: 'choices', choices }],
    [0, { type: 'number' }],
    [false, { type: 'boolean' }],
    ['2026-11-22', { type: 'date' }],
    ['2026-11-22T09:00:00.000Z', { type: 'datetime' }],
    ['001', { type: 'reference' }],
  ])('%j into %j', (value, given) => expect(guard(value, field(given), 'crm')).toBeNull());
});

describe('what does not fit is refused with the reason', () => {
  test.each<[FieldValue, Partial<FieldSchema>, RegExp]>([
    ['Manager', { writable: false }, /Job title is read-only in crm/],
    [null, { required: true }, /crm requires Job title/],
    ['Managers', { maxLength: 7 }, /at most 7 characters in crm, and this has 8/],
    ['boss', { type: 'choice', choices }, /no option "boss"/],
    [['lead', 'boss'], { type: 'choices', choices }, /no option "boss"/],
    ['seven', { type: 'number' }, /takes a number/],
    [Number.NaN, { type: 'number' }, /takes a number/],
    ['yes', { type: 'boolean' }, /takes yes or no/],
    ['22.11.2026', { type: 'date' }, /takes a date/],
    ['soon', { type: 'datetime' }, /takes a date and time/],
  ])('%j into %j', (value, given, reason) => expect(guard(value, field(given), 'crm')?.reason).toMatch(reason));

  test('a field that the connection does not see', () => expect(guard('Manager', undefined, 'crm')?.reason).toMatch(/no such field/));
});
