import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mappingCheck, mappingTest, writeSchemas } from '../../src/commands/mapping.ts';
import type { FieldValue } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { loadMappings } from '../../src/mapping/load.ts';
import type { EntityMapping } from '../../src/mapping/mapping.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { confirms, matchKey } from '../../src/mapping/match.ts';
import { parseMapping } from '../../src/mapping/parse.ts';
import { describeProblem } from '../../src/mapping/problems.ts';

const SHIPPED = join(import.meta.dirname, '../../mappings');
let mappings: Mappings;
let copy: string;

beforeAll(async () => {
  const loaded = await loadMappings(SHIPPED);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  mappings = loaded.mappings;
  copy = await mkdtemp(join(tmpdir(), 'mappings-'));
  await cp(SHIPPED, copy, { recursive: true });
});
afterAll(() => rm(copy, { recursive: true }));

function entity(stream: string): EntityMapping {
  const mapping = mappings.byStream.get(stream);
  if (mapping?.kind !== 'entity') throw new Error(`${stream} is no entity`);
  return mapping;
}

/** A value of one system in the words of the other, by way of the hub. */
function across(from: string, to: string, sample: { field: string; value: FieldValue }): unknown {
  const there = must(
    entity(from).lines.find(({ hub }) => hub === sample.field),
    sample.field,
  );
  const here = must(
    entity(to).lines.find(({ hub }) => hub === sample.field),
    sample.field,
  );
  const decoded = there.codec.decode(sample.value);
  return decoded.ok ? here.codec.encode(decoded.value) : decoded;
}

test('the mappings that ship are good, and their examples hold', async () => {
  const lines: string[] = [];
  expect(await mappingCheck(SHIPPED, (line) => lines.push(line))).toBe(0);
  expect(lines.at(-1)).toBe('28 mappings, nothing wrong');
  lines.length = 0;
  expect(await mappingTest(SHIPPED, (line) => lines.push(line))).toBe(0);
  expect(lines).toHaveLength(28);
  for (const line of lines) expect(line).toMatch(/: [1-9]\d* examples? holds?$/);
});

test.each([
  [0, 'crm.contact.yaml'],
  [2, 'webhook.contact.shop.yaml'],
])('the mappings that the documentation shows are good ones', async (i, file) => {
  const shown = [...(await readFile(join(SHIPPED, 'README.md'), 'utf8')).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
  const parsed = parseMapping(must(shown[i], 'the example of the documentation'), file, mappings.model);
  expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual([]);
});

test('the JSON Schemas are those of the code', async () => {
  for (const name of ['hub', 'entity', 'response']) await rm(join(copy, 'schemas', `${name}.schema.json`));
  await writeSchemas(copy);
  for (const name of ['hub', 'entity', 'response']) {
    const [shipped, written] = await Promise.all(
      [SHIPPED, copy].map((folder) => readFile(join(folder, 'schemas', `${name}.schema.json`), 'utf8')),
    );
    expect(JSON.parse(shipped ?? '')).toEqual(JSON.parse(written ?? ''));
  }
});

test('a problem is printed with its place, and the exit code says so', async () => {
  const file = join(copy, 'hubspot.contact.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('remote: lastname }', 'remote: lastname, rule: newset }'));
  const lines: string[] = [];
  expect(await mappingCheck(copy, (line) => lines.push(line))).toBe(1);
  expect(await mappingTest(copy, (line) => lines.push(line))).toBe(1);
  await writeFile(file, text);
  const line = text.split('\n').findIndex((each) => each.includes('remote: lastname }'));
  const column = must(text.split('\n')[line], 'line').indexOf(' }') + ', rule: '.length + 1;
  expect(lines[0]).toBe(
    `${file}:${line + 1}:${column} fields[2].rule: "newset" is not a rule. Use one of newest, hub, hold, { order: [...] }, { prefer: ... }.`,
  );
  expect(lines[1]).toBe('1 problem');
});

