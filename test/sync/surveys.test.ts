import { sql } from 'kysely';
import { expect } from 'vitest';
import type { questionproSandbox } from '../../connectors/questionpro/sandbox/index.ts';
import type { typeformSandbox } from '../../connectors/typeform/sandbox/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import type { SandboxApp } from '../../src/sandbox/sandbox.ts';
import { decideOwner } from '../../src/sync/responses/decisions.ts';
import { tend } from '../../src/sync/tend.ts';
import { test, untilBlocked } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

type Typeform = ReturnType<typeof typeformSandbox.open>;
type Questionpro = ReturnType<typeof questionproSandbox.open>;
const isTypeform = (app: SandboxApp): app is Typeform => 'forms' in app;
const isQuestionpro = (app: SandboxApp): app is Questionpro => 'surveys' in app;

type Surveys = { readonly tf: Typeform; readonly qp: Questionpro };

/** Both CRMs and both survey tools, whose own people have answered before. */
async function open(hub: Hub): Promise<World & Surveys> {
  const world = await openWorld(hub, { connectors: ['hubspot', 'salesforce', 'questionpro', 'typeform'], people: 2 });
  const [tf, qp] = [world.sandbox('typeform').sandbox, world.sandbox('questionpro').sandbox];
  if (!isTypeform(tf) || !isQuestionpro(qp)) throw new Error('the survey tools are not where they should be');
  return { ...world, tf, qp };
}
const NPS_FORM = 'u6nXL7aB';
const NPS_SURVEY = 11_000_001;
const VISIT_SURVEY = 11_000_004;

async function ada(world: World): Promise<{ sfId: string; hsId: string; recordId: string }> {
  const sfId = world.sf.create('Contact', {
    FirstName: 'Ada',
    LastName: 'Lovelace',
    Email: 'ada@example.com',
    MobilePhone: '+1 212 555 0199',
  });
  await world.settle();
  const [there] = world.inHubspot('email', 'ada@example.com');
  return { sfId, hsId: must(there, 'Ada in HubSpot').id, recordId: must(await world.record('ada@example.com'), 'Ada in the hub').id };
}
type Response = { id: string; attachment: string; record_id: string | null; evidence: { by: string; from: string } | null };
const responseOf = async (world: World, remoteId: string): Promise<Response> => {
  const { rows } =
    await sql<Response>`select id, attachment, record_id, evidence from response where remote_id = ${remoteId} or remote_id like ${`%:${remoteId}`}`.execute(
      world.hub,
    );
  return must(rows[0], `response ${remoteId}`);
};

test('an answer that is filed while its contact is made beside it is attached all the same', async ({ hub }) => {
  await using world = await open(hub);
  await world.settle();
  const { rows } = await sql<{ id: string; name: string }>`select id, name from connection`.execute(hub);
  const idOf = (name: string) => must(rows.find((row) => row.name === name)?.id, name);
  const look = { signal: AbortSignal.timeout(20_000), look: () => true };
  const remoteId = world.tf.answer({ formId: NPS_FORM, nps: 9, email: 'grace@example.com', at: new Date() });
  world.hs.contacts.add({ email: 'grace@example.com', lastname: 'Hopper' });
  // The answer is stored, and not committed before somebody has made the contact without seeing it.
  const other = await hub.startTransaction().execute();
  await sql`select 1 from cursor c join stream s on s.id = c.stream_id where s.connection_id = ${idOf('typeform')} for update of c`.execute(
    other,
  );
  const filing = tend(world.engine, idOf('typeform'), look);
  await untilBlocked(hub, 'cursor', look.signal);
  await tend(world.engine, idOf('hubspot'), look);
  const { id } = must(await world.record('grace@example.com'), 'Grace');
  await other.commit().execute();
  await filing;
  expect(await responseOf(world, remoteId)).toMatchObject({ attachment: 'attached', record_id: id });
});

