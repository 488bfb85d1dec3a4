import { expect } from 'vitest';
import { SANDBOXES } from '../../connectors/sandboxes.ts';
import { must } from '../../src/kernel/must.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { test } from '../support/database.ts';
import { openSecondPortal } from './second-portal.ts';
import { openWorld, type World } from './world.ts';

const OBJECTS = ['deal', 'ticket', 'note', 'task', 'call'];
const AT = '2026-11-20T10:00:00.000Z';

/** The ids of one type that a record is tied to, as the portal's own API tells them; `tie` adds one. */
function tiesOver(origin: string) {
  const token = must(
    SANDBOXES.find(({ id }) => id === 'hubspot'),
    'the sandbox',
  ).credentials.token;
  const send = async (method: string, path: string): Promise<unknown> => {
    const answer = await fetch(`${origin}/crm/v4/objects/${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    tie: (type: string, id: string, to: string, toId: string) => send('PUT', `${type}/${id}/associations/default/${to}/${toId}`),
    async of(type: string, id: string, to: string): Promise<readonly string[]> {
      const { results } = (await send('GET', `${type}/${id}/associations/${to}`)) as { results: { toObjectId: number }[] };
      return results.map(({ toObjectId }) => String(toObjectId));
    },
  };
}

async function enableOn(world: World, name: string): Promise<void> {
  for (const object of OBJECTS) await setEnabled(world.engine, name, true, object);
}

test('deals, tickets, notes, and tasks go from one portal to another with their people, and calls only come in', async ({ hub }) => {
  await using world = await openWorld(hub);
  await using emea = await openSecondPortal(world);
  for (const name of ['hubspot', 'emea']) await enableOn(world, name);
  const here = world.hs;
  const ties = tiesOver(world.sandbox('hubspot').origin);
  const company = here.companies.add({ name: 'Acme', domain: 'acme.example' });
  const contact = here.contacts.add({ email: 'ada@acme.example', firstname: 'Ada', lastname: 'Lovelace' });
  const deal = here.records('deals').add({ dealname: 'Renewal', dealstage: 'contractsent', pipeline: 'default', amount: '1200.5' });
  const ticket = here.records('tickets').add({ subject: 'Help', hs_pipeline: '0', hs_pipeline_stage: '1' });
  const note = here.records('notes').add({ hs_note_body: 'Called back', hs_timestamp: AT });
  here.records('tasks').add({ hs_task_subject: 'Send the offer', hs_timestamp: AT });
  here.records('calls').add({ hs_call_title: 'Renewal', hs_timestamp: AT });
  await ties.tie('deals', deal, 'companies', company);
  await ties.tie('deals', deal, 'contacts', contact);
  await ties.tie('tickets', ticket, 'deals', deal);
  await ties.tie('notes', note, 'contacts', contact);
  await ties.tie('notes', note, 'deals', deal);
  await world.settle();

  const there = (type: string) => emea.hs.records(type).all();
  expect(['deals', 'tickets', 'notes', 'tasks', 'calls'].map((type) => there(type).length)).toEqual([1, 1, 1, 1, 0]);
  const [deal2, ticket2, note2] = ['deals', 'tickets', 'notes'].map((type) => must(there(type)[0], type));
  const [contact2, company2] = [emea.hs.contacts.all()[0]?.id, emea.hs.companies.all()[0]?.id];
  expect(deal2?.properties).toMatchObject({ dealname: 'Renewal', dealstage: 'contractsent', amount: '1200.5' });
  const over = tiesOver(emea.origin);
  expect(await over.of('deals', must(deal2, 'it').id, 'contacts')).toEqual([contact2]);
  expect(await over.of('deals', must(deal2, 'it').id, 'companies')).toEqual([company2]);
  expect(await over.of('tickets', must(ticket2, 'it').id, 'deals')).toEqual([deal2?.id]);
  expect(await over.of('notes', must(note2, 'it').id, 'deals')).toEqual([deal2?.id]);
  expect(await over.of('notes', must(note2, 'it').id, 'contacts')).toEqual([contact2]);
  const { rows } = await hub.executeQuery<{ n: string }>(
    hub
      .selectFrom('record')
      .select(({ fn }) => fn.countAll<string>().as('n'))
      .where('object', '=', 'activity')
      .compile(),
  );
  expect(rows[0]?.n).toBe('1');

  world.later(10);
  emea.hs.records('deals').edit(must(deal2, 'it').id, { dealstage: 'closedwon' });
  await world.settle();
  expect(here.records('deals').get(deal)?.properties.dealstage).toBe('closedwon');
  expect(await world.cycle()).toBe(0);
  expect(await world.holds()).toEqual([]);
});
