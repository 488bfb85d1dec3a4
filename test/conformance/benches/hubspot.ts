import { type HubspotSandbox, hubspotSandbox } from '../../../connectors/hubspot/sandbox/index.ts';
import { must } from '../../../src/kernel/must.ts';
import { type Bench, type Hands, starting } from '../bench.ts';

/** How people make a record of each kind, and in which property they edit one. */
const KINDS: Readonly<
  Record<string, { readonly type: string; readonly edited: string; made(n: number): Readonly<Record<string, string>> }>
> = {
  company: { type: 'companies', edited: 'city', made: (n) => ({ name: `Crowd ${n}` }) },
  contact: { type: 'contacts', edited: 'city', made: (n) => ({ email: `crowd-${n}@example.net` }) },
  deal: { type: 'deals', edited: 'description', made: (n) => ({ dealname: `Crowd ${n}`, pipeline: 'default', dealstage: 'contractsent' }) },
  ticket: { type: 'tickets', edited: 'content', made: (n) => ({ subject: `Crowd ${n}`, hs_pipeline: '0', hs_pipeline_stage: '1' }) },
  note: { type: 'notes', edited: 'hs_note_body', made: (n) => ({ hs_note_body: `Crowd ${n}`, hs_timestamp: '2026-11-01T08:00:00Z' }) },
  task: {
    type: 'tasks',
    edited: 'hs_task_subject',
    made: (n) => ({ hs_task_subject: `Crowd ${n}`, hs_timestamp: '2026-11-01T08:00:00Z' }),
  },
  call: { type: 'calls', edited: 'hs_call_title', made: (n) => ({ hs_call_title: `Crowd ${n}`, hs_timestamp: '2026-11-01T08:00:00Z' }) },
  meeting: {
    type: 'meetings',
    edited: 'hs_meeting_title',
    made: (n) => ({ hs_meeting_title: `Crowd ${n}`, hs_timestamp: '2026-11-01T08:00:00Z' }),
  },
  email: {
    type: 'emails',
    edited: 'hs_email_subject',
    made: (n) => ({ hs_email_subject: `Crowd ${n}`, hs_timestamp: '2026-11-01T08:00:00Z' }),
  },
};

function handsOn(sandbox: HubspotSandbox): Hands {
  const kindOf = (object: string) => must(KINDS[object], object);
  const recordsOf = (object: string) => sandbox.records(kindOf(object).type);
  let edits = 0;
  return {
    all: (object) =>
      recordsOf(object)
        .all()
        .map(({ id }) => id),
    crowd(object) {
      const records = recordsOf(object);
      for (let n = records.all().length; n <= 210; n += 1) records.add(kindOf(object).made(n));
      return 'all';
    },
    edit(object) {
      const { id } = must(recordsOf(object).all().at(3), 'a record');
      edits += 1;
      const [field, value] = [kindOf(object).edited, `Edited ${edits}`];
      recordsOf(object).edit(id, { [field]: value });
      return { id, field, value };
    },
    remove: (object, id) => recordsOf(object).remove(id),
    restore: (object, id) => recordsOf(object).restore(id),
    merge: (object, id, from) => recordsOf(object).merge(id, from),
    erase: (object, id) => recordsOf(object).erase(id),
    takeField(object) {
      const { edited } = kindOf(object);
      recordsOf(object).forgetProperty(edited);
      return edited;
    },
    retypeField(object) {
      const [of, field] = [kindOf(object).type, 'suite_level'];
      sandbox.fields.define(of, { name: field, label: 'Level', type: 'string', fieldType: 'text', groupName: 'syncline' });
      sandbox.fields.change(of, field, { type: 'number', fieldType: 'number' });
      return { field, type: 'number' };
    },
    makeChoice(object, values) {
      const made = { name: 'suite_choice', label: 'Choice', type: 'enumeration', fieldType: 'select', groupName: 'syncline' };
      sandbox.fields.define(kindOf(object).type, { ...made, options: values.map((value) => ({ value, label: `The ${value}` })) });
      return made.name;
    },
    unmerged: ['note', 'task', 'call', 'meeting', 'email'],
  };
}

const SENT = { url: 'https://h/x?a=b', body: '[{"a":1}]', secret: 's', sentAt: '2023-11-14T22:13:20.000Z' };

export const hubspotBench: Bench = {
  connector: 'hubspot',
  definition: hubspotSandbox,
  switches: { searchPerSecond: 10_000, burstPer10s: 100_000, associationsPer10s: 100_000 },
  people: 120,
  lackingRight: {
    switches: { scopes: '-crm.objects.contacts.read -crm.objects.companies.read -crm.objects.deals.read -tickets' },
    faults: [],
  },
  unknownId: () => '999999999999',
  creates: '*/batch/create',
  withoutKey: { uniqueId: false },
  moods: [
    { lifecycleBackwards: 'refuse' },
    { associationBumps: true },
    { mergeKeepsPrimaryId: true, indexLagMs: 10_000 },
    { uniqueId: false, stragglers: 0.2 },
    { scopes: '-crm.objects.owners.read', indexLagMs: 0 },
  ],
  telling: {
    // Computed with HubSpot's own SDK.
    signed: [
      {
        ...SENT,
        headers: {
          'X-HubSpot-Signature-v3': 'w+w5OWIaTcnSvEJAHkwAgU59KQigH3pHv55bsqTm3kM=',
          'X-HubSpot-Request-Timestamp': '1700000000000',
        },
        expires: true,
      },
      {
        ...SENT,
        headers: {
          'X-HubSpot-Signature': 'e0a882b6a86cade53ba0749c5a43133e7e42b101d412f1ad9d7042d347214770',
          'X-HubSpot-Signature-Version': 'v2',
        },
        expires: false,
      },
    ],
    told: {
      body: JSON.stringify([
        { subscriptionType: 'contact.propertyChange', objectId: 101, propertyName: 'phone' },
        { subscriptionType: 'company.deletion', objectId: 7 },
        { subscriptionType: 'contact.privacyDeletion', objectId: 102 },
      ]),
      hints: [
        { object: 'contact', id: '101', reason: 'changed' },
        { object: 'company', id: '7', reason: 'removed' },
        { object: 'contact', id: '102', reason: 'erased' },
      ],
    },
  },
  start: starting(hubspotSandbox, handsOn),
};