test('an answer finds its contact by id, by e-mail address, and by telephone', async ({ hub }) => {
  await using world = await open(hub);
  const { recordId, sfId, hsId } = await ada(world);
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const cases = [
    { remoteId: world.tf.answer({ formId: NPS_FORM, nps: 9, hidden: { crm_id: sfId, email: 'other@example.com' }, at: at(9) }), by: 'id' },
    { remoteId: String(world.qp.answer({ surveyId: NPS_SURVEY, score: 9, externalReference: hsId, at: at(8) })), by: 'id' },
    { remoteId: world.tf.answer({ formId: NPS_FORM, nps: 9, hidden: { email: ' ADA@Example.com ' }, at: at(7) }), by: 'email' },
    { remoteId: world.tf.answer({ formId: NPS_FORM, nps: 9, email: 'ada@example.com', at: at(6) }), by: 'email' },
    { remoteId: world.tf.answer({ formId: NPS_FORM, nps: 9, phone: '+12125550199', at: at(5) }), by: 'phone' },
    {
      remoteId: String(
        world.qp.answer({
          surveyId: NPS_SURVEY,
          score: 9,
          contact: { firstName: 'A', lastName: 'L', email: '', phone: '(212) 555-0199' },
          at: at(4),
        }),
      ),
      by: 'phone',
    },
  ];
  await world.settle();
  for (const { remoteId, by } of cases) {
    expect([by, await responseOf(world, remoteId)]).toEqual([
      by,
      expect.objectContaining({ attachment: 'attached', record_id: recordId, evidence: expect.objectContaining({ by }) }),
    ]);
  }
});

test('roll-ups reach the contact in both CRMs, and the newest answer counts', async ({ hub }) => {
  await using world = await open(hub);
  const { sfId, hsId } = await ada(world);
  world.tf.answer({ formId: NPS_FORM, nps: 3, comment: 'Slow.', hidden: { email: 'ada@example.com' }, at: new Date(Date.now() - 600_000) });
  world.tf.answer({
    formId: NPS_FORM,
    nps: 10,
    comment: 'Much better.',
    hidden: { email: 'ada@example.com' },
    at: new Date(Date.now() - 300_000),
  });
  await world.settle();
  expect(world.sf.get(sfId)).toMatchObject({
    NPS_Score__c: 10,
    NPS_Category__c: 'promoter',
    NPS_Mean__c: 6.5,
    Feedback_Comment__c: 'Much better.',
    Feedback_Count__c: 2,
  });
  expect(world.hs.contacts.get(hsId)?.properties).toMatchObject({
    nps_score: '10',
    nps_category: 'promoter',
    nps_mean: '6.5',
    feedback_comment: 'Much better.',
    feedback_count: '2',
  });
  world.qp.answer({ surveyId: NPS_SURVEY, score: 0, comment: 'Bad again.', externalReference: sfId, at: new Date() });
  await world.settle();
  expect(world.sf.get(sfId)).toMatchObject({ NPS_Score__c: 0, NPS_Category__c: 'detractor', Feedback_Count__c: 3 });
  expect(await world.settle()).toBe(0);
});

test('an answer of somebody unknown waits, and attaches by itself when the contact appears', async ({ hub }) => {
  await using world = await open(hub);
  await world.settle();
  const early = world.tf.answer({ formId: NPS_FORM, nps: 8, hidden: { email: 'ada@example.com' }, at: new Date() });
  await world.settle();
  expect(await responseOf(world, early)).toMatchObject({ attachment: 'unmatched', record_id: null });
  const { recordId, sfId, hsId } = await ada(world);
  expect(await responseOf(world, early)).toMatchObject({ attachment: 'attached', record_id: recordId });
  await world.settle();
  expect(world.sf.get(sfId).NPS_Score__c).toBe(8);
  expect(world.hs.contacts.get(hsId)?.properties.nps_score).toBe('8');
});

