import { describe, expect, test } from 'vitest';
import type { Fields } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { asking, deleteOf, done, openHubspotStage, readAll, readOne, updateOf } from './hubspot-stage.ts';

const AT = '2026-12-01T08:00:00.000Z';
const createOf = (fields: Fields, nth = 1) => ({ verb: 'create', key: `0190a000-0000-7000-8000-00000000000${nth}`, fields }) as const;

async function schemaOf(object: string, switches: Record<string, string | number | boolean> = {}) {
  const { port } = await openHubspotStage({ switches });
  const fields = await port(object).fields('all');
  return (name: string) =>
    must(
      fields.find((field) => field.name === name),
      `${object}.${name}`,
    );
}

describe('the schema', () => {
  test('stages and pipelines are told from the pipelines, and a pipeline is needed where there are several', async () => {
    const one = await schemaOf('deal');
    expect(one('dealstage')).toMatchObject({ type: 'choice', required: true, writable: true });
    expect(one('dealstage').choices).toContainEqual({ value: 'closedwon', label: 'Closed Won' });
    expect(one('pipeline')).toMatchObject({ required: false, choices: [{ value: 'default', label: 'Sales Pipeline' }] });
    const two = await schemaOf('deal', { secondDealPipeline: true });
    expect(two('pipeline').required).toBe(true);
    expect(two('dealstage').choices).toContainEqual({ value: 'renewalwon', label: 'Renewals: Renewed' });
  });

  test('a ticket always needs a pipeline, and what people write down needs a time', async () => {
    const ticket = await schemaOf('ticket');
    expect(['subject', 'hs_pipeline', 'hs_pipeline_stage'].map((name) => ticket(name).required)).toEqual([true, true, true]);
    expect((await schemaOf('note'))('hs_timestamp').required).toBe(true);
    expect((await schemaOf('task'))('hs_task_subject').required).toBe(false);
  });

  test('it says what is worked out, and what is unique even where HubSpot says that it is not', async () => {
    const deal = await schemaOf('deal');
    expect(deal('hs_is_closed')).toMatchObject({ calculated: true, writable: false });
    expect(deal('amount')).not.toHaveProperty('calculated');
    const contact = await schemaOf('contact');
    expect([contact('email').unique, contact('syncline_id').unique, contact('phone').unique]).toEqual([true, true, undefined]);
  });

  test('what may be tied to what is told with the name of each end, and a primary one where HubSpot has one', async () => {
    const ticket = await schemaOf('ticket');
    expect(ticket('company')).toMatchObject({ type: 'reference', label: 'Primary company' });
    expect(['companies', 'contacts', 'deals'].map((name) => ticket(name).type)).toEqual(['references', 'references', 'references']);
    const { port } = await openHubspotStage();
    expect((await port('note').fields('all')).filter(({ type }) => type === 'reference')).toEqual([]);
  });
});

