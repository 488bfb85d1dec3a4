import { describe, expect, test } from 'vitest';
import { fieldsRead } from '../../src/mapping/fields-read.ts';
import { parseHub } from '../../src/mapping/hub.ts';
import type { EntityMapping, HubModel } from '../../src/mapping/mapping.ts';
import { parseMapping } from '../../src/mapping/parse.ts';
import { describeProblem } from '../../src/mapping/problems.ts';
import { evidenceIn } from '../../src/mapping/response.ts';
import type { ResponseMapping } from '../../src/mapping/response-mapping.ts';

const FILE = 'mappings/crm.contact.yaml';
const HUB = `
objects:
  company:
    fields:
      name: { type: text, category: basic, sensitivity: internal, identity: name }
  contact:
    fields:
      email: { type: email, category: basic, sensitivity: personal, identity: email }
      stage: { type: choice, category: basic, sensitivity: internal }
      size: { type: number, category: basic, sensitivity: internal }
      company: { type: reference, to: company, category: basic, sensitivity: internal }
      firms: { type: references, to: company, category: basic, sensitivity: internal }
      score: { type: number, category: feedback, sensitivity: internal, rollup: { of: nps, take: last } }
`;

function model(): HubModel {
  const parsed = parseHub(HUB, 'hub.yaml');
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.model;
}

const head = 'connector: crm\nobject: contact\nhub: contact\nmatch: [{ on: [email] }]\n';
const email = '  - { hub: email, remote: Email }\n';

