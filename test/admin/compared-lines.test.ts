import { expect, test } from 'vitest';
import { comparedLines } from '../../src/admin/mappings/compared-lines.ts';

const document = (...fields: readonly object[]) => ({ hub: 'contact', fields });

test('two versions differ by lines that one of them has, and by what a line says; the order of lines is no difference', () => {
  const email = { hub: 'email', remote: 'email' };
  const city = { hub: 'city', remote: 'city' };
  const stage = { hub: 'stage', remote: 'stage', values: { won: 'closed' } };
  const said = comparedLines(
    document(email, city, stage),
    document({ ...stage, values: { won: 'done' } }, { ...email, direction: 'in', rule: 'hub' }),
  );
  expect(said?.map(({ hub, what, before, after }) => [hub, what, before !== null, after !== null])).toEqual([
    ['stage', ['values'], true, true],
    ['email', ['direction', 'rule'], true, true],
    ['city', [], true, false],
  ]);
  expect(comparedLines(document(email, city), document(city, email))).toEqual([]);
  expect(comparedLines(null, document(city))).toMatchObject([{ hub: 'city', before: null }]);
  expect(comparedLines({ objects: {} }, null)).toBeNull();
});