describe('ties with several others', () => {
  test('a note is made with all that it is about in one request, and shows it', async () => {
    const { port, contactIds, companyIds, hands, calls } = await openHubspotStage();
    const dealIds = hands
      .records('deals')
      .all()
      .map(({ id }) => id);
    const fields = {
      hs_note_body: 'Called back',
      hs_timestamp: AT,
      contacts: contactIds.slice(0, 2).sort(),
      companies: companyIds.slice(0, 1),
      deals: dealIds.slice(0, 1),
      tickets: [],
    };
    const ask = asking(...Object.keys(fields));
    const note = port('note');
    await note.fields('all');
    let id = '';
    const made = await calls(async () => {
      id = done((await must(note.write, 'a writer').apply([createOf(fields)], ask))[0]).id;
    });
    expect(made).toEqual({ 'POST /crm/objects/2026-09/notes/batch/create': 1 });
    expect((await readOne(note, id, ask)).fields).toEqual(fields);
  });

  test('one change moves a task from one deal to another and leaves its contacts, at one request for what is new and one for what is left', async () => {
    const { port, contactIds, hands, calls } = await openHubspotStage();
    const [from = '', to = ''] = hands
      .records('deals')
      .all()
      .map(({ id }) => id);
    const task = port('task');
    const write = must(task.write, 'a writer');
    const ask = asking('hs_task_subject', 'contacts', 'deals');
    const contacts = contactIds.slice(0, 1);
    const { id } = done((await write.apply([createOf({ hs_task_subject: 'Call', hs_timestamp: AT, contacts, deals: [from] })], ask))[0]);
    const { fields: seen } = await readOne(task, id, ask);
    expect(seen.deals).toEqual([from]);
    const made = await calls(async () => {
      const { observed } = done((await write.apply([updateOf(id, { hs_task_subject: 'Call again', deals: [to] }, seen)], ask))[0]);
      expect(observed?.fields).toMatchObject({ hs_task_subject: 'Call again', deals: [to] });
    });
    expect(made).toEqual({
      'POST /crm/associations/2026-09/tasks/deals/batch/read': 1,
      'POST /crm/associations/2026-09/tasks/deals/batch/create': 1,
      'POST /crm/associations/2026-09/tasks/deals/batch/archive': 1,
      'POST /crm/objects/2026-09/tasks/batch/update': 1,
    });
    expect((await readOne(task, id, ask)).fields).toEqual({ hs_task_subject: 'Call again', contacts, deals: [to] });
  });

  test('what a create did not say of a tie is left to the next read, which may not take the record for known', async () => {
    const { contact, write } = await openHubspotStage();
    const ask = asking('email', 'company');
    const { id, observed } = done((await write.apply([createOf({ email: 'nobody@tied.test' })], ask))[0]);
    const read = await readOne(contact, id, ask);
    expect(observed?.fields).not.toHaveProperty('company');
    expect(read.fields).toMatchObject({ company: null });
    expect(must(observed, 'what was made').changedAt < read.changedAt).toBe(true);
  });

  test('a tie that cannot be is refused by its field, and the other rows are done', async () => {
    const { port, contactIds } = await openHubspotStage();
    const note = port('note');
    const ask = asking('hs_note_body', 'contacts', 'deals');
    const rows = [
      createOf({ hs_note_body: 'a', hs_timestamp: AT, contacts: contactIds.slice(0, 1) }, 1),
      createOf({ hs_note_body: 'b', hs_timestamp: AT, deals: ['999999999'] }, 2),
      createOf({ hs_note_body: 'c', hs_timestamp: AT, contacts: ['no id'] }, 3),
    ];
    const [good, missing, odd] = await must(note.write, 'a writer').apply(rows, ask);
    expect(good).toMatchObject({ done: true });
    expect(missing).toMatchObject({ done: false, error: { kind: 'record_rejected', fields: ['deals'] } });
    expect(odd).toMatchObject({ done: false, error: { kind: 'record_rejected', fields: ['contacts'] } });
  });

  test('the primary company of a deal moves, and goes', async () => {
    const { port, companyIds } = await openHubspotStage();
    const [first = '', second = ''] = companyIds;
    const deal = port('deal');
    const write = must(deal.write, 'a writer');
    const ask = asking('dealname', 'company', 'companies');
    const made = createOf({ dealname: 'Renewal', dealstage: 'contractsent', company: first });
    const { id } = done((await write.apply([made], ask))[0]);
    expect((await readOne(deal, id, ask)).fields).toMatchObject({ company: first, companies: [first] });
    done((await write.apply([updateOf(id, { company: second }, (await readOne(deal, id, ask)).fields)], ask))[0]);
    expect((await readOne(deal, id, ask)).fields).toMatchObject({ company: second, companies: [second] });
    done((await write.apply([updateOf(id, { company: null }, (await readOne(deal, id, ask)).fields)], ask))[0]);
    expect((await readOne(deal, id, ask)).fields).toMatchObject({ company: null, companies: [] });
  });

  test('a first load of notes costs one request a page, and asks once whether there are labels', async () => {
    const { port, calls, hands } = await openHubspotStage();
    const ask = asking('hs_note_body', 'contacts', 'companies', 'deals', 'tickets');
    const made = await calls(() => readAll(port('note'), null, ask));
    expect(made['GET /crm/objects/2026-09/notes']).toBe(Math.ceil(hands.records('notes').all().length / 100));
    const labels = Object.keys(made).filter((name) => name.endsWith('/labels'));
    expect(labels).toHaveLength(4);
    expect(Object.keys(made).filter((name) => name.includes('batch/read'))).toEqual([]);
  });
});

