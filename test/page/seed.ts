import { sql } from 'kysely';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { askPlan, movePlan, type PlanAsked, type PlanSummary } from '../../src/hub/plans/plans.ts';
import { chunk } from '../../src/kernel/lists.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown, type Person } from '../../src/sandbox/people.ts';
import { refreshLookups } from '../../src/sync/identity/look-up.ts';
import { shippedMappings } from '../support/mappings.ts';
import { seedMappings } from './seed-mappings.ts';

const MINUTE_MS = 60_000;
const PEOPLE = 480;
const FAR = {
  hubspot: 'https://api.hubapi.com',
  salesforce: 'https://acme.my.salesforce.com',
  questionpro: 'https://api.questionpro.com',
  typeform: 'https://api.typeform.com',
};
type System = keyof typeof FAR;
const before = (ms: number): Date => new Date(Date.now() - ms);

const CONNECTIONS: readonly {
  system: System;
  name: string;
  account: string;
  state: 'ready' | 'signed_out';
  reason: string | null;
  made: number;
  floor: number;
  objects: readonly string[];
}[] = [
  {
    system: 'hubspot',
    name: 'HubSpot',
    account: 'Acme Trading (portal 4471902)',
    state: 'ready',
    reason: null,
    made: 1284,
    floor: 1262,
    objects: ['company', 'contact'],
  },
  {
    system: 'salesforce',
    name: 'Salesforce EMEA',
    account: 'Acme EMEA (00D5g)',
    state: 'ready',
    reason: null,
    made: 967,
    floor: 941,
    objects: ['company', 'contact'],
  },
  {
    system: 'typeform',
    name: 'Typeform',
    account: 'cx@acme.example',
    state: 'ready',
    reason: null,
    made: 212,
    floor: 212,
    objects: ['response'],
  },
  {
    system: 'questionpro',
    name: 'QuestionPro',
    account: 'Acme CX',
    state: 'signed_out',
    reason: 'QuestionPro refused the API key (401).',
    made: 38,
    floor: 38,
    objects: ['response'],
  },
];

/** What the tests look for by name. */
export type Seeded = {
  readonly connections: Readonly<Record<System, string>>;
  readonly ada: string;
  readonly conflict: string;
  readonly unmatched: string;
  readonly attached: string;
  readonly plan: string;
  readonly run: string;
};

/** A hub that has worked for a while: four systems, some hundred people, a conflict, open decisions, runs, and answers. */
export async function seedHub(hub: Hub): Promise<Seeded> {
  const connections = await makeConnections(hub);
  const ada = await makePeople(hub, connections);
  const conflict = await makeJournal(hub, ada, connections);
  await makeHolds(hub, ada, connections);
  const { unmatched, attached } = await makeResponses(hub, ada, connections.typeform);
  await makeActivities(hub, ada);
  await makeTrouble(hub, connections.salesforce);
  const plan = await makePlan(hub, ada, connections.salesforce);
  const run = (await hub.selectFrom('run').select('id').where('kind', '=', 'first_load').orderBy('id').executeTakeFirstOrThrow()).id;
  await seedMappings(hub, connections.hubspot);
  await lookUpAll(hub);
  return { connections, ada, conflict, unmatched, attached, plan, run };
}

async function makeConnections(hub: Hub): Promise<Record<System, string>> {
  const ids = { hubspot: newId(), salesforce: newId(), questionpro: newId(), typeform: newId() };
  for (const [order, { system, name, account, state, reason, made, floor, objects }] of CONNECTIONS.entries()) {
    const id = ids[system];
    const created_at = before((200 - order) * MINUTE_MS);
    await hub
      .insertInto('connection')
      .values({
        id,
        connector: system,
        name,
        origin: FAR[system],
        settings: '{}',
        account: JSON.stringify({ id: account, name: account }),
        enabled: true,
        state,
        reason,
        resume_at: null,
        calls_made: String(made),
        calls_floor: String(floor),
        created_at,
        updated_at: created_at,
      })
      .execute();
    for (const object of objects) {
      const stream = newId();
      await hub
        .insertInto('stream')
        .values({
          id: stream,
          connection_id: id,
          object,
          hub_object: object,
          direction: object === 'response' ? 'in' : 'both',
          enabled: true,
          every_ms: object === 'response' ? 5 * MINUTE_MS : MINUTE_MS,
          backfilled_at: before(180 * MINUTE_MS),
          observed_at: before(state === 'ready' ? 14_000 : 3 * 60 * MINUTE_MS),
          wrote_at: object === 'response' ? null : before(9 * MINUTE_MS),
          schema: null,
          schema_at: null,
        })
        .execute();
      await makeRuns(hub, stream, state === 'signed_out');
    }
  }
  return ids;
}

