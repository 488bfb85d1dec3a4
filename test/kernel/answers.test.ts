import { expect, test } from 'vitest';
import { kindOfStatus, retryAfterMs } from '../../src/contract/answers.ts';
import { HubError, RECOVERY } from '../../src/contract/errors.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

test.each([
  [null, undefined],
  ['7', 7_000],
  ['0.5', 500],
  ['-3', 0],
  ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
  ['soon', undefined],
])('Retry-After %j is %j', (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});

test.each([
  [401, 'signed_out'],
  [403, 'not_allowed'],
  [404, 'misconfigured'],
  [408, 'unreachable'],
  [423, 'locked'],
  [429, 'rate_limited'],
  [400, 'broken_answer'],
  [500, 'unreachable'],
  [503, 'unreachable'],
  [599, 'unreachable'],
] as const)('status %i is %s', (status, kind) => {
  expect(kindOfStatus(status)).toBe(kind);
});

test('only what the vendor refused before it did anything is a refusal', () => {
  const kinds = Object.keys(RECOVERY) as (keyof typeof RECOVERY)[];
  const refusals = kinds.filter((kind) => new HubError(kind, 'no').isRefusal);
  expect(refusals.sort()).toEqual(['locked', 'misconfigured', 'not_allowed', 'quota_spent', 'rate_limited', 'signed_out']);
});