test('a section for what arrives is refused where the system is asked, or where records arrive in another way', async () => {
  const response = 'response:\n  survey: { id: form }\n';
  const table = 'table: { id: Customer ID }\n';
  const added = { 'typeform.response': `delivery: { id: token }\n${response}`, 'webhook.response': table, 'hubspot.contact': table };
  const places: string[] = [];
  for (const [name, text] of Object.entries(added)) {
    const file = join(copy, `${name}.yaml`);
    const before = `${(await readFile(file, 'utf8')).trimEnd()}\n`;
    const line = before.split('\n').length;
    await writeFile(file, before + text);
    const lines: string[] = [];
    expect(await mappingCheck(copy, (said) => lines.push(said))).toBe(1);
    await writeFile(file, before);
    places.push(...lines.map((said) => said.replace(`${file}:${line}`, `${name}:0`).replace(`${file}:${line + 1}`, `${name}:1`)));
  }
  const asked = (name: string) =>
    `"${name}" is asked for its records, so none of them arrive, and with this none would be asked for. Remove it.`;
  expect(places).toEqual(
    expect.arrayContaining([
      `typeform.response:0:1 delivery: ${asked('typeform')}`,
      `typeform.response:1:1 response: ${asked('typeform')}`,
      'webhook.response:0:1 table: the records of "webhook" arrive in deliveries. Use delivery.',
      `hubspot.contact:0:1 table: ${asked('hubspot')}`,
    ]),
  );
});

test('a roll-up is of a key that customers are asked under', async () => {
  const hub = join(copy, 'hub.yaml');
  const text = await readFile(hub, 'utf8');
  const tried = async (key: string) => {
    await writeFile(
      hub,
      text.replace('rollup: { of: nps, take: last }', `rollup: { of: nps, take: last, key: ${key}, nature: relationship }`),
    );
    const loaded = await loadMappings(copy);
    await writeFile(hub, text);
    return loaded.ok ? loaded.mappings.model.get('contact')?.fields.get('nps_score')?.rollup : loaded.problems.map(describeProblem);
  };
  expect(await tried('nps')).toEqual({ of: 'nps', take: 'last', key: 'nps', nature: 'relationship' });
  expect(await tried('npss')).toEqual([
    `${hub}:1:1 objects.contact.fields.nps_score.rollup.key: no question that customers are asked has the key "npss". Perhaps "nps" was meant.`,
  ]);
});

test('a broken hub and a broken mapping are told at once', async () => {
  const hub = join(copy, 'hub.yaml');
  const text = await readFile(hub, 'utf8');
  await writeFile(hub, text.replace('type: email', 'type: mail'));
  await writeFile(join(copy, 'erp.contact.yaml'), 'connector: erp\nobject: contact\nhub: contact\nmatch: [{ on: [email] }]\nfields: 7\n');
  const loaded = await loadMappings(copy);
  await Promise.all([writeFile(hub, text), rm(join(copy, 'erp.contact.yaml'))]);
  expect(loaded.ok ? [] : loaded.problems.map(({ field }) => field)).toEqual(['objects.contact.fields.email.type', 'fields']);
});

test('a folder or a hub that is not there is a problem like any other', async () => {
  const nowhere = await loadMappings(join(copy, 'nowhere'));
  expect(nowhere.ok ? [] : nowhere.problems.map(({ reason }) => reason)).toEqual(['the folder cannot be read (ENOENT)']);
  const empty = await loadMappings(join(copy, 'schemas'));
  expect(empty.ok ? [] : empty.problems.map(({ reason }) => reason)).toEqual(['the file is missing']);
});