async function makeRuns(hub: Hub, stream_id: string, failed: boolean): Promise<void> {
  const run = (minutes: number, kind: 'first_load' | 'changes', counts: object, error: object | null = null) => ({
    id: newId(),
    stream_id,
    kind,
    started_at: before(minutes * MINUTE_MS),
    ended_at: before(minutes * MINUTE_MS - 4000),
    counts: JSON.stringify(counts),
    error: error === null ? null : JSON.stringify(error),
  });
  const first = run(180, 'first_load', { seen: 431, changed: 431 });
  const quiet = run(2, 'changes', { seen: 0 });
  const last = failed
    ? run(1, 'changes', {}, { kind: 'signed_out', message: 'QuestionPro refused the API key (401).' })
    : run(1, 'changes', { seen: 3, changed: 2, unchanged: 1 });
  await hub.insertInto('run').values([first, quiet, last]).execute();
}

function fieldsOf(person: Person) {
  return {
    email: person.email,
    first_name: person.firstName,
    last_name: person.lastName,
    phone: person.phone,
    mobile_phone: person.mobile,
    job_title: person.title,
    street: person.street,
    city: person.city,
    state: person.state,
    postal_code: person.postalCode,
    country: person.country,
    lifecycle: person.lifecycle,
    owner_email: person.ownerEmail,
  };
}

const ADA = {
  email: 'ada.lindqvist@northwind.example',
  first_name: 'Ada',
  last_name: 'Lindqvist',
  phone: '+46851972340',
  mobile_phone: null,
  job_title: 'Head of Procurement',
  street: 'Sveavägen 44',
  city: 'Stockholm',
  state: null,
  postal_code: '111 34',
  country: 'Sweden',
  lifecycle: 'customer',
  owner_email: 'maria.ito@acme.example',
  nps_score: 9,
  nps_category: 'promoter',
  csat_score: 5,
  feedback_comment: 'Delivery was faster than promised. Thank you!',
  feedback_count: 2,
};

async function makePeople(hub: Hub, connections: Record<System, string>): Promise<string> {
  const { people, companies } = makeTown({ seed: 11, people: PEOPLE });
  const rows = people.map((person) => ({ id: newId(), object: 'contact', fields: fieldsOf(person) }));
  const firms = companies.map(({ name, domain, phone, industry, city, country, employees }) => ({
    id: newId(),
    object: 'company',
    fields: { name, domain, phone, industry, city, country, employees },
  }));
  const ada = { id: newId(), object: 'contact', fields: ADA };
  const all = [...firms, ...rows, ada];
  const at = before(26 * MINUTE_MS).toISOString();
  const stamps = JSON.stringify({
    '*': [at, connections.hubspot],
    job_title: [before(4 * MINUTE_MS).toISOString(), connections.salesforce],
    nps_score: [before(60 * MINUTE_MS).toISOString(), 'hub'],
  });
  for (const some of chunk(all, 200)) {
    await hub
      .insertInto('record')
      .values(
        some.map((row) => ({
          id: row.id,
          object: row.object,
          fields: JSON.stringify(row.fields),
          stamps,
          merged_into: null,
          created_at: before(180 * MINUTE_MS),
          updated_at: before(4 * MINUTE_MS),
        })),
      )
      .execute();
  }
  const link = (system: 'hubspot' | 'salesforce', step: number) =>
    all.flatMap(({ id, object }, i) => {
      if (i % step === 3 && id !== ada.id) return [];
      const state = i % 97 === 5 ? ('waiting' as const) : i % 211 === 7 ? ('held' as const) : ('in_sync' as const);
      const remote = system === 'hubspot' ? String(15_100_000 + i * 7) : `003Qy00000${String(i).padStart(5, '0')}IAA`;
      return [
        {
          id: newId(),
          connection_id: connections[system],
          object,
          remote_id: remote,
          record_id: id,
          base: '{}',
          state,
          reason: state === 'held' ? 'a value was refused' : null,
          sent: null,
          sent_at: null,
          expected: null,
          evidence: null,
        },
      ];
    });
  for (const some of chunk([...link('hubspot', 9), ...link('salesforce', 7)], 200)) await hub.insertInto('link').values(some).execute();
  return ada.id;
}

