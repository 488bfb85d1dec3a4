import { describe, expect, test } from 'vitest';
import type { FieldValue } from '../../src/contract/records.ts';
import { codecOf } from '../../src/mapping/codec.ts';
import type { HubFieldType, Line } from '../../src/mapping/mapping.ts';
import { agreedBase, arrivedOf } from '../../src/merge/agreed-base.ts';

const line = (name: string, type: HubFieldType, ref: string | null = null): [string, Line] => {
  const codec = codecOf({ type, transform: null, values: null, unmapped: 'hold' });
  return [name, { hub: name, remote: name.toUpperCase(), direction: 'both', rule: { kind: 'newest' }, nulls: 'clear', codec, ref }];
};
const LINES = new Map([line('name', 'text'), line('email', 'email'), line('tags', 'choices'), line('boss', 'reference', 'person')]);
const SENT = {
  pushed: { name: 'Ada', email: 'ada@x.io', tags: ['a', 'b'], boss: 'record-1' },
  push: { NAME: 'Ada', EMAIL: 'ada@x.io', TAGS: ['a', 'b'], BOSS: '17' },
};
const arrivedAs = (observed: Readonly<Record<string, FieldValue>>) => arrivedOf(SENT, LINES, observed);

describe('of a create that may have been made by an earlier one', () => {
  test('everything has arrived that shows what was sent, in whatever spelling', () => {
    expect(arrivedAs({ NAME: 'Ada', EMAIL: 'ADA@x.io', TAGS: ['b', 'a'], BOSS: '17' })).toEqual(SENT);
  });

  test('what shows something else, or nothing, has not', () => {
    const { pushed, push } = arrivedAs({ NAME: 'Bea', EMAIL: 'ada@x.io', TAGS: null, BOSS: '18' });
    expect(pushed).toEqual({ email: 'ada@x.io' });
    expect(push).toEqual({ EMAIL: 'ada@x.io' });
    expect(arrivedAs({}).pushed).toEqual({});
  });

  test('of a list it is the options that are still there', () => {
    const { pushed, push } = arrivedAs({ TAGS: ['b', 'c'] });
    expect(pushed).toEqual({ tags: ['b'] });
    expect(push).toEqual({ TAGS: ['b'] });
  });
});

describe('a value that was overruled before', () => {
  const before = { name: { hub: 'Ada', remote: 'Ada', overruled: null } };
  const written = { push: { NAME: 'Bea' }, pushed: { name: 'Bea' } };

  test('still counts as overruled while the remote has shown nothing else since', () => {
    const base = agreedBase(before, written, { lines: LINES, observed: null, seen: { NAME: null } });
    expect(base.name).toEqual({ hub: 'Bea', remote: 'Bea', overruled: null });
  });

  test('is an edit of its own when it comes back after the remote has shown another one', () => {
    const base = agreedBase(before, written, { lines: LINES, observed: null, seen: { NAME: 'Ada' } });
    expect(base.name).toBe('Bea');
  });
});