test('calls, meetings, and e-mails can be read, and offer no writer', async () => {
  const { port } = await openHubspotStage();
  for (const object of ['call', 'meeting', 'email']) {
    expect(port(object).write).toBeUndefined();
    const { seen } = await readAll(port(object), null, asking('owner_email', 'contacts'));
    expect(seen.size).toBeGreaterThan(0);
  }
});

test('a note goes into the bin like any record, and is gone', async () => {
  const { port, hands } = await openHubspotStage();
  const { id } = must(hands.records('notes').all()[0], 'a note');
  done((await must(port('note').write, 'a writer').apply([deleteOf(id)], asking()))[0]);
  expect(await port('note').read.byIds([id], asking())).toMatchObject([{ kind: 'gone', id }]);
});

describe('an owner whom HubSpot does not know', () => {
  const who = 'nobody@elsewhere.example';

  test('waits for a person where there is no fallback', async () => {
    const { port } = await openHubspotStage();
    const made = createOf({ dealname: 'Renewal', dealstage: 'contractsent', owner_email: who });
    const [outcome] = await must(port('deal').write, 'a writer').apply([made], asking('dealname', 'owner_email'));
    expect(outcome).toMatchObject({ done: false, error: { kind: 'record_rejected', fields: ['owner_email'], code: 'INVALID_OWNER' } });
  });

  test('gives way to the fallback, whose records say nothing of their owner', async () => {
    const { port } = await openHubspotStage();
    const choices = (await port('deal').fields('all')).find(({ name }) => name === 'owner_email')?.choices ?? [];
    const [fallback = '', other = ''] = choices.map(({ value }) => value);
    const stage = await openHubspotStage({ settings: { fallbackOwner: fallback.toUpperCase() } });
    const deal = stage.port('deal');
    const write = must(deal.write, 'a writer');
    const ask = asking('dealname', 'owner_email');
    const fields = { dealname: 'Renewal', dealstage: 'contractsent' };
    const [lost, known] = await write.apply(
      [createOf({ ...fields, owner_email: who }, 1), createOf({ ...fields, owner_email: other }, 2)],
      ask,
    );
    const owned = stage.hands.records('deals').get(done(lost).id)?.properties.hubspot_owner_id;
    expect(owned).toBeTruthy();
    expect(owned).not.toBe(stage.hands.records('deals').get(done(known).id)?.properties.hubspot_owner_id);
    expect((await readOne(deal, done(lost).id, ask)).fields).toEqual({ dealname: 'Renewal' });
    expect((await readOne(deal, done(known).id, ask)).fields).toEqual({ dealname: 'Renewal', owner_email: other });
  });

  test('a fallback whom HubSpot does not know either is a mistake of the settings, and nothing is written', async () => {
    const { port, hands } = await openHubspotStage({ settings: { fallbackOwner: 'typo@elsewhere.example' } });
    const before = hands.records('deals').all().length;
    const made = createOf({ dealname: 'Renewal', dealstage: 'contractsent', owner_email: who });
    await expect(must(port('deal').write, 'a writer').apply([made], asking())).rejects.toMatchObject({
      kind: 'misconfigured',
      isRefusal: true,
    });
    expect(hands.records('deals').all().length).toBe(before);
  });
});
