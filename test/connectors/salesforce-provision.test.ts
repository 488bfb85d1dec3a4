import { afterEach, expect, test } from 'vitest';
import type { OwnField, OwnFields } from '../../src/contract/provision.ts';
import { must } from '../../src/kernel/must.ts';
import { ask, closeStages, create, openStage } from './salesforce-stage.ts';

afterEach(closeStages);

const field = (name: string, rest: Partial<OwnField> = {}): OwnField => ({
  ...{ name, label: name, description: `What ${name} is.`, type: 'text', decimals: null, choices: null, unique: false },
  ...rest,
});
const KEY = field('Syncline_Id__c', { label: 'Syncline ID', unique: true });
const SCORE = field('NPS_Score__c', { type: 'number', decimals: 0 });
const MEAN = field('NPS_Mean__c', { type: 'number', decimals: 2 });
const CATEGORY = field('NPS_Category__c', {
  type: 'choice',
  choices: ['promoter', 'passive', 'detractor'].map((value) => ({ value, label: value.toUpperCase() })),
});
const COMMENT = field('Feedback_Comment__c', { type: 'long_text' });
const AT = field('Feedback_At__c', { type: 'datetime' });
const ALL = [SCORE, MEAN, CATEGORY, COMMENT, AT, KEY];
const own = (...fields: readonly OwnField[]): OwnFields => ({ group: { name: 'syncline', label: 'Syncline' }, fields });

/** An org in which nobody has made anything for the hub. */
const BARE = { uniqueId: false, feedbackFields: false };

async function openProvision(switches: Parameters<typeof openStage>[0] = {}) {
  const org = await openStage(switches, { kind: 'token' });
  const of = (object: string) => must(org.ports.objects[object]?.provision, 'a provisioner');
  return { ...org, of, provision: of('contact'), made: (path: string) => org.stage.requests.get(`POST /services/data/v68.0${path}`) ?? 0 };
}

test('what is missing is made once, with a permission set that shows it, and a create is known by the key at once', async () => {
  const { provision, of, contact, made, apply, hand } = await openProvision(BARE);
  expect(await provision.preview(own(...ALL))).toEqual({ fields: ALL.map(() => ({ state: 'missing' })), lacking: null });
  expect(await provision.apply(own(...ALL))).toEqual(ALL.map(() => ({ done: 'made' })));
  expect(await provision.apply(own(...ALL))).toEqual(ALL.map(() => ({ done: 'found' })));
  // Another object takes the same set of rights.
  expect(await of('company').apply(own(KEY))).toEqual([{ done: 'made' }]);
  const counts = ['/tooling/sobjects/CustomField', '/sobjects/PermissionSet', '/sobjects/PermissionSetAssignment'].map(made);
  expect(counts).toEqual([ALL.length + 1, 1, 1]);
  const shown = new Map((await contact.fields('all')).map((one) => [one.name, one]));
  expect(shown.get('Syncline_Id__c')).toMatchObject({ type: 'text', unique: true, writable: true, label: 'Syncline ID', maxLength: 64 });
  expect(shown.get('NPS_Category__c')).toMatchObject({ type: 'choice', choices: null, writable: true });
  const rows = [
    { LastName: 'New', NPS_Mean__c: 8.33, Feedback_At__c: '2026-11-20T09:00:00.000Z', NPS_Category__c: 'promoter' },
    { LastName: 'Other' },
  ];
  const ids: string[] = [];
  for (const row of rows) {
    const [outcome] = await apply(create('k-1', row));
    ids.push(outcome?.done === true ? outcome.id : '');
  }
  expect(ids[0]).toBe(ids[1]);
  expect(hand.get(ids[0] ?? '')).toMatchObject({ ...rows[0], LastName: 'Other', Syncline_Id__c: 'k-1', Feedback_At__c: expect.anything() });
  const [seen] = await contact.read.byIds([ids[0] ?? ''], { ...ask, fields: ['NPS_Mean__c', 'Feedback_At__c'] });
  expect(seen).toMatchObject({ fields: { NPS_Mean__c: 8.33, Feedback_At__c: '2026-11-20T09:00:00.000Z' } });
});