async function makeJournal(hub: Hub, ada: string, connections: Record<System, string>): Promise<string> {
  // Ids are made in the order in which the changes happened: the journal is read by them.
  const [seen, computed, conflict] = [newId(), newId(), newId()];
  const line = { record_id: ada, remote_id: null, run_id: null, actor: null };
  await hub
    .insertInto('change')
    .values([
      {
        ...line,
        id: seen,
        at: before(180 * MINUTE_MS),
        cause: 'observed',
        connection_id: connections.hubspot,
        fields: JSON.stringify({ city: { old: null, new: 'Stockholm' }, email: { old: null, new: ADA.email } }),
      },
      {
        ...line,
        id: computed,
        at: before(60 * MINUTE_MS),
        cause: 'rollup',
        connection_id: null,
        fields: JSON.stringify({ nps_score: { old: null, new: 9, rule: 'last' } }),
      },
      {
        ...line,
        id: conflict,
        at: before(4 * MINUTE_MS),
        cause: 'merged',
        connection_id: connections.salesforce,
        conflict: true,
        fields: JSON.stringify({
          job_title: {
            old: 'Procurement Manager',
            new: ADA.job_title,
            rule: 'newest',
            lost: { value: 'Procurement Lead', by: connections.hubspot, at: before(6 * MINUTE_MS).toISOString() },
          },
        }),
      },
    ])
    .execute();
  return conflict;
}

async function makeHolds(hub: Hub, ada: string, connections: Record<System, string>): Promise<void> {
  const link = must(
    await hub
      .selectFrom('link')
      .select('id')
      .where('record_id', '=', ada)
      .where('connection_id', '=', connections.salesforce)
      .executeTakeFirst(),
    'a link of Ada',
  );
  const others = await hub.selectFrom('record').select('id').where('object', '=', 'contact').orderBy('id').limit(2).execute();
  const open = { closed_at: null, closed_by: null, decision: null };
  await hub
    .insertInto('hold')
    .values([
      {
        ...open,
        id: newId(),
        kind: 'conflict',
        connection_id: connections.salesforce,
        object: 'contact',
        remote_id: null,
        record_id: ada,
        link_id: link.id,
        field: 'phone',
        reason: 'Both sides changed the field, and its rule asks a person.',
        detail: JSON.stringify({ hub: '+46851972340', remote: '+46851972399' }),
      },
      {
        ...open,
        id: newId(),
        kind: 'refused_field',
        connection_id: connections.salesforce,
        object: 'contact',
        remote_id: null,
        record_id: ada,
        link_id: link.id,
        field: 'job_title',
        reason: 'Salesforce: the value is longer than 40 characters.',
        detail: JSON.stringify({ value: 'Head of Procurement, Logistics, and Everything Else', by: 'vendor' }),
      },
      {
        ...open,
        id: newId(),
        kind: 'ambiguous',
        connection_id: connections.hubspot,
        object: 'contact',
        remote_id: '15109999',
        record_id: null,
        link_id: null,
        field: null,
        reason: '2 records have the same phone',
        detail: JSON.stringify({ candidates: others.map((other) => other.id) }),
      },
    ])
    .execute();
}

async function makeActivities(hub: Hub, ada: string): Promise<void> {
  const [call, deal] = [newId(), newId()];
  const contacts = [`${ada}#Decision maker`];
  const at = before(90 * MINUTE_MS).toISOString();
  const made = { stamps: '{}', merged_into: null };
  await hub
    .insertInto('record')
    .values([
      { ...made, id: call, object: 'activity', fields: JSON.stringify({ title: 'Renewal call', body: 'Wants a quote.', at, contacts }) },
      {
        ...made,
        id: deal,
        object: 'deal',
        fields: JSON.stringify({ name: 'Renewal 2027', amount: 1200.5, stage: 'contractsent', contacts }),
      },
    ])
    .execute();
}

/** Two records that a rule over there refuses. */
async function makeTrouble(hub: Hub, connection: string): Promise<void> {
  const links = await hub.selectFrom('link').select('id').where('connection_id', '=', connection).orderBy('id').limit(2).execute();
  const failed = { state: 'failing' as const, cause: 'validation_rule', reason: 'Close date must lie in the future', attempts: 3 };
  const ids = links.map((link) => link.id);
  await hub.updateTable('link').set(failed).where('id', 'in', ids).execute();
}

