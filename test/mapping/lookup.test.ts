import { describe, expect, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { lookupOf, termsOf } from '../../src/mapping/lookup.ts';
import { shippedMappings } from '../support/mappings.ts';

const { model } = await shippedMappings();
const contact = must(model.get('contact'), 'the contact');

/** Whether a search finds a record: each of its terms begins a word of the record, or a part of one. */
function finds(search: string, fields: Record<string, string>, object = contact): boolean {
  const { words } = lookupOf(object, fields);
  const terms = termsOf(search);
  return terms.length > 0 && terms.every((term) => words.some((word) => word.startsWith(term)));
}

describe('what people are found by', () => {
  test('parts of names, in any order, with and without accents, however they are written', () => {
    const jane = { first_name: 'Zoë-Jane', last_name: 'Łukasińska', email: 'z.jane77@northwind.example' };
    for (const search of [
      'zoe',
      'ZOË',
      'jane',
      'kasin',
      'jane luk'.replace('luk', 'łuk'),
      'northwind',
      'jane77@northwind',
      'z.jane77@northwind.example',
    ])
      expect([search, finds(search, jane)]).toEqual([search, true]);
    for (const search of ['zoey', 'thwind', '@', '', '  ', '%']) expect([search, finds(search, jane)]).toEqual([search, false]);
  });

  test('Japanese and Thai names by any part, for nobody puts spaces there', () => {
    const yamada = { first_name: '太郎', last_name: '山田' };
    for (const search of ['山', '田', '太郎', '山田 太郎', '郎']) expect([search, finds(search, yamada)]).toEqual([search, true]);
    const company = must(model.get('company'), 'the company');
    expect(finds('山田', { name: '株式会社山田商店' }, company)).toBe(true);
    expect(finds('ﾔﾏﾀﾞ', { first_name: 'ヤマダ' })).toBe(true);
    for (const search of ['สมชาย', 'ชาย', 'ใจดี'])
      expect([search, finds(search, { first_name: 'สมชาย', last_name: 'ใจดี' })]).toEqual([search, true]);
  });

  test('a telephone number in every way in which it is written', () => {
    const phone = { phone: '+81312345678' };
    for (const search of ['+81 3-1234-5678', '03-1234-5678', '0312345678', '81312345678', '(03) 1234'])
      expect([search, finds(search, phone)]).toEqual([search, true]);
    expect(finds('1234999', phone)).toBe(false);
  });

  test('no city, no job, and no comment', () => {
    const fields = { city: 'Kyoto', job_title: 'Buyer', feedback_comment: 'Slow', country: 'Japan' };
    for (const search of Object.values(fields)) expect([search, finds(search, fields)]).toEqual([search, false]);
  });
});

describe('what a record points at, and when', () => {
  test('references by their ids, without the labels of how; the first time that the model names', () => {
    const [one, two] = ['01a2271b-df72-76c7-abac-e8d3abb2d8ee', '01a2271b-df72-76c7-abac-ee05f7754cc1'];
    const call = must(model.get('activity'), 'the activity');
    const found = lookupOf(call, {
      contacts: [`${one}#Host`, two, '12'],
      at: '2026-03-01T10:00:00.000Z',
      ends_at: '2026-03-01T11:00:00.000Z',
    });
    expect(found.pointsAt).toEqual([one, two]);
    expect(found.at).toBe('2026-03-01T10:00:00.000Z');
  });
});
