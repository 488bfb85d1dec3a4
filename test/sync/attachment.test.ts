import { sql } from 'kysely';
import { expect } from 'vitest';
import type { questionproSandbox } from '../../connectors/questionpro/sandbox/index.ts';
import { surveymonkeyHands } from '../../connectors/surveymonkey/sandbox/index.ts';
import type { typeformSandbox } from '../../connectors/typeform/sandbox/index.ts';
import type { Grounds, Likeness } from '../../src/feedback/whose.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import type { ResponseMapping } from '../../src/mapping/response-mapping.ts';
import type { SandboxApp } from '../../src/sandbox/sandbox.ts';
import { decideOwner } from '../../src/sync/responses/decisions.ts';
import { suggestOwners } from '../../src/sync/responses/suggest.ts';
import { tend } from '../../src/sync/tend.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

type Typeform = ReturnType<typeof typeformSandbox.open>;
type Questionpro = ReturnType<typeof questionproSandbox.open>;
const isTypeform = (app: SandboxApp): app is Typeform => 'forms' in app;
const isQuestionpro = (app: SandboxApp): app is Questionpro => 'surveys' in app;
const NPS_FORM = 'u6nXL7aB';
const NPS_SURVEY = 11_000_001;

const changed = (change: (mapping: ResponseMapping) => ResponseMapping) => (mappings: Mappings) => ({
  ...mappings,
  byStream: new Map([...mappings.byStream].map(([name, one]) => [name, one.kind === 'response' ? change(one) : one])),
});
const asItIs = changed((mapping) => mapping);
const creating = changed((mapping) => ({ ...mapping, creates: mapping.creates === null ? null : { ...mapping.creates, byDefault: true } }));

async function open(hub: Hub, remap = asItIs, connectors: readonly string[] = ['hubspot', 'salesforce', 'questionpro', 'typeform']) {
  const world = await openWorld(hub, { connectors, remap });
  const [tf, qp] = [world.sandbox('typeform').sandbox, world.sandbox('questionpro').sandbox];
  if (!isTypeform(tf) || !isQuestionpro(qp)) throw new Error('the survey tools are not where they should be');
  return { world, tf, qp };
}

type Response = { id: string; attachment: string; record_id: string | null; reason: string | null; evidence: Grounds | null };
const responseOf = async ({ hub }: World, remoteId: string): Promise<Response> => {
  const { rows } =
    await sql<Response>`select id, attachment, record_id, reason, evidence from response where remote_id like ${`%:${remoteId}`}`.execute(
      hub,
    );
  return must(rows[0], `response ${remoteId}`);
};
const idOf = async (world: World, email: string) => must(await world.record(email), email).id;

test('an id that the hub has signed leaves no doubt; one that is only written like it is worth nothing, and neither is an id of the hub alone', async ({
  hub,
}) => {
  const { world, tf, qp } = await open(hub);
  await using _world = world;
  world.hs.contacts.add({ email: 'ada@example.com', lastname: 'Lovelace' });
  world.hs.contacts.add({ email: 'bea@example.com', lastname: 'Byron' });
  await world.settle();
  const [ada, bea] = [await idOf(world, 'ada@example.com'), await idOf(world, 'bea@example.com')];
  const signed = world.engine.vault.personalIds.issue(ada);
  const forged = `${signed.slice(0, -1)}${signed.endsWith('0') ? '1' : '0'}`;
  const said = {
    signed: tf.answer({ formId: NPS_FORM, nps: 9, hidden: { syncline: signed, email: 'bea@example.com' } }),
    shouted: String(qp.answer({ surveyId: NPS_SURVEY, score: 9, externalReference: signed.toUpperCase() })),
    forged: tf.answer({ formId: NPS_FORM, nps: 0, hidden: { syncline: forged } }),
    plain: tf.answer({ formId: NPS_FORM, nps: 0, hidden: { crm_id: ada } }),
    both: tf.answer({ formId: NPS_FORM, nps: 0, hidden: { syncline: forged, email: 'bea@example.com' } }),
  };
  await world.settle();
  expect(await responseOf(world, said.signed)).toMatchObject({
    record_id: ada,
    evidence: { by: 'link', from: 'hidden:syncline', confidence: 'high', against: [{ from: 'hidden:email', recordIds: [bea] }] },
  });
  expect(await responseOf(world, said.shouted)).toMatchObject({
    record_id: ada,
    evidence: { by: 'link', confidence: 'certain', against: [] },
  });
  expect(await responseOf(world, said.forged)).toMatchObject({ attachment: 'unmatched', record_id: null, reason: 'forged' });
  expect(await responseOf(world, said.plain)).toMatchObject({ attachment: 'unmatched', record_id: null, reason: 'unknown' });
  expect(await responseOf(world, said.both)).toMatchObject({ record_id: bea, evidence: { by: 'email', confidence: 'medium' } });
});

