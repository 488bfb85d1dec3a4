import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { canonical, type Json } from '../../src/kernel/json.ts';
import { type Edit, editText } from '../../src/mapping/editing/edit.ts';
import { commentsOf } from '../../src/mapping/editing/written.ts';

const TEXT = `# Contacts.
connector: crm # the first
object: contact
hub: contact

match:
  - { on: [email], confirm: [last_name, phone] } # by mail
fields:
  # Who it is.
  - { hub: email, remote: email, transform: lower } # written small
  - { hub: last_name, remote: lastname }
  - hub: stage # as it stands
    remote: stage
    values:
      # The beginning.
      lead: "Open: new" # first
      customer: Won
    unmapped: hold
  - {
      hub: phone, # with a comma
      remote: phone,
    }
# The end.
`;

describe('an edit changes what it is about, and nothing else', () => {
  const cases: readonly (readonly [string, Edit, readonly [string, string]])[] = [
    ['a value', { set: ['fields', 0, 'transform'], to: 'text' }, ['transform: lower }', 'transform: text }']],
    [
      'a rule that was not there',
      { set: ['fields', 1, 'rule'], to: { prefer: 'crm' } },
      ['remote: lastname }', 'remote: lastname, rule: { prefer: crm } }'],
    ],
    [
      'a setting in a block',
      { set: ['fields', 2, 'nulls'], to: 'keep' },
      ['    unmapped: hold\n', '    unmapped: hold\n    nulls: keep\n'],
    ],
    [
      'one value of a map',
      { set: ['fields', 2, 'values'], to: { lead: 'Open: new', customer: 'Closed' } },
      ['customer: Won', 'customer: Closed'],
    ],
    ['a value more', { set: ['fields', 2, 'values', 'lost'], to: 'No' }, ['customer: Won\n', 'customer: Won\n      lost: No\n']],
    ['a line that goes', { remove: ['fields', 1] }, ['  - { hub: last_name, remote: lastname }\n', '']],
    [
      'a line that goes, but for its comment',
      { remove: ['fields', 0] },
      ['  - { hub: email, remote: email, transform: lower } # written small\n', '  # written small\n'],
    ],
    [
      'a new line',
      { add: ['fields'], value: { hub: 'city', remote: 'Ort, Stadt' } },
      ['    }\n# The end', '    }\n  - { hub: city, remote: "Ort, Stadt" }\n# The end'],
    ],
    ['a setting of the file', { set: ['direction'], to: 'in' }, ['    }\n# The end', '    }\ndirection: in\n# The end']],
    [
      'the first of a block',
      { remove: ['fields', 2, 'hub'] },
      ['  - hub: stage # as it stands\n    remote', '  # as it stands\n  - remote'],
    ],
    ['in lines with commas', { set: ['fields', 3, 'nulls'], to: 'keep' }, ['remote: phone,\n', 'remote: phone, nulls: keep,\n']],
    ['one of a list', { set: ['match', 0, 'confirm'], to: ['last_name', 'city'] }, ['[last_name, phone]', '[last_name, city]']],
  ];
  test.each(cases)('%s', (_, edit, [before, after]) => {
    expect(TEXT.split(before)).toHaveLength(2);
    expect(editText(TEXT, [edit])).toBe(TEXT.replace(before, after));
  });

  test('lines that end as Windows ends them stay so', () => {
    const text = TEXT.replaceAll('\n', '\r\n');
    const edited = editText(text, [{ add: ['fields'], value: { hub: 'city', remote: 'city' } }, { remove: ['fields', 1] }]);
    expect(edited.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

const SHIPPED = readdirSync('mappings').filter((name) => name.endsWith('.yaml') && !/^(hub|benchmarks)\./.test(name));
const texts = [TEXT, TEXT.replaceAll('\n', '\r\n'), ...SHIPPED.map((name) => readFileSync(`mappings/${name}`, 'utf8'))];

const word = fc
  .oneof(
    fc.stringMatching(/^[a-z][a-z_]{0,8}$/),
    fc.constantFrom(
      'yes',
      'null',
      '1',
      '',
      ' a ',
      '# no comment',
      'a: b',
      'a, b',
      '- a',
      '<script>',
      "it's",
      '"',
      '{',
      'two\nlines',
      '顧客',
      '🙂',
      '\u202eevil',
      '0x1f',
      '=',
      '&a',
      '*a',
      '!t',
      '%',
      '@',
      '`',
    ),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  )
  .filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));
const line = fc.record(
  {
    hub: word,
    remote: word,
    direction: fc.constantFrom('both', 'in', 'out', 'off'),
    rule: fc.oneof(
      fc.constantFrom('newest', 'hub'),
      fc.record({ prefer: word }),
      fc.record({ order: fc.array(word, { minLength: 1, maxLength: 3 }) }),
    ),
    values: fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean()), { minKeys: 1, maxKeys: 3 }),
  },
  { requiredKeys: ['hub', 'remote'] },
);
const place = fc.nat({ max: 30 });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ add: fc.constant(['fields']), value: line }) as fc.Arbitrary<Edit>,
  fc.tuple(place, line).map(([i, to]): Edit => ({ set: ['fields', i], to })),
  fc
    .tuple(place, fc.constantFrom('rule', 'direction', 'nulls', 'transform', 'values', 'remote'), fc.option(line))
    .map(
      ([i, name, value]): Edit =>
        value === null
          ? { remove: ['fields', i, name] }
          : { set: ['fields', i, name], to: (value as Record<string, Json>)[name] ?? value.remote },
    ),
  fc.tuple(place, word, word).map(([i, from, to]): Edit => ({ set: ['fields', i, 'values', from], to })),
  place.map((i): Edit => ({ remove: ['fields', i] })),
);

/** The same steps on plain values, with what is not there left out. */
function stepOn(value: { fields?: unknown }, one: Edit): Edit | null {
  const size = Array.isArray(value.fields) ? value.fields.length : 0;
  if ('add' in one) return one;
  const path = 'set' in one ? one.set : one.remove;
  if (size === 0 || (size === 1 && path.length === 2 && 'remove' in one)) return null;
  const [first, i, ...rest] = path;
  if (first === undefined) return null;
  const moved = [first, Number(i) % size, ...rest];
  return 'set' in one ? { set: moved, to: one.to } : { remove: moved };
}

test('any steps of an editor keep every comment and all other text, and come to the mapping that was meant', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
      let now = text;
      for (const one of edits) {
        const value = parse(now) as { fields?: unknown };
        const step = stepOn(value, one);
        if (step === null) continue;
        const after = editText(now, [step]);
        expect([...commentsOf(after)].sort()).toEqual([...commentsOf(now)].sort());
        // Whatever is not among the fields is not touched.
        const { fields: _, ...rest } = parse(after) as Record<string, unknown>;
        const { fields: __, ...before } = value as Record<string, unknown>;
        expect(canonical(rest)).toBe(canonical(before));
        const head = now.slice(0, now.indexOf('fields:'));
        expect(after.startsWith(head)).toBe(true);
        now = after;
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