async function makePlan(hub: Hub, ada: string, connection: string): Promise<string> {
  const place = { connection: 'Salesforce EMEA', object: 'contact' };
  const summary: PlanSummary = {
    counts: [
      { ...place, operation: 'update', records: 1 },
      { ...place, operation: 'unchanged', records: 470 },
      { connection: 'HubSpot', object: 'contact', operation: 'unchanged', records: 480 },
    ],
    blanked: [],
    touched: [
      { field: 'job_title', records: 1 },
      { field: 'city', records: 1 },
    ],
    nonUnique: [{ ...place, key: { email: 'info@acme.example' }, remoteIds: ['003A', '003B'] }],
    nonUniqueKeys: 1,
    warnings: [],
    forecast: [{ connection: 'Salesforce EMEA', calls: 12, seconds: 340, latencyMs: 90, measured: true }],
  };
  const stream = { id: newId(), ...place };
  const asked: PlanAsked = { kind: 'plan', streams: [stream], hashes: {} };
  const id = await askPlan(hub, asked, 'operator:1');
  await movePlan(hub, id, ['computing'], { state: 'ready', summary, digest: 'd1' });
  const fields = { job_title: { old: 'Procurement Lead', new: 'Head of Procurement', rule: 'newest', source: 'HubSpot' } };
  await sql`insert into plan_line (plan_id, seq, connection_id, object, record_id, remote_id, title, operation, fields, key)
    values (${id}, 1, ${connection}, 'contact', ${ada}, '003Qy', 'Ada Lindqvist', 'update', ${JSON.stringify(fields)}::jsonb, 'k1')`.execute(
    hub,
  );
  return id;
}

async function lookUpAll(hub: Hub): Promise<void> {
  await refreshLookups(hub, (await shippedMappings()).model);
}

const ANSWERS = [
  {
    question: {
      id: 'q1',
      ref: 'nps',
      text: 'How likely are you to recommend Acme to a friend or colleague?',
      kind: 'nps',
      scale: { min: 0, max: 10 },
    },
    value: 9,
  },
  {
    question: { id: 'q2', ref: 'why', text: 'What is the main reason for your score?', kind: 'text', scale: null },
    value: 'Delivery was faster than promised. Thank you!',
  },
] as const;

const COUNTED = { topBox: 2, higherIsBetter: true, nature: null, touchpoint: null };

async function makeResponses(hub: Hub, ada: string, connection_id: string) {
  const others = await hub.selectFrom('record').select('id').where('object', '=', 'contact').orderBy('id').limit(30).execute();
  const rows = Array.from({ length: 34 }, (_, i) => ({
    id: newId(),
    connection_id,
    remote_id: `f1:${i}`,
    survey_id: i % 3 === 0 ? 'f2' : 'f1',
    survey_name: i % 3 === 0 ? 'After delivery' : 'Relationship 2026',
    submitted_at: before((36 - i) * 47 * MINUTE_MS),
    state: 'complete' as const,
    language: ['en', 'ja', 'th'][i % 3] ?? 'en',
    channel: 'email',
    answers: JSON.stringify(ANSWERS),
    keys: JSON.stringify({ 'hidden:email': 'a.lindqvist@home.example', 'hidden:contact_id': '' }),
    scores: JSON.stringify(
      i % 3 === 0
        ? [{ ...COUNTED, metric: 'csat', key: 'csat', score: 5 - (i % 4), question: 'q1', scale: { min: 1, max: 5 } }]
        : [{ ...COUNTED, metric: 'nps', key: 'nps', score: [9, 10, 7, 3][i % 4], question: 'q1', scale: { min: 0, max: 10 } }],
    ),
    rejected: '[]',
    comment: [ANSWERS[1].value, null, 'とても親切な対応でした。', 'Waited two weeks for an answer.'][i % 4] ?? null,
    attachment: i > 30 ? ('unmatched' as const) : ('attached' as const),
    record_id: i > 30 ? null : i % 4 === 0 ? ada : (others[i]?.id ?? ada),
    evidence: JSON.stringify({ by: 'email', from: 'hidden:email' }),
  }));
  await hub.insertInto('response').values(rows).execute();
  for (const survey of ['f1', 'f2'])
    for (const { question } of ANSWERS)
      await sql`
        insert into survey_question (connection_id, survey_id, question_id, ref, wording, kind, scale, digest)
        values (${connection_id}, ${survey}, ${question.id}, ${question.ref}, ${question.text}, ${question.kind}, ${JSON.stringify(question.scale)}::jsonb, gen_random_uuid())`.execute(
        hub,
      );
  const find = (attachment: string) =>
    must(
      rows.findLast((row) => row.attachment === attachment),
      attachment,
    ).id;
  return { unmatched: find('unmatched'), attached: find('attached') };
}