test('what is nobody’s says why, and who it might be; nothing is attached by a likeness', async ({ hub }) => {
  const { world, tf } = await open(hub);
  await using _world = world;
  world.hs.contacts.add({ email: 'ada@example.com', lastname: 'Lovelace', phone: '+12125550150' });
  world.hs.contacts.add({ email: 'bea@example.com', lastname: 'Byron', phone: '+12125550150' });
  await world.settle();
  const [ada, bea] = [await idOf(world, 'ada@example.com'), await idOf(world, 'bea@example.com')];
  const said = {
    anonymous: tf.answer({ formId: NPS_FORM, nps: 5 }),
    unusable: tf.answer({ formId: NPS_FORM, nps: 5, hidden: { email: 'gold customer' } }),
    unknown: tf.answer({ formId: NPS_FORM, nps: 5, hidden: { email: 'ada@exampel.com' } }),
    ambiguous: tf.answer({ formId: NPS_FORM, nps: 5, phone: '+12125550150' }),
    narrowed: tf.answer({ formId: NPS_FORM, nps: 5, hidden: { email: 'ada@example.com', phone: '+12125550150' } }),
  };
  await world.settle();
  for (const reason of ['anonymous', 'unusable', 'unknown', 'ambiguous'] as const)
    expect([reason, await responseOf(world, said[reason])]).toEqual([
      reason,
      expect.objectContaining({ attachment: 'unmatched', record_id: null, reason }),
    ]);
  expect(await responseOf(world, said.narrowed)).toMatchObject({ record_id: ada, evidence: { by: 'email', also: ['hidden:phone'] } });
  const suggestedFor = async (remoteId: string) => {
    const found = must(await suggestOwners(world.engine, (await responseOf(world, remoteId)).id), 'suggestions');
    return found.suggestions.map(({ recordId, why }) => [recordId, why[0]]);
  };
  expect(await suggestedFor(said.anonymous)).toEqual([]);
  expect(await suggestedFor(said.unknown)).toEqual([[ada, { likeness: 'near_email', key: null }]]);
  expect(new Map((await suggestedFor(said.ambiguous)) as [string, Likeness | undefined][])).toEqual(
    new Map([
      [ada, { likeness: 'shared_key', key: 'contact:phone' }],
      [bea, { likeness: 'shared_key', key: 'contact:phone' }],
    ]),
  );
});

test('what a person has said of a response outlives it, and is over once it is taken back', async ({ hub }) => {
  const { world, tf } = await open(hub);
  await using _world = world;
  world.hs.contacts.add({ email: 'ada@example.com', lastname: 'Lovelace' });
  await world.settle();
  const ada = await idOf(world, 'ada@example.com');
  const remoteId = tf.answer({ formId: NPS_FORM, nps: 9, hidden: { email: 'ada@example.com' } });
  await world.settle();
  const { id } = await responseOf(world, remoteId);
  expect(await decideOwner(world.engine, id, 'nobody', 'steward')).toBe('detached');
  // It is lost here, and comes once more: whoever reads it again must not know better than the person.
  await hub.deleteFrom('response').where('id', '=', id).execute();
  await sql`update observation set hash = gen_random_uuid() where remote_id like ${`%:${remoteId}`}`.execute(hub);
  await sql`delete from cursor`.execute(hub);
  await world.settle();
  const again = await responseOf(world, remoteId);
  expect(again).toMatchObject({ attachment: 'detached', record_id: null });
  expect(again.id).not.toBe(id);
  expect(await decideOwner(world.engine, again.id, 'by_evidence', 'steward')).toBe('released');
  expect(await responseOf(world, remoteId)).toMatchObject({ attachment: 'attached', record_id: ada, evidence: { by: 'email' } });
});