test('an answer that carries the id of a record that is made only later attaches to it', async ({ hub }) => {
  await using world = await open(hub);
  await world.settle();
  const hsId = world.hs.contacts.add({ lastname: 'Byron', email: 'bea@example.com' });
  const early = world.qp.answer({ surveyId: NPS_SURVEY, score: 7, externalReference: hsId, at: new Date() });
  await world.settle();
  expect(await responseOf(world, String(early))).toMatchObject({ attachment: 'attached' });
});

test('what a person attaches or takes away stays so, and the roll-ups follow', async ({ hub }) => {
  await using world = await open(hub);
  const { recordId, sfId } = await ada(world);
  const remoteId = world.tf.answer({ formId: NPS_FORM, nps: 2, hidden: { email: 'nobody@example.com' }, at: new Date() });
  await world.settle();
  const { id } = await responseOf(world, remoteId);
  expect(await decideOwner(world.engine, id, { recordId }, 'steward')).toBe('attached');
  await world.settle();
  expect(world.sf.get(sfId).NPS_Score__c).toBe(2);
  expect(await decideOwner(world.engine, id, 'nobody', 'steward')).toBe('detached');
  await world.settle();
  expect(world.sf.get(sfId).NPS_Score__c).toBeNull();
  world.sf.create('Contact', { LastName: 'Nobody', Email: 'nobody@example.com' });
  await world.settle();
  expect(await responseOf(world, remoteId)).toMatchObject({ attachment: 'detached' });
});

test('an address that two contacts have is no evidence', async ({ hub }) => {
  await using world = await open(hub);
  world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Phone: '+1 212 555 0150' });
  world.sf.create('Contact', { FirstName: 'Bea', LastName: 'Byron', Phone: '+1 212 555 0150' });
  const remoteId = world.tf.answer({ formId: NPS_FORM, nps: 5, phone: '+12125550150', at: new Date() });
  await world.settle();
  expect(await responseOf(world, remoteId)).toMatchObject({ attachment: 'unmatched' });
});

test('survey tools whose responses can be deleted are due for a sweep', async ({ hub }) => {
  await using world = await openWorld(hub, { connectors: ['hubspot', 'salesforce', 'typeform', 'surveymonkey'] });
  await sql`update stream set sweep_at = now() where object = 'response'`.execute(hub);
  await world.cycle();
  const { rows } = await sql<{ name: string; sweeps: boolean }>`
    select c.name, s.sweep_at < 'infinity' as sweeps from stream s join connection c on c.id = s.connection_id where s.object = 'response' order by c.name`.execute(
    hub,
  );
  expect(rows).toEqual([
    { name: 'surveymonkey', sweeps: true },
    { name: 'typeform', sweeps: true },
  ]);
});

test('an answer to a visit in CX is attached by the label of its survey, read once, and gone when it was deleted over there', async ({
  hub,
}) => {
  await using world = await open(hub);
  await sql`update connection set settings = settings || '{"cx": "true"}' where name = 'questionpro'`.execute(hub);
  const { recordId, sfId } = await ada(world);
  const customs = { custom1: 'Ada@Example.com', custom5: 'A-17' };
  const number = world.qp.answer({ surveyId: VISIT_SURVEY, score: 3, comment: 'Closed.', customs, at: new Date() });
  await world.settle();
  const response = await responseOf(world, String(number));
  expect(response).toMatchObject({ attachment: 'attached', record_id: recordId, evidence: { by: 'email', from: 'custom:Email' } });
  expect(world.sf.get(sfId).NPS_Score__c).toBe(3);
  await sql`delete from cursor`.execute(hub);
  expect(await world.settle()).toBe(0);
  expect((await responseOf(world, String(number))).id).toBe(response.id);
  world.qp.remove(number);
  await sql`update stream set sweep_at = now() where object = 'response'`.execute(hub);
  await world.settle();
  expect(world.sf.get(sfId).NPS_Score__c).toBeNull();
});
