import { expect, test } from 'vitest';
import type { FieldSchema, FieldType } from '../../src/contract/connector.ts';
import { must } from '../../src/kernel/must.ts';
import { misfits } from '../../src/mapping/fit.ts';
import { parseHub } from '../../src/mapping/hub.ts';
import { parseMapping } from '../../src/mapping/parse.ts';

const rest = 'category: basic, sensitivity: internal';
const hub = parseHub(
  `objects:\n  firm: { fields: { name: { type: text, ${rest} } } }\n  contact:\n    fields:\n      email: { type: email, ${rest}, identity: email }\n      tags: { type: choices, ${rest} }\n      firm: { type: reference, to: firm, ${rest} }\n`,
  'hub.yaml',
);
const model = must(hub.ok ? hub.model : undefined, 'the hub of this test');

function field(name: string, type: FieldType, more: Partial<FieldSchema> = {}): FieldSchema {
  return { name, label: name, type, writable: true, required: false, maxLength: null, choices: null, ...more };
}

/** The reasons why these lines do not fit a schema. */
function reasons(lines: string, schema: readonly FieldSchema[], creates = false): readonly string[] {
  const text = `connector: crm\nobject: contact\nhub: contact\nmatch: [{ on: [email] }]\nfields: [{ hub: email, remote: Email }${lines}]\n`;
  const parsed = parseMapping(text, 'crm.contact.yaml', model);
  if (!parsed.ok || parsed.mapping.kind !== 'entity') throw new Error('the mapping of this test is broken');
  return misfits(parsed.mapping, { model, schema, creates }).map(({ remote, reason }) => `${remote}: ${reason}`);
}

const email = field('Email', 'text');

test('a mapping that fits has nothing to complain about', () => {
  const schema = [email, field('Tags', 'choices'), field('Firm', 'reference')];
  expect(reasons(', { hub: tags, remote: Tags }, { hub: firm, remote: Firm, ref: firm }', schema, true)).toEqual([]);
});

test('a field that is not there is named, unless its line is off', () => {
  expect(reasons(', { hub: tags, remote: Tags }', [email])).toEqual([
    'Tags: there is no field "Tags", or it is hidden from this connection',
  ]);
  expect(reasons(', { hub: tags, remote: Tags, direction: off }', [email])).toEqual([]);
});

test('a read-only field can be read, but not written', () => {
  const locked = [field('Email', 'text', { writable: false })];
  expect(reasons('', locked)).toEqual(['Email: Email is read-only there']);
  expect(reasons(', { hub: tags, remote: Tags, direction: in }', [email, field('Tags', 'choices', { writable: false })])).toEqual([]);
});

test('references go to references, and lists to lists', () => {
  expect(reasons(', { hub: firm, remote: F, ref: firm }', [email, field('F', 'text')])).toEqual(['F: F is text, no reference']);
  expect(reasons('', [field('Email', 'reference')])).toEqual(['Email: Email is a reference']);
  expect(reasons(', { hub: tags, remote: T }', [email, field('T', 'number')])).toEqual(['T: T is number there and choices here']);
});

test('what a new record needs has to be written, where the hub makes records', () => {
  const schema = [email, field('LastName', 'text', { required: true })];
  expect(reasons('', schema)).toEqual([]);
  expect(reasons('', schema, true)).toEqual(['LastName: a new record there needs LastName, and no line writes it']);
});