test('three answers of one stranger, by three tools at the same time, make one contact, which goes to the CRM once', async ({ hub }) => {
  const { world, tf, qp } = await open(hub, creating, ['hubspot', 'salesforce', 'questionpro', 'typeform', 'surveymonkey']);
  await using _world = world;
  const sm = surveymonkeyHands(world.sandbox('surveymonkey').sandbox);
  await world.settle();
  const survey = must(sm.surveys.all()[0], 'a survey');
  const contact = { firstName: 'Grace', lastName: 'Hopper', email: 'Grace@Example.com', phone: '' };
  const answers = [
    tf.answer({ formId: NPS_FORM, nps: 9, hidden: { email: 'grace@example.com' } }),
    tf.answer({ formId: NPS_FORM, nps: 7, hidden: { email: 'grace@example.com' } }),
    String(qp.answer({ surveyId: NPS_SURVEY, score: 8, contact })),
    sm.answer({ surveyId: survey.id, nps: 3, contact: { email: 'grace@example.com' } }),
  ];
  const carried = tf.answer({ formId: NPS_FORM, nps: 1, hidden: { crm_id: '4711', email: 'known@elsewhere.com' } });
  const nameless = tf.answer({ formId: NPS_FORM, nps: 1 });
  const { rows } = await sql<{ id: string }>`select id from connection`.execute(hub);
  await Promise.all(rows.map(({ id }) => tend(world.engine, id, { signal: AbortSignal.timeout(20_000), look: () => true })));
  await world.settle();
  await world.settle();
  const grace = must(await world.record('grace@example.com'), 'Grace');
  for (const remoteId of answers) expect([remoteId, (await responseOf(world, remoteId)).record_id]).toEqual([remoteId, grace.id]);
  expect(world.inHubspot('email', 'grace@example.com')).toHaveLength(1);
  expect(await responseOf(world, carried)).toMatchObject({ attachment: 'unmatched', reason: 'unknown' });
  expect(await responseOf(world, nameless)).toMatchObject({ attachment: 'unmatched', reason: 'anonymous' });
  const { rows: contacts } = await sql<{ n: number }>`select count(*)::int as n from record where object = 'contact'`.execute(hub);
  expect(contacts).toEqual([{ n: 1 }]);
});

test('responses that are stored count as the mapping says now', async ({ hub }) => {
  const { world, tf } = await open(hub);
  await using _world = world;
  const remoteId = tf.answer({ formId: NPS_FORM, nps: 9, hidden: { email: 'ada@example.com' } });
  await world.settle();
  const scoresOf = async () =>
    (await hub.selectFrom('response').select('scores').where('remote_id', 'like', `%:${remoteId}`).executeTakeFirstOrThrow()).scores;
  expect(await scoresOf()).toMatchObject([{ key: 'nps', nature: null, score: 9 }]);
  const rebound = changed((mapping) => ({
    ...mapping,
    surveys: [{ survey: NPS_FORM, nature: 'relationship', touchpoint: 'year', creates: null }],
    metrics: mapping.metrics.map((one) => (one.metric === 'nps' ? { ...one, key: 'recommend' } : one)),
  }));
  const engine = { ...world.engine, mappings: rebound(world.engine.mappings) };
  const { rows } = await sql<{ id: string }>`select id from connection where name = 'typeform'`.execute(hub);
  await tend(engine, must(rows[0], 'the connection').id, { signal: AbortSignal.timeout(20_000), look: () => true });
  expect(await scoresOf()).toMatchObject([{ key: 'recommend', nature: 'relationship', touchpoint: 'year', score: 9 }]);
});