test('what is there and hidden, or only shown, is made visible and writable, and what it holds stays', async () => {
  const { provision, hand } = await openProvision();
  const [{ Id } = { Id: '' }] = hand.all('Contact');
  hand.edit(Id, { Feedback_Comment__c: 'Good.' });
  hand.setVisible('Contact.Feedback_Comment__c', false);
  hand.setEditable('Contact.NPS_Score__c', false);
  expect((await provision.preview(own(COMMENT, SCORE, MEAN))).fields).toEqual([
    { state: 'incomplete', lacks: ['the right to see it'] },
    { state: 'incomplete', lacks: ['the right to edit it'] },
    { state: 'fits' },
  ]);
  const done = ['completed', 'completed', 'found'].map((one) => ({ done: one }));
  expect(await provision.apply(own(COMMENT, SCORE, MEAN))).toEqual(done);
  expect(hand.get(Id).Feedback_Comment__c).toBe('Good.');
});

test('what stands for something else is left alone, with the reason, and the others are made', async () => {
  const { provision } = await openProvision();
  const fields = [
    field('Legacy_Id__c', { unique: true }),
    field('NPS_Comment__c', { type: 'long_text' }),
    field('Birthdate', { type: 'number', decimals: 0 }),
    field('NPS_Score__c', { type: 'number', decimals: 2 }),
    field('Syncline_Id__c'),
    { ...CATEGORY, choices: [{ value: 'fan', label: 'Fan' }] },
    field('Two__Lines__c'),
    field('Description', { type: 'long_text' }),
    field('Whatever'),
  ];
  const reasons = (await provision.preview(own(...fields))).fields.map((one) => (one.state === 'unfit' ? one.reason : one.state));
  expect(reasons).toEqual([
    expect.stringContaining('two records could have one key'),
    'missing',
    expect.stringContaining('it is date there and has to be number'),
    expect.stringContaining('keeps 0 digits behind the point, and 2 are written'),
    expect.stringContaining('two people may well have the same'),
    expect.stringContaining('its list is closed and lacks fan'),
    expect.stringContaining('Salesforce has no names like "Two__Lines__c"'),
    'fits',
    expect.stringContaining('Salesforce has no names like "Whatever"'),
  ]);
  const outcomes = await provision.apply(own(...fields));
  expect(outcomes.map(({ done }) => done)).toEqual([false, 'made', false, false, false, false, false, 'found', false]);
  expect(outcomes[0]).toMatchObject({ error: { kind: 'misconfigured', message: expect.stringContaining('External ID and Unique') } });
});

test('one field for which there is no room spoils no other, and a user who may make none is told of the right that it takes', async () => {
  const full = await openProvision({ ...BARE, externalIdsMax: 1 });
  const [key, score] = await full.provision.apply(own(KEY, SCORE));
  expect(key).toMatchObject({ done: false, error: { kind: 'record_rejected', code: 'LIMIT_EXCEEDED' } });
  expect(score).toEqual({ done: 'made' });
  const bound = await openProvision({ ...BARE, mayCustomize: false });
  await expect(bound.provision.apply(own(KEY))).rejects.toMatchObject({
    kind: 'not_allowed',
    message: expect.stringContaining('Customize Application'),
  });
  bound.stage.fail({
    on: 'GET /services/data/v68.0/tooling/query',
    answer: 403,
    body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }],
  });
  expect(await bound.provision.preview(own(KEY))).toEqual({
    fields: [{ state: 'missing' }],
    lacking: ['Customize Application', 'Manage Profiles and Permission Sets'],
  });
});

test('tasks get theirs as activities, and objects of the org by their id; what is hidden is found there as well', async () => {
  const { stage, ports, hand } = await openProvision(BARE);
  const families = must(ports.families?.custom_, 'custom objects');
  for (const [name, provision] of [
    ['Task', must(ports.objects.task?.provision, 'tasks')],
    ['Project__c', must(families('Project__c').provision, 'projects')],
  ] as const) {
    expect(await provision.preview(own(KEY))).toEqual({ fields: [{ state: 'missing' }], lacking: null });
    expect(await provision.apply(own(KEY))).toEqual([{ done: 'made' }]);
    expect(await provision.apply(own(KEY))).toEqual([{ done: 'found' }]);
    for (const { Id, SobjectType } of hand.all('FieldPermissions')) if (SobjectType === name) hand.remove(Id);
    expect((await provision.preview(own(KEY))).fields).toMatchObject([{ state: 'incomplete' }]);
  }
  expect(stage.requests.get('POST /services/data/v68.0/tooling/sobjects/CustomField')).toBe(2);
});