/** What is wrong with a mapping that has these lines below the line for e-mail, which is line 6. */
function problemsOf(lines: string, above = head): readonly string[] {
  const parsed = parseMapping(`${above}fields:\n${email}${lines}`, FILE, model());
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

function entity(text: string): EntityMapping {
  const parsed = parseMapping(text, FILE, model());
  if (!parsed.ok || parsed.mapping.kind !== 'entity') throw new Error('the mapping of this test is broken');
  return parsed.mapping;
}

test('what is not said has the documented meaning', () => {
  const { lines, match, direction, gates } = entity(`${head}fields:\n${email}  - { hub: score, remote: Score }\n`);
  const open = { when: null, leaves: 'freeze', creates: true };
  expect({ match, direction, gates }).toEqual({
    match: [{ on: ['email'], confirm: [], merges: false }],
    direction: 'both',
    gates: { in: open, out: open },
  });
  expect(lines[0]).toMatchObject({ hub: 'email', remote: 'Email', direction: 'both', rule: { kind: 'newest' }, nulls: 'clear', ref: null });
  expect(lines[1]).toMatchObject({ hub: 'score', direction: 'out', rule: { kind: 'hub' } });
});

test('a part of an object only goes out and matches nobody, and what it refers to may be needed', () => {
  const part = (rest: string) => {
    const text = `connector: crm\nobject: contact\nof: person\nhub: contact\nfields:\n${email}  - { hub: company, remote: C, ref: company, needed: true, rule: yield }\n${rest}`;
    const parsed = parseMapping(text, FILE, model());
    return parsed.ok ? parsed.mapping : parsed.problems.map(describeProblem);
  };
  const mapping = part('match: never\ndirection: out\n');
  expect(mapping).toMatchObject({ of: 'person', lines: [{}, { needed: true, rule: { kind: 'yield' } }] });
  expect(part('match: [{ on: [email] }]\n')).toEqual([
    `${FILE}:3:5 of: only what the hub has made takes part, so nothing comes in. Add direction: out.`,
    `${FILE}:7:66 fields[1].rule: "yield" is for what only flows out. Use another rule, or direction: out.`,
    `${FILE}:8:8 match: only what the hub has made takes part, so there is nobody to match. Use never.`,
  ]);
  expect(problemsOf('  - { hub: stage, remote: S, needed: true }\n')[0]).toContain('only a reference can be waited for');
});

test('records that are never matched have no rules, and an optional object is switched on by its own name only', () => {
  const rest = `connector: crm\nobject: contact\nhub: contact\nfields:\n${email}`;
  const { match, optional } = entity(`${rest}match: never\noptional: true\n`);
  expect([match, optional]).toEqual([[], true]);
  expect(entity(`${rest}match: never\noptional: false\n`)).not.toHaveProperty('optional');
  expect(entity(`${rest}match: [{ on: [email] }]\n`)).not.toHaveProperty('optional');
});

test('what both ways say arrives each on its side, and a filter alone is about what comes in', () => {
  const { gates, optOut, removed, merged, match } = entity(
    `connector: crm\nobject: contact\nhub: contact\nmatch: [{ on: [email], merges: true }]\nfilter: { out: { field: size, operator: more, value: 3 } }\nleaves: { in: unlink, out: archive }\ncreates: { out: false }\nopt_out: { remote: Quiet, is: true }\nremoved: { in: ask }\nmerged: ignore\nfields:\n${email}  - { hub: size, remote: Size }\n`,
  );
  expect(gates).toEqual({
    in: { when: null, leaves: 'unlink', creates: true },
    out: { when: { field: 'size', operator: 'more', value: 3 }, leaves: 'archive', creates: false },
  });
  expect({ optOut, removed, merged, merges: match[0]?.merges }).toEqual({
    optOut: { remote: 'Quiet', is: true },
    removed: { in: 'ask', out: 'ignore' },
    merged: 'ignore',
    merges: true,
  });
  expect(fieldsRead(entity(`${head}opt_out: { remote: Quiet, is: true }\nfields:\n${email}`))).toEqual(['Email', 'Quiet']);
  expect(fieldsRead(entity(`${head}opt_out: { remote: Email, is: x }\nfields:\n${email}`))).toEqual(['Email']);
});

test('a direction of the whole file limits its lines', () => {
  const { lines } = entity(`${head}direction: in\nfields:\n${email}  - { hub: size, remote: Size, direction: off }\n`);
  expect(lines.map(({ direction }) => direction)).toEqual(['in', 'off']);
});

test('rules, references, and filters arrive as they were written', () => {
  const mapping = entity(
    `${head}filter: { all: [{ field: stage, operator: is, value: lead }, { not: { field: size, operator: blank } }] }\nfields:\n${email}` +
      '  - { hub: stage, remote: Stage, rule: { order: [crm, erp] } }\n  - { hub: size, remote: Size, rule: { prefer: crm } }\n  - { hub: company, remote: Parent, ref: company }\n',
  );
  expect(mapping.lines.slice(1).map(({ rule }) => rule)).toEqual([
    { kind: 'order', systems: ['crm', 'erp'] },
    { kind: 'prefer', system: 'crm' },
    { kind: 'newest' },
  ]);
  expect(mapping.lines[3]?.ref).toBe('company');
  expect(mapping.gates.in.when).toEqual({
    all: [{ field: 'stage', operator: 'is', value: 'lead' }, { not: { field: 'size', operator: 'blank', value: null } }],
  });
});

describe('refused, with line, column, field, reason, and advice', () => {
  const at = `${FILE}:7`;
  test.each<[string, string, string]>([
    [
      'an unknown rule',
      '  - { hub: size, remote: S, rule: newset }',
      `${at}:35 fields[1].rule: "newset" is not a rule. Use one of newest, hub, hold, { order: [...] }, { prefer: ... }.`,
    ],
    [
      'an unknown direction',
      '  - { hub: size, remote: S, direction: pull }',
      `${at}:40 fields[1].direction: "pull" is not a direction. Use one of both, in, out, off.`,
    ],
    [
      'an unknown null policy',
      '  - { hub: size, remote: S, nulls: blank }',
      `${at}:36 fields[1].nulls: "blank" is not a null policy. Use one of clear, ignore, keep.`,
    ],
    [
      'an unknown key',
      '  - { hub: size, remote: S, rules: hub }',
      `${at}:29 fields[1].rules: "rules" is not a word known here. Perhaps "rule" was meant.`,
    ],
    [
      'an unknown hub field',
      '  - { hub: sise, remote: S }',
      `${at}:12 fields[1].hub: the hub's contact has no field "sise". Perhaps "size" was meant.`,
    ],
    ['a missing remote', '  - { hub: size }', `${at}:5 fields[1].remote: "remote" is missing. Add it.`],
    [
      'the same hub field twice',
      '  - { hub: email, remote: S }',
      `${at}:12 fields[1].hub: "email" is mapped already by fields[0]. Keep one of the two lines.`,
    ],
    [
      'the same remote twice',
      '  - { hub: size, remote: Email }',
      `${at}:26 fields[1].remote: "Email" is mapped already by fields[0]. Keep one of the two lines.`,
    ],
    [
      'a transform for another type',
      '  - { hub: size, remote: S, transform: lower }',
      `${at}:40 fields[1].transform: this transform yields no number, which the hub's "size" is.`,
    ],
    [
      'an unknown transform',
      '  - { hub: size, remote: S, transform: jsonata }',
      `${at}:40 fields[1].transform: "jsonata" is not a transform. Use one of text, lower,`,
    ],
    [
      'a parameter of another transform',
      '  - { hub: size, remote: S, transform: { name: number, region: JP } }',
      `${at}:40 fields[1].transform: {"name":"number","region":"JP"} is not a transform.`,
    ],
    [
      'a lossy value map',
      '  - { hub: stage, remote: S, values: { a: X, b: X } }',
      `${at}:49 fields[1].values.b: "X" stands for "a" already, so the map is lossy on the way in.`,
    ],
    [
      'two names on a line that goes both ways',
      '  - { hub: stage, remote: S, values: { a: [X, Y] } }',
      `${at}:43 fields[1].values.a: "a" has 2 names, so one would be lost on the way out.`,
    ],
    [
      'a value that its transform changes',
      '  - { hub: stage, remote: S, transform: lower, values: { a: X } }',
      `${at}:61 fields[1].values.a: the transform never yields "X".`,
    ],
    [
      'a hub value of another type',
      '  - { hub: size, remote: S, values: { few: X } }',
      `${at}:39 fields[1].values.few: "few" is no number as the hub writes it.`,
    ],
    ['a reference without ref', '  - { hub: company, remote: S }', `${at}:5 fields[1]: "company" is a reference. Add ref: company.`],
    ['references without ref', '  - { hub: firms, remote: S }', `${at}:5 fields[1]: "firms" is a list of references. Add ref: company.`],
    [
      'ref on what is no reference',
      '  - { hub: size, remote: S, ref: company }',
      `${at}:34 fields[1].ref: the hub's "size" is no reference but number. Remove ref.`,
    ],
    [
      'ref to another object',
      '  - { hub: company, remote: S, ref: contact }',
      `${at}:37 fields[1].ref: the hub's "company" points at company. Use ref: company.`,
    ],
    [
      'a roll-up that comes in',
      '  - { hub: score, remote: S, direction: both }',
      `${at}:41 fields[1].direction: the hub computes "score". Use out.`,
    ],
    [
      'a system twice in an order',
      '  - { hub: size, remote: S, rule: { order: [a, a] } }',
      `${at}:48 fields[1].rule.order[1]: "a" is named twice. Keep the first.`,
    ],
    ['unmapped without values', '  - { hub: size, remote: S, unmapped: pass }', `${at}:39 fields[1].unmapped: there is no value map.`],
    [
      'a reserved key',
      '  - { hub: size, remote: S, __proto__: { x: 1 } }',
      `${at}:29 fields[1].__proto__: "__proto__" is a reserved word. Choose another name.`,
    ],
    [
      'a reserved value name',
      '  - { hub: stage, remote: S, values: { constructor: x } }',
      `${at}:40 fields[1].values.constructor: "constructor" is a reserved word.`,
    ],
    ['a key twice', '  - { hub: size, hub: stage, remote: S }', `${at}:18 document: Map keys must be unique. Keep one of the two.`],
    [
      'an anchor used again',
      '  - &a { hub: size, remote: S }\n  - *a',
      `${FILE}:8:5 fields[2]: an alias stands here. Write the value out.`,
    ],
    ['a tag', '  - { hub: size, remote: !!js/function "x" }', `${at}:26 document: Unresolved tag: tag:yaml.org,2002:js/function.`],
    ['a list that does not end', '  - { hub: size', `${FILE}:7:16 document: `],
  ])('%s', (_, lines, wanted) => {
    const found = problemsOf(lines);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(wanted);
  });

  test.each<[string, string, string]>([
    [
      'a match key without identity',
      'match: [{ on: [stage] }]',
      `${FILE}:4:16 match[0].on[0]: "stage" has no identity, so spellings of it cannot be compared. Use one of email, or give it an identity.`,
    ],
    [
      'an unknown match key',
      'match: [{ on: [email], confirm: [nme] }]',
      `${FILE}:4:34 match[0].confirm[0]: the hub's contact has no field "nme".`,
    ],
    [
      'an unknown operator',
      'match: [{ on: [email] }]\nfilter: { field: stage, operator: equals, value: x }',
      `${FILE}:5:35 filter.operator: "equals" is not an operator.`,
    ],
    [
      'a filter over an unknown field',
      'match: [{ on: [email] }]\nfilter: { any: [{ field: nope, operator: blank }] }',
      `${FILE}:5:26 filter.any[0].field: the hub's contact has no field "nope".`,
    ],
    [
      'a filter with the wrong kind of value',
      'match: [{ on: [email] }]\nfilter: { field: stage, operator: in, value: x }',
      `${FILE}:5:46 filter.value: "in" cannot use this value. Write a list.`,
    ],
    ['no match rule', 'match: []', `${FILE}:4:8 match: [] does not fit. Name a rule.`],
    [
      'an unknown operator of one way',
      'match: [{ on: [email] }]\nfilter: { in: { field: stage, operator: equals, value: x } }',
      `${FILE}:5:41 filter.in.operator: "equals" is not an operator.`,
    ],
    [
      'a misspelt word of a condition',
      'match: [{ on: [email] }]\nfilter: { out: { feild: stage, operator: is, value: x } }',
      `${FILE}:5:18 filter.out.feild: "feild" is not a word known here. Perhaps "field" was meant.`,
    ],
    [
      'a misspelt way',
      'match: [{ on: [email] }]\nfilter: { inn: { field: stage, operator: blank } }',
      `${FILE}:5:11 filter.inn: "inn" is not a word known here. Perhaps "in" was meant.`,
    ],
    ['a filter of nothing', 'match: [{ on: [email] }]\nfilter: { any: [] }', `${FILE}:5:16 filter.any: [] does not fit. Name a condition.`],
    [
      'a policy that is none',
      'match: [{ on: [email] }]\nleaves: frezze',
      `${FILE}:5:9 leaves: "frezze" is not a policy for what leaves the filter. Use one of freeze, unlink, archive, or { in: ..., out: ... }.`,
    ],
    [
      'a removal policy that is none',
      'match: [{ on: [email] }]\nremoved: { in: archiv }',
      `${FILE}:5:16 removed.in: "archiv" is not a removal policy. Perhaps "archive" was meant.`,
    ],
    [
      'one removal policy for both ways',
      'match: [{ on: [email] }]\nremoved: archive',
      `${FILE}:5:10 removed: "archive" is not a set of keys.`,
    ],
    [
      'creates that is neither yes nor no',
      'match: [{ on: [email] }]\ncreates: { out: maybe }',
      `${FILE}:5:17 creates.out: "maybe" is not true or false.`,
    ],
    ['an opt-out without a value', 'match: [{ on: [email] }]\nopt_out: { remote: X }', `${FILE}:5:10 opt_out.is: "is" is missing. Add it.`],
    [
      'an opt-out by several values',
      'match: [{ on: [email] }]\nopt_out: { remote: X, is: [a] }',
      `${FILE}:5:27 opt_out.is: ["a"] is not a value.`,
    ],
    [
      'a policy for a way that nothing goes',
      'match: [{ on: [email] }]\ndirection: in\nremoved: { out: delete }',
      `${FILE}:6:17 removed.out: the direction of this file is in, so nothing goes out. Remove it, or change the direction.`,
    ],
  ])('%s', (_, match, wanted) => {
    const found = problemsOf('  - { hub: stage, remote: S }', `connector: crm\nobject: contact\nhub: contact\n${match}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(wanted);
  });

  test('a match key that no line brings', () => {
    const text = `connector: crm\nobject: contact\nhub: contact\nmatch: [{ on: [email] }]\nfields: [{ hub: size, remote: S }]\n`;
    const parsed = parseMapping(text, FILE, model());
    expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual([
      `${FILE}:4:16 match[0].on[0]: no line of this file brings "email". Map it below.`,
    ]);
  });

  test('a direction outside the direction of the file', () => {
    expect(problemsOf('  - { hub: size, remote: S, direction: out }', `${head}direction: in\n`)[0]).toContain(
      '"out" is outside the direction "in" of the whole file',
    );
  });

  test('a file with another name than its content', () => {
    const parsed = parseMapping(`${head}fields:\n${email}`, 'mappings/erp.contact.yaml', model());
    expect(parsed.ok ? [] : parsed.problems.map(({ reason }) => reason)).toEqual([
      'the file is called erp.contact.yaml, but maps crm.contact',
    ]);
  });

  test.each(['', '- 1', 'just text', '42', '\u0000', '{}', 'a: &a [*a]'])('%j, without a crash', (text) => {
    expect(parseMapping(text, FILE, model()).ok).toBe(false);
  });
});

test('everything that is wrong is said at once, from top to bottom', () => {
  const found = problemsOf(
    '  - { hub: sise, remote: S, rule: newset }\n  - { hub: stage, remote: Email, nulls: x }\n  - { hub: nope, remote: T }',
  );
  expect(found.map((line) => line.split(' ')[1])).toEqual([
    'fields[1].hub:',
    'fields[1].rule:',
    'fields[2].remote:',
    'fields[2].nulls:',
    'fields[3].hub:',
  ]);
});

describe('a file made to harm', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefgh'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`).join('\n')}`;
  test.each([
    ['an alias bomb', bomb],
    ['a deep list', '['.repeat(100_000)],
    ['a deep map', '{a: '.repeat(50_000)],
    ['a list within limits of the parser, but deep', `a: ${'['.repeat(100)}${']'.repeat(100)}`],
    ['a large file', `# ${'x'.repeat(300_000)}`],
    ['many errors', ': :\n'.repeat(20_000)],
  ])('%s is refused in no time', (_, text) => {
    const started = performance.now();
    const parsed = parseMapping(text, FILE, model());
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? 0 : parsed.problems.length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('examples', () => {
  const withExample = (example: string) => {
    const parsed = parseMapping(`${head}fields:\n${email}  - { hub: size, remote: Size }\nexamples:\n  - ${example}\n`, FILE, model());
    return parsed.ok ? [] : parsed.problems.map(describeProblem);
  };

  test('hold in both directions', () => {
    expect(withExample('{ remote: { Email: a@b.c, Size: 3 }, hub: { email: a@b.c, size: 3 } }')).toEqual([]);
    expect(withExample('{ remote: { Email: A@B.c }, hub: { email: a@b.c }, writes: { Email: a@b.c } }')).toEqual([]);
  });

  test.each([
    ['{ remote: { Size: "4" }, hub: { size: 3 } }', "examples[0].hub.size: read from Size, the hub's size is 4"],
    ['{ remote: { Size: few }, hub: { size: 3 } }', "examples[0].hub.size: read from Size, the hub's size is held: it is not a number"],
    ['{ remote: { Email: A@B.c }, hub: { email: a@b.c } }', 'examples[0].remote.Email: written to Email, the hub\'s email is "a@b.c"'],
    ['{ remote: { Size: 3 }, hub: {} }', "examples[0].remote.Size: read from Size, the hub's size is 3"],
    ['{ remote: {}, hub: { size: 3 } }', "examples[0].hub.size: written to Size, the hub's size is 3"],
    ['{ remote: { Sise: 3 }, hub: {} }', 'examples[0].remote.Sise: no line maps it'],
  ])('%s does not hold', (example, wanted) => {
    expect(withExample(example).join('\n')).toContain(wanted);
  });
});

describe('the hub', () => {
  const hub = (fields: string) => {
    const parsed = parseHub(`objects:\n  a:\n    fields:\n      ${fields}\n`, 'hub.yaml');
    return parsed.ok ? [] : parsed.problems.map(describeProblem);
  };
  const rest = 'category: basic, sensitivity: internal';

  test.each([
    [`x: { type: txt, ${rest} }`, 'hub.yaml:4:18 objects.a.fields.x.type: "txt" is not a field type. Perhaps "text" was meant.'],
    [
      `x: { type: text, category: basic, sensitivity: secret }`,
      'objects.a.fields.x.sensitivity: "secret" is not a sensitivity. Use one of public, internal, personal, sensitive.',
    ],
    [`x: { type: text, ${rest}, identity: mail }`, 'objects.a.fields.x.identity: "mail" is not a normaliser. Perhaps "email" was meant.'],
    [`x: { type: reference, ${rest} }`, 'objects.a.fields.x: a reference needs "to". Add to: with one of a.'],
    [`x: { type: reference, to: b, ${rest} }`, 'objects.a.fields.x.to: the hub has no object "b".'],
    [`x: { type: text, to: a, ${rest} }`, 'objects.a.fields.x.to: only a reference points at another object.'],
    [`x: { type: text, ${rest}, rollup: { take: count } }`, 'objects.a.fields.x.type: "text" cannot hold this roll-up. Use one of number.'],
    [`X: { type: text, ${rest} }`, 'hub.yaml:4:7 objects.a.fields.X: "X" is not a name. Use lower-case letters'],
    [`__proto__: { type: text, ${rest} }`, '"__proto__" is a reserved word'],
  ])('refuses %s', (fields, wanted) => {
    expect(hub(fields)).toHaveLength(1);
    expect(hub(fields)[0]).toContain(wanted);
  });

  test('has one object of entries, all of which shows responses', () => {
    const field = (more: string) => `{ type: text, category: feedback, sensitivity: internal${more} }`;
    const hub = (fields: string) =>
      parseHub(`objects:\n  entry:\n    fields:\n      survey: ${field(', response: survey')}\n${fields}`, 'hub.yaml');
    const told = (fields: string) => {
      const parsed = hub(fields);
      return parsed.ok ? [] : parsed.problems.map(({ field: at, reason }) => `${at}: ${reason}`);
    };
    expect(told('')).toEqual([]);
    expect(told(`      own: ${field('')}\n`)).toEqual(['objects.entry.fields.own: the others of this object show responses']);
    expect(told(`      at: ${field(', response: time')}\n`)).toEqual([
      'objects.entry.fields.at.type: "text" cannot hold this part of a response',
    ]);
    expect(told(`  other:\n    fields:\n      survey: ${field(', response: survey')}\n`)).toEqual([
      'objects.other: the entries of responses are records of another object already',
    ]);
  });

  test('refuses objects that wait for each other, and takes a tree', () => {
    expect(hub(`x: { type: reference, to: b, ${rest} }\n  b:\n    fields:\n      y: { type: reference, to: a, ${rest} }`)).toEqual([
      'hub.yaml:4:33 objects.a.fields.x.to: "a" and "b" point at each other. Keep the reference on one of them.',
      'hub.yaml:7:33 objects.b.fields.y.to: "b" and "a" point at each other. Keep the reference on one of them.',
    ]);
    expect(hub(`parent: { type: reference, to: a, ${rest} }`)).toEqual([]);
  });
});

describe('responses', () => {
  const file = 'mappings/poll.response.yaml';
  const text = 'connector: poll\nobject: response\nhub: contact\nattach:\n  - { by: id, from: ref }\n  - { by: email, from: mail }\n';
  const response = (more = ''): ResponseMapping => {
    const parsed = parseMapping(text + more, file, model());
    if (!parsed.ok || parsed.mapping.kind !== 'response') throw new Error('the mapping of this test is broken');
    return parsed.mapping;
  };

  test('what is not said has the documented meaning', () => {
    expect(response('metrics: [{ question: q, metric: csat }]\n')).toMatchObject({
      metrics: [{ survey: null, question: 'q', metric: 'csat', key: 'csat', higherIsBetter: true, topBox: 2 }],
      comments: [],
    });
  });

  test('which of them get an entry is said by age, state, and survey', () => {
    const timeline = (said: string) => {
      const parsed = parseMapping(
        `connector: tf\nobject: response\nhub: contact\nattach: [{ by: email, from: e }]\n${said}`,
        'tf.response.yaml',
        model(),
      );
      return parsed.ok && parsed.mapping.kind === 'response' ? parsed.mapping.timeline : parsed.ok || parsed.problems.map(describeProblem);
    };
    const all = ['complete', 'partial', 'terminated'];
    expect(timeline('')).toEqual({ sinceDays: 365, states: all, surveys: { except: [] } });
    expect(timeline('timeline: off')).toBeNull();
    expect(timeline('timeline: { since: always, states: [complete], surveys: { only: [a] } }')).toEqual({
      ...{ sinceDays: null, states: ['complete'] },
      surveys: { only: ['a'] },
    });
    expect(timeline('timeline: { since: enabled }')).toMatchObject({ sinceDays: 0 });
    expect(timeline('timeline: { since: 2 weeks }')).toEqual([expect.stringContaining('Write always, enabled, or days: 90 days')]);
  });

  test('evidence comes strongest first, and blanks are none', () => {
    expect([...evidenceIn(response(), { mail: ' A@b.c ', ref: 7 })]).toEqual([
      { by: 'id', from: 'ref', value: '7' },
      { by: 'email', from: 'mail', value: 'a@b.c' },
    ]);
    expect([...evidenceIn(response(), { mail: 'gold', ref: ' ' })]).toEqual([]);
  });

  test.each([
    ['metrics: [{ question: q, metric: npx }]', `${file}:7:34 metrics[0].metric: "npx" is not a metric. Perhaps "nps" was meant.`],
    ['metrics: [{ question: q, metric: nps }, { question: q, metric: csat }]', 'metrics[1].question: "q" is bound already by metrics[0].'],
    [
      'examples: [{ remote: { mail: a@b.c }, attach: { by: id, value: x } }]',
      'examples[0].attach: it is attached by email "a@b.c" from mail.',
    ],
    ['metrics: [{ question: q, metric: ces }]', 'metrics[0]: which end of an effort scale is good has to be said.'],
    [
      'metrics: [{ question: q, metric: nps, askedOf: employees }]',
      'metrics[0]: what employees answer would be counted with what customers do.',
    ],
    ['creates: { fields: { mail: mail } }', 'creates.fields.mail: contact has no field "mail".'],
    ['surveys: [{ survey: s }, { survey: s }]', 'surveys[1].survey: "s" is described already by surveys[0].'],
    ['fields: []', `${file}:7:1 fields: "fields" is not a word known here.`],
  ])('%s is refused', (more, wanted) => {
    const parsed = parseMapping(text + more, file, model());
    expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual([expect.stringContaining(wanted)]);
  });
});
