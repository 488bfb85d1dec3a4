import { expect, test } from 'vitest';
import type { FieldSchema, FieldType } from '../../src/contract/connector.ts';
import type { WriteTraits } from '../../src/contract/manifest.ts';
import { must } from '../../src/kernel/must.ts';
import { misfits } from '../../src/mapping/fit.ts';
import { parseHub } from '../../src/mapping/hub.ts';
import { parseMapping } from '../../src/mapping/parse.ts';

const rest = 'category: basic, sensitivity: internal';
const hub = parseHub(
  `objects:\n  firm: { fields: { name: { type: text, ${rest} } } }\n  contact:\n    fields:\n      email: { type: email, ${rest}, identity: email }\n      tags: { type: choices, ${rest} }\n      firm: { type: reference, to: firm, ${rest} }\n      firms: { type: references, to: firm, ${rest} }\n`,
  'hub.yaml',
);
const model = must(hub.ok ? hub.model : undefined, 'the hub of this test');

function field(name: string, type: FieldType, more: Partial<FieldSchema> = {}): FieldSchema {
  return { name, label: name, type, writable: true, required: false, maxLength: null, choices: null, ...more };
}

const writes: WriteTraits = {
  verbs: ['create', 'update', 'delete'],
  restorableDays: 90,
  batchMax: 10,
  guard: 'none',
  echo: 'id',
  recallMs: 0,
};
type Given = {
  readonly lines?: string;
  readonly policies?: string;
  readonly schema: readonly FieldSchema[];
  readonly write?: WriteTraits | null;
};

/** What does not fit a system that a mapping with these lines and policies is for. */
function told({ lines = '', policies = '', schema, write = null }: Given): readonly string[] {
  const text = `connector: crm\nobject: contact\nhub: contact\nmatch: [{ on: [email] }]\n${policies}\nfields: [{ hub: email, remote: Email }${lines}]\n`;
  const parsed = parseMapping(text, 'crm.contact.yaml', model);
  if (!parsed.ok || parsed.mapping.kind !== 'entity') throw new Error('the mapping of this test is broken');
  const systems = new Set(['crm', 'erp', 'emea']);
  return misfits(parsed.mapping, { model, schema, write, systems }).map(({ remote, reason }) => `${remote}: ${reason}`);
}

/** The reasons why these lines do not fit a schema. */
function reasons(lines: string, schema: readonly FieldSchema[], creates = false): readonly string[] {
  return told({ lines, schema, write: creates ? writes : null });
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

test('one reference is not several', () => {
  const schema = [email, field('Firm', 'reference'), field('Firms', 'references')];
  expect(reasons(', { hub: firms, remote: Firms, ref: firm }, { hub: firm, remote: Firm, ref: firm }', schema)).toEqual([]);
  expect(reasons(', { hub: firms, remote: Firm, ref: firm }', schema)).toEqual(['Firm: Firm refers to one there, and to several here']);
  expect(reasons(', { hub: firm, remote: Firms, ref: firm }', schema)).toEqual(['Firms: Firms refers to several there, and to one here']);
});

test('a rule names a system or a connection, and one that is neither is told', () => {
  const line = (rule: string) => `, { hub: tags, remote: Tags, rule: ${rule} }`;
  const schema = [email, field('Tags', 'choices')];
  expect(reasons(line('{ order: [emea, crm] }'), schema)).toEqual([]);
  expect(reasons(line('{ prefer: emae }'), schema)).toEqual(['Tags: its rule names "emae", and no system or connection is called so']);
});

test('the field that keeps records out has to be there, with the option that says so', () => {
  const policies = 'opt_out: { remote: Quiet, is: never }';
  expect(told({ policies, schema: [email] })).toEqual([
    'Quiet: the field by which records are kept out is not there, or is hidden from this connection, so none is kept out',
  ]);
  const choices = (value: string) => [email, field('Quiet', 'choice', { choices: [{ value, label: value }] })];
  expect(told({ policies, schema: choices('never') })).toEqual([]);
  expect(told({ policies, schema: choices('always') })).toEqual(['Quiet: Quiet has no option "never", so no record is kept out']);
});

test('a policy that the system offers no way to carry out is told', () => {
  const fits = (policies: string, change: Partial<WriteTraits>) => told({ policies, schema: [email], write: { ...writes, ...change } });
  const unrestored = { verbs: ['create', 'delete'] } as const;
  expect(fits('removed: { out: archive }', {})).toEqual([]);
  expect(fits('removed: { out: delete }', { verbs: ['create'] })).toEqual(['removed.out: no record can be removed there']);
  const { restorableDays: _, ...forEver } = { ...writes, ...unrestored };
  expect(told({ policies: 'removed: { out: archive }', schema: [email], write: forEver })).toEqual([
    'removed.out: what is removed there cannot be brought back',
  ]);
  expect(told({ policies: 'removed: { out: delete }', schema: [email], write: forEver })).toEqual([]);
  expect(fits('leaves: { out: archive }', { verbs: ['create'] })).toEqual([
    'leaves.out: no record can be removed there in a way that brings it back',
  ]);
  expect(fits('', { verbs: ['update'] })).toEqual(['creates.out: no record can be made there']);
  expect(fits('creates: { out: false }', { verbs: ['update'] })).toEqual([]);
  expect(told({ policies: 'removed: { out: delete }', schema: [email], write: null })).toEqual([]);
});
