import { expect, onTestFinished, test } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { handsOf, hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { OwnField, OwnFields } from '../../src/contract/provision.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { testSession } from '../support/session.ts';

const field = (name: string, rest: Partial<OwnField> = {}): OwnField => ({
  ...{ name, label: name, description: `What ${name} is.`, type: 'text', decimals: null, choices: null, unique: false },
  ...rest,
});
const KEY = field('syncline_id', { label: 'Syncline ID', unique: true });
const SCORE = field('nps_score', { label: 'NPS score', type: 'number', decimals: 0 });
const CATEGORY = field('nps_category', {
  type: 'choice',
  choices: ['promoter', 'passive', 'detractor'].map((value) => ({ value, label: value.toUpperCase() })),
});
const AT = field('feedback_at', { type: 'datetime' });
const ALL = [SCORE, CATEGORY, field('feedback_comment', { type: 'long_text' }), AT, KEY];
const own = (...fields: readonly OwnField[]): OwnFields => ({ group: { name: 'syncline', label: 'Syncline' }, fields });

/** A portal in which nobody has made anything for the hub. */
async function openBarePortal(scopes?: readonly string[]) {
  const stage = await openSandbox(hubspotSandbox, {
    town: makeTown({ seed: 7, people: 3 }),
    switches: { uniqueId: false, feedbackProperties: false, salesData: false },
  });
  onTestFinished(stage.close);
  const hands = handsOf(stage.sandbox);
  const token = scopes === undefined ? must(hubspotSandbox.credentials.token, 'a token') : hands.access.issueToken(scopes);
  const port = (object = 'contact') =>
    must(hubspot.open(testSession(hubspot.manifest, { origin: stage.origin, token })).objects[object], object);
  const provision = (object?: string) => must(port(object).provision, 'a provisioner');
  const calls = (path: string) => stage.requests.get(path) ?? 0;
  return { ...stage, hands, port, provision, calls };
}

const PROPERTIES = '/crm/properties/2026-09/contacts';

test('what is missing is made, under a group of its own, once; and records are written with it and found by it at once', async () => {
  const { port, provision, calls } = await openBarePortal();
  const contact = port();
  const provisioner = must(contact.provision, 'a provisioner');
  expect(await provisioner.preview(own(...ALL))).toEqual({ fields: ALL.map(() => ({ state: 'missing' })), lacking: [] });
  expect(calls(`POST ${PROPERTIES}/batch/create`)).toBe(0);
  expect(await provisioner.apply(own(...ALL))).toEqual(ALL.map(() => ({ done: 'made' })));
  expect(await provision().apply(own(...ALL))).toEqual(ALL.map(() => ({ done: 'found' })));
  expect([calls(`POST ${PROPERTIES}/groups`), calls(`POST ${PROPERTIES}/batch/create`), calls(`POST ${PROPERTIES}`)]).toEqual([1, 1, 0]);
  const shown = new Map((await contact.fields('all')).map((one) => [one.name, one]));
  expect(shown.get('syncline_id')).toMatchObject({ type: 'text', unique: true, writable: true, label: 'Syncline ID' });
  expect(shown.get('nps_category')).toMatchObject({ type: 'choice', choices: CATEGORY.choices });
  const ask = { scope: 'all', fields: ['nps_score', 'feedback_at'], known: async () => new Set<string>() };
  const create = {
    verb: 'create',
    key: 'k-1',
    fields: { email: 'new@example.com', nps_score: 9, feedback_at: '2026-11-20T09:00:00.000Z' },
  } as const;
  const write = must(contact.write, 'a writer');
  const [made] = await write.apply([create], ask);
  expect(made).toMatchObject({ done: true, observed: { fields: { nps_score: 9, feedback_at: '2026-11-20T09:00:00.000Z' } } });
  // The same create once more is refused by the key alone, and names what it has made.
  const [again] = await write.apply([{ ...create, fields: { firstname: 'Other' } }], ask);
  expect(again).toMatchObject({ done: false, error: { kind: 'already_there', existingId: made?.done === true ? made.id : '' } });
});

test('a run that was cut off, or whose answer was lost, is finished by another one', async () => {
  const { provision, fail, calls } = await openBarePortal();
  fail({ on: `POST ${PROPERTIES}/groups`, lose: 'after' }, { on: `POST ${PROPERTIES}/batch/create`, lose: 'after' });
  await expect(provision().apply(own(...ALL))).rejects.toMatchObject({ kind: 'unreachable' });
  await expect(provision().apply(own(...ALL))).rejects.toMatchObject({ kind: 'unreachable' });
  expect(await provision().apply(own(...ALL))).toEqual(ALL.map(() => ({ done: 'found' })));
  expect([calls(`POST ${PROPERTIES}/groups`), calls(`POST ${PROPERTIES}/batch/create`)]).toEqual([1, 1]);
});

test('two at once make each property once, and neither calls it a failure', async () => {
  const { provision } = await openBarePortal();
  const both = await Promise.all([provision().apply(own(...ALL)), provision().apply(own(...ALL))]);
  for (const outcomes of both) expect(outcomes.every(({ done }) => done !== false)).toBe(true);
  expect(ALL.every((_, i) => both.some((outcomes) => outcomes[i]?.done === 'made'))).toBe(true);
});

test('an option that somebody took away is added again, and theirs stay', async () => {
  const { provision, port, hands } = await openBarePortal();
  hands.fields.define('contacts', {
    ...{ name: 'nps_category', label: 'Ours', type: 'enumeration', fieldType: 'select', groupName: 'contactinformation' },
    options: [
      { label: 'Promoter', value: 'promoter' },
      { label: 'Unsure', value: 'unsure', hidden: true },
    ],
  });
  const lacks = ['the option passive', 'the option detractor'];
  expect((await provision().preview(own(CATEGORY))).fields).toEqual([{ state: 'incomplete', lacks }]);
  expect(await provision().apply(own(CATEGORY))).toEqual([{ done: 'completed' }]);
  const shown = (await port().fields('all')).find(({ name }) => name === 'nps_category');
  expect(shown?.choices?.map(({ value }) => value)).toEqual(['promoter', 'unsure', 'passive', 'detractor']);
});

test('what stands for something else is left alone, with the reason, and the others are made', async () => {
  const { provision, hands } = await openBarePortal();
  const define = (name: string, type: string, fieldType: string, more: object = {}) =>
    hands.fields.define('contacts', { name, label: name, type, fieldType, groupName: 'contactinformation', ...more });
  define('syncline_id', 'string', 'text');
  define('nps_score', 'string', 'text');
  define('feedback_at', 'datetime', 'date');
  define('nps_mean', 'number', 'number');
  hands.fields.archive('contacts', 'nps_mean');
  define('csat_score', 'number', 'calculation_equation');
  define('ces_score', 'number', 'number', { hasUniqueValue: true });
  const number = (name: string) => field(name, { type: 'number', decimals: 2 });
  const fields = [KEY, SCORE, AT, number('nps_mean'), number('csat_score'), number('ces_score'), field('Wrong Name'), CATEGORY];
  const { fields: standings } = await provision().preview(own(...fields));
  const reasons = standings.map((one) => (one.state === 'unfit' ? one.reason : one.state));
  expect(reasons).toEqual([
    expect.stringContaining('two records could have one key'),
    expect.stringContaining('it is text there and has to be number'),
    'fits',
    'an archived property has this name',
    expect.stringContaining('read-only'),
    expect.stringContaining('two people may well have the same'),
    expect.stringContaining('HubSpot has no names like'),
    'missing',
  ]);
  const outcomes = await provision().apply(own(...fields));
  expect(outcomes.map(({ done }) => done)).toEqual([false, false, 'found', false, false, false, false, 'made']);
  expect(outcomes[0]).toMatchObject({ error: { kind: 'misconfigured' } });
});

test('no more unique properties than HubSpot allows are tried', async () => {
  const { provision, hands, calls } = await openBarePortal();
  for (let i = 0; i < 10; i += 1)
    hands.fields.define('contacts', {
      ...{ name: `key_${i}`, label: 'Key', type: 'string', fieldType: 'text', groupName: 'contactinformation', hasUniqueValue: true },
    });
  expect((await provision().preview(own(KEY))).fields).toMatchObject([
    { state: 'unfit', reason: expect.stringContaining('10 unique properties') },
  ]);
  expect(await provision().apply(own(KEY))).toMatchObject([{ done: false, error: { kind: 'misconfigured' } }]);
  expect(calls(`POST ${PROPERTIES}/batch/create`)).toBe(0);
});

test('a batch that is refused whole is made one by one, and only the bad one fails', async () => {
  const { provision, fail } = await openBarePortal();
  const body = { status: 'error', category: 'VALIDATION_ERROR', message: 'That label is taken' };
  fail({ on: `POST ${PROPERTIES}/batch/create`, answer: 400, body }, { on: `POST ${PROPERTIES}`, skip: 1, answer: 400, body });
  const outcomes = await provision().apply(own(SCORE, CATEGORY, KEY));
  expect(outcomes).toMatchObject([{ done: 'made' }, { done: false, error: { kind: 'record_rejected' } }, { done: 'made' }]);
});

test('which right is missing is said before anything is tried, where HubSpot tells; a refusal names it as well', async () => {
  const read = ['crm.objects.contacts.read', 'crm.schemas.contacts.read', 'crm.objects.contacts.write'];
  const { provision, fail } = await openBarePortal(read);
  expect(await provision().preview(own(KEY))).toEqual({ fields: [{ state: 'missing' }], lacking: ['crm.schemas.contacts.write'] });
  fail({ on: 'POST /oauth/v2/private-apps/get/access-token-info', answer: 404 });
  expect((await provision().preview(own(KEY))).lacking).toBeNull();
  await expect(provision().apply(own(KEY))).rejects.toMatchObject({
    kind: 'not_allowed',
    message: expect.stringContaining('crm.schemas.contacts.write'),
  });
});

test('every object that is written gets the key', async () => {
  const { provision } = await openBarePortal();
  for (const object of ['company', 'deal', 'ticket', 'note', 'task']) {
    expect(await provision(object).preview(own(KEY)), object).toEqual({ fields: [{ state: 'missing' }], lacking: [] });
    expect(await provision(object).apply(own(KEY)), object).toEqual([{ done: 'made' }]);
  }
});