test('a file that is too large or leads nowhere is a problem like any other', async () => {
  const large = join(copy, 'large.contact.yaml');
  await writeFile(large, `# ${'x'.repeat(300_000)}`);
  const loaded = await loadMappings(copy);
  await rm(large);
  expect(loaded.ok ? [] : loaded.problems.map(({ reason }) => reason)).toEqual(['the file is larger than 256 KB']);

  const loose = join(copy, 'loose.contact.yaml');
  await symlink(join(copy, 'nowhere.yaml'), loose);
  const broken = await loadMappings(copy);
  await rm(loose);
  expect(broken.ok ? [] : broken.problems.map(({ reason }) => reason)).toEqual(['the file cannot be read (ENOENT)']);
});

describe('between the two systems', () => {
  test.each([
    ['hubspot.contact', 'salesforce.contact', 'lifecycle', 'salesqualifiedlead', 'Sales Qualified Lead'],
    ['salesforce.contact', 'hubspot.contact', 'lifecycle', 'Evangelist', 'evangelist'],
    ['hubspot.company', 'salesforce.company', 'industry', 'RETAIL', 'Retail'],
    ['salesforce.company', 'hubspot.company', 'industry', 'Food & Beverage', 'FOOD_BEVERAGES'],
    ['hubspot.company', 'salesforce.company', 'industry', 'SHIPBUILDING', 'SHIPBUILDING'],
    ['salesforce.company', 'hubspot.company', 'domain', 'https://www.Acme.com/', 'acme.com'],
    ['salesforce.contact', 'hubspot.contact', 'street', 'a\r\nb ', 'a\nb'],
    ['hubspot.contact', 'salesforce.contact', 'country', 'Japan', 'Japan'],
    ['salesforce.company', 'hubspot.company', 'employees', 250, 250],
  ])('%s to %s: %s %j is %j', (from, to, field, value, expected) => {
    expect(across(from, to, { field, value })).toEqual({ ok: true, value: expected });
  });

  test('a stage that Salesforce does not have is held', () => {
    expect(across('hubspot.contact', 'salesforce.contact', { field: 'lifecycle', value: '98765' })).toMatchObject({ ok: false });
  });
});

describe('companies that share a name', () => {
  const rules = () => entity('hubspot.company').match;
  const company = () => must(mappings.model.get('company'), 'company');
  /** The verdict of the first rule whose keys agree, as the engine reads the rules. */
  const verdict = (a: Record<string, FieldValue>, b: Record<string, FieldValue>): 'one' | 'ask' | 'two' => {
    const rule = rules().find((each) => {
      const key = matchKey(each, company(), a);
      return key !== null && key === matchKey(each, company(), b);
    });
    if (rule === undefined) return 'two';
    return confirms(rule, company(), { a, b }) ? 'one' : 'ask';
  };

  test.each<[Record<string, FieldValue>, Record<string, FieldValue>, 'one' | 'ask' | 'two']>([
    [{ name: 'Sato', domain: 'sato.jp' }, { name: 'Sato Co.', domain: 'https://www.sato.jp' }, 'one'],
    [{ name: 'Sato', city: 'Osaka', domain: 'sato.jp' }, { name: 'Suzuki Steel', city: 'Tokyo', domain: 'sato.jp' }, 'ask'],
    [{ name: 'Sato', city: 'Osaka' }, { name: 'SATO', city: 'Osaka', domain: 'sato.jp' }, 'one'],
    [{ name: 'Sato', city: 'Osaka', domain: 'sato.co.jp' }, { name: 'Sato', city: 'Osaka', domain: 'sato.jp' }, 'ask'],
    [{ name: 'Sato', country: 'Japan' }, { name: 'Sato', country: 'Japan', domain: 'sato.jp' }, 'one'],
    [{ name: 'Sato', country: 'Japan' }, { name: 'Sato', country: 'Peru', domain: 'sato.pe' }, 'two'],
    [{ name: 'Sato' }, { name: 'Sato', domain: 'sato.jp' }, 'two'],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(verdict(a, b)).toBe(expected);
    expect(verdict(b, a)).toBe(expected);
  });
});
