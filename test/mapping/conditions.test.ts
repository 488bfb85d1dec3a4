import { expect, test } from 'vitest';
import { fulfils } from '../../src/mapping/conditions.ts';
import type { Condition } from '../../src/mapping/mapping.ts';

const fields = { stage: 'Customer', size: 250, at: '2026-11-22T10:00:00.000Z', tags: ['red', 'blue'], blank: null, empty: '' };
const is = (
  field: string,
  operator: Extract<Condition, { field: string }>['operator'],
  value: Extract<Condition, { field: string }>['value'] = null,
) => ({ field, operator, value });

test.each<[Condition, boolean]>([
  [is('stage', 'is', 'customer'), true],
  [is('stage', 'is_not', 'customer'), false],
  [is('blank', 'is_not', 'customer'), true],
  [is('stage', 'in', ['lead', 'customer']), true],
  [is('stage', 'not_in', ['lead', 'customer']), false],
  [is('blank', 'not_in', ['lead']), true],
  [is('blank', 'in', ['null', '']), false],
  [is('stage', 'contains', 'usto'), true],
  [is('tags', 'contains', 'red'), true],
  [is('tags', 'contains', 're'), false],
  [is('tags', 'is', ['blue', 'red']), true],
  [is('tags', 'in', ['green', 'red']), true],
  [is('stage', 'starts_with', 'cus'), true],
  [is('blank', 'starts_with', 'nu'), false],
  [is('blank', 'blank'), true],
  [is('empty', 'blank'), true],
  [is('missing', 'blank'), true],
  [is('stage', 'not_blank'), true],
  [is('at', 'before', '2026-11-23'), true],
  [is('at', 'after', '2026-11-23'), false],
  [is('blank', 'before', '2026-11-23'), false],
  [is('size', 'more', 249), true],
  [is('size', 'less', 250), false],
  [is('blank', 'less', 1), false],
  [is('size', 'is', 250), true],
  [{ all: [is('size', 'more', 1), is('stage', 'is', 'lead')] }, false],
  [{ any: [is('size', 'more', 1), is('stage', 'is', 'lead')] }, true],
  [{ not: is('stage', 'is', 'lead') }, true],
])('%j: %j', (condition, expected) => {
  expect(fulfils(condition, fields)).toBe(expected);
});
