import type { Hub } from '../../src/hub/database.ts';
import { digest, newId } from '../../src/hub/ids.ts';
import { refreshLookups } from '../../src/sync/identity/look-up.ts';
import { MODEL } from './stage.ts';

const counted = { topBox: 2, higherIsBetter: true, nature: null, touchpoint: null };
const scores = (nps: number, csat: number): string =>
  JSON.stringify([
    { ...counted, metric: 'nps', key: 'nps', score: nps, question: 'nps', scale: { min: 0, max: 10 } },
    { ...counted, metric: 'csat', key: 'csat', score: csat, question: 'sat', scale: { min: 1, max: 5 } },
  ]);

/** A small hub: two systems, three people, a conflict, a hold, and answers to a survey. */
export async function seed(hub: Hub) {
  const ids = {
    crm: newId(),
    forms: newId(),
    stream: newId(),
    ada: newId(),
    bob: newId(),
    ama: newId(),
    link: newId(),
    change: newId(),
    hold: newId(),
    response: newId(),
    lost: newId(),
    run: newId(),
  };
  const off = { resume_at: null, reason: null };
  await hub
    .insertInto('connection')
    .values([
      {
        id: ids.crm,
        connector: 'crm',
        name: 'Main CRM',
        origin: 'https://api.crm.test',
        settings: '{"region":"eu"}',
        account: '{"id":"1","name":"Acme"}',
        enabled: true,
        ...off,
      },
      { id: ids.forms, connector: 'forms', name: 'Forms', origin: 'https://api.forms.test', settings: '{}', account: null, ...off },
    ])
    .execute();
  await hub
    .insertInto('stream')
    .values({
      id: ids.stream,
      connection_id: ids.crm,
      object: 'contact',
      hub_object: 'contact',
      direction: 'both',
      enabled: true,
      backfilled_at: null,
      observed_at: new Date('2026-11-01'),
      wrote_at: null,
      schema: null,
      schema_at: null,
    })
    .execute();
  const people = [
    { id: ids.ada, fields: { email: 'ada@acme.test', first_name: 'Ada', last_name: 'Lovelace', salary: '100' } },
    { id: ids.bob, fields: { email: 'bob@acme.test', first_name: 'Bob', last_name: '100%_sure' } },
    { id: ids.ama, fields: { email: 'ama@acme.test', first_name: 'Ama', last_name: null } },
  ];
  await hub
    .insertInto('record')
    .values(
      people.map(({ id, fields }) => ({
        id,
        object: 'contact',
        fields: JSON.stringify(fields),
        stamps: JSON.stringify({ '*': ['2026-11-01T00:00:00.000Z', ids.crm], salary: ['2026-11-02T00:00:00.000Z', 'hub'] }),
        merged_into: null,
      })),
    )
    .execute();
  await hub
    .insertInto('identity')
    .values({ digest: digest('contact|email|second@acme.test'), record_id: ids.ada })
    .execute();
  await hub
    .insertInto('link')
    .values({
      id: ids.link,
      connection_id: ids.crm,
      object: 'contact',
      remote_id: '4711',
      record_id: ids.ada,
      base: '{}',
      sent: null,
      sent_at: null,
      expected: null,
      reason: null,
      evidence: null,
    })
    .execute();
  await hub
    .insertInto('change')
    .values({
      id: ids.change,
      record_id: ids.ada,
      cause: 'merged',
      connection_id: ids.crm,
      remote_id: '4711',
      run_id: null,
      actor: null,
      conflict: true,
      fields: JSON.stringify({
        first_name: { old: 'Augusta', new: 'Ada', rule: 'newest', lost: { value: 'Augusta', by: 'hub', at: '2026-10-01T00:00:00.000Z' } },
        salary: { old: null, new: '100' },
      }),
    })
    .execute();
  await hub
    .insertInto('hold')
    .values({
      id: ids.hold,
      kind: 'conflict',
      connection_id: ids.crm,
      object: 'contact',
      remote_id: '4711',
      record_id: ids.ada,
      link_id: ids.link,
      field: 'salary',
      reason: 'both sides changed',
      detail: '{"hub":"100","remote":"90"}',
      closed_at: null,
      closed_by: null,
      decision: null,
    })
    .execute();
  const answer = (value: number) =>
    JSON.stringify([{ question: { id: 'q1', ref: 'nps', text: 'How likely?', kind: 'nps', scale: { min: 0, max: 10 } }, value }]);
  const response = {
    connection_id: ids.forms,
    survey_id: 's1',
    survey_name: 'Care',
    submitted_at: new Date('2026-11-03'),
    state: 'complete' as const,
    language: 'en',
    channel: 'link',
    keys: '{"hidden:crm_id":"4711"}',
    evidence: null,
    rejected: '[]',
  };
  await hub
    .insertInto('response')
    .values([
      {
        ...response,
        id: ids.response,
        remote_id: 'r1',
        answers: answer(10),
        scores: scores(10, 5),
        comment: 'Great',
        attachment: 'attached',
        record_id: ids.ada,
      },
      {
        ...response,
        id: ids.lost,
        remote_id: 'r2',
        answers: answer(3),
        scores: scores(3, 2),
        comment: null,
        attachment: 'unmatched',
        record_id: null,
      },
    ])
    .execute();
  await hub
    .insertInto('run')
    .values({ id: ids.run, stream_id: ids.stream, kind: 'changes', ended_at: null, counts: '{"seen":3}', error: null })
    .execute();
  await refreshLookups(hub, MODEL);
  return ids;
}
