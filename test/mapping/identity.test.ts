import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fields, FieldValue } from '../../src/contract/records.ts';
import { alike } from '../../src/mapping/alike.ts';
import { editDistance } from '../../src/mapping/distance.ts';
import { parseHub } from '../../src/mapping/hub.ts';
import { NORMALISERS, type Normaliser } from '../../src/mapping/mapping.ts';
import { confirms, matchKey } from '../../src/mapping/match.ts';
import { normalise } from '../../src/mapping/normalise.ts';

describe('normalise', () => {
  test.each<[Normaliser, FieldValue, string | null]>([
    ['email', ' Ada@Example.COM ', 'ada@example.com'],
    ['email', 'ａｄａ＠example.com', 'ada@example.com'],
    ['email', 'none', null],
    ['email', 'a b@c', null],
    ['phone', '+81 (0)90-1234-5678', '+819012345678'],
    ['phone', '090-1234-5678', '+819012345678'],
    ['phone', '０９０－１２３４－５６７８', '+819012345678'],
    ['phone', '0081 90 1234 5678', '+819012345678'],
    ['phone', '081 234 5678', '+66812345678'],
    ['phone', '(212) 555-0123', '+12125550123'],
    ['phone', '03-1234-5678 ext 12', '+81312345678x12'],
    ['phone', '12345', null],
    ['phone', '000-0000-0000', null],
    ['phone', 'none', null],
    ['name', ' José  Álvarez-Łódź ', 'josealvarezlodz'],
    ['name', 'STRASSE', 'strasse'],
    ['name', 'Straße', 'strasse'],
    ['name', 'ガガ', 'ガガ'],
    ['name', 'ｶﾞｶﾞ', 'ガガ'],
    ['name', '佐藤　春香', '佐藤春香'],
    ['name', 'น้ำใจ', 'น้ําใจ'],
    ['name', '-', null],
    ['domain', 'https://www.Acme.com/x', 'acme.com'],
    ['domain', '例え.jp', 'xn--r8jz45g.jp'],
    ['domain', 'unknown', null],
    ['text', ' A  b ', 'a b'],
    ['text', null, null],
    ['text', ['a'], null],
  ])('%s: %j is %j', (kind, value, key) => {
    expect(normalise(kind, value)).toBe(key);
  });

  test('where a number is from decides what a number without a country means', () => {
    expect(normalise('phone', '020 7946 0018', 'GB')).toBe('+442079460018');
    expect(normalise('phone', '030 123456', 'DE')).toBe('+4930123456');
  });

  test.each(NORMALISERS)('%s: a key is its own key', (kind) => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.emailAddress(), fc.webUrl(), fc.stringMatching(/^\+?[0-9 ()-]{5,16}$/));
    fc.assert(
      fc.property(value, (written) => {
        const key = normalise(kind, written);
        if (key !== null) expect(normalise(kind, key)).toBe(key);
      }),
    );
  });
});

describe('alike', () => {
  test.each<[Normaliser, string, string, boolean]>([
    ['name', 'Jon', 'John', true],
    ['name', 'Rob', 'Robert', true],
    ['name', 'Jo', 'Joseph', false],
    ['name', 'Mary', 'John', false],
    ['name', 'Martha', 'Marhta', true],
    ['name', 'Taro', '太郎', true],
    ['name', '太郎', '次郎', false],
    ['name', '太郎', '花子', false],
    ['name', 'สมชาย', 'สมหญิง', false],
    ['name', 'Acme', 'Acme Inc.', true],
    ['email', 'ada@a.com', 'adb@a.com', false],
    ['phone', '+81 90-1234-5678', '090-1234-5678', true],
    ['phone', '+49 30 123456', '030 123456', true],
    ['phone', '+81 90-1234-5678', '+81 90-1234-5679', false],
    ['domain', 'jp.acme.com', 'acme.com', true],
    ['domain', 'acme.com', 'acne.com', false],
  ])('%s: %s and %s: %j', (kind, a, b, expected) => {
    expect(alike(kind, a, b)).toBe(expected);
    expect(alike(kind, b, a)).toBe(expected);
  });

  test('a blank is alike to nothing', () => {
    expect(alike('name', null, 'Ada')).toBe(false);
    expect(alike('name', '-', '-')).toBe(false);
  });
});

test('one step is one letter added, removed, replaced, or swapped', () => {
  expect(editDistance('ab', 'ba')).toBe(1);
  expect(editDistance('kitten', 'sitting')).toBe(3);
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});

describe('a match rule', () => {
  const field = (identity: Normaliser) => `{ type: text, category: basic, sensitivity: internal, identity: ${identity} }`;
  const parsed = parseHub(
    `objects:\n  contact:\n    fields:\n      email: ${field('email')}\n      first_name: ${field('name')}\n      phone: ${field('phone')}\n      country: ${field('text')}\n`,
    'hub.yaml',
  );
  const contact = parsed.ok ? parsed.model.get('contact') : undefined;
  if (contact === undefined) throw new Error('the hub model of this test is broken');
  const rule = { on: ['email'], confirm: ['first_name', 'phone'], merges: false };
  const decides = (a: Fields, b: Fields) => confirms(rule, contact, { a, b });

  test('gives equal keys to equal people, and none to those without', () => {
    expect(matchKey(rule, contact, { email: 'A@b.c' })).toBe(matchKey(rule, contact, { email: 'a@B.c ' }));
    expect(matchKey(rule, contact, { email: null })).toBeNull();
    expect(matchKey(rule, contact, {})).toBeNull();
  });

  test('reads numbers as the country of the record writes them', () => {
    const byPhone = { on: ['phone'], confirm: [], merges: false };
    expect(matchKey(byPhone, contact, { phone: '030 123456', country: 'Germany' })).toBe(
      matchKey(byPhone, contact, { phone: '+49 30 123456' }),
    );
  });

  test('is confirmed by one that is alike, or when there is nothing to compare', () => {
    expect(decides({ first_name: 'Jon', phone: '1112223' }, { first_name: 'John', phone: '9998887' })).toBe(true);
    expect(decides({ first_name: 'Jon' }, { phone: '9998887' })).toBe(true);
    expect(confirms({ ...rule, confirm: [], merges: false }, contact, { a: {}, b: {} })).toBe(true);
  });

  test('a blank beside a difference confirms nothing', () => {
    expect(decides({ first_name: 'Mary', phone: null }, { first_name: 'John', phone: '9998887' })).toBe(false);
  });
});
