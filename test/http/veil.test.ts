import { expect } from 'vitest';
import { veilHold } from '../../src/http/security/veil.ts';
import { newId } from '../../src/hub/ids.ts';
import { ROLES } from '../../src/hub/tables/access.ts';
import { test } from '../support/database.ts';
import { seed } from './seed.ts';
import { openStage } from './stage.ts';

test('what a hold keeps of several fields is shown without the veiled ones', () => {
  const veil = () => new Set(['phone']);
  const hold = { hubObject: 'contact', field: null, decision: null };
  const refused = { ...hold, detail: { digest: 'x', values: { phone: '+44', city: 'London' } } };
  expect(veilHold(veil, refused).detail).toEqual({ digest: 'x', values: { city: 'London' } });
  const merge = { ...hold, detail: { fields: [{ field: 'phone' }, { field: 'city' }] } };
  expect(veilHold(veil, merge).detail).toEqual({ fields: [{ field: 'city' }] });
});

const SECRET = 'She said that in confidence';

test('what is sensitive is seen by stewards and admins alone, and what customers wrote by analysts too, wherever it stands', async ({
  hub,
}) => {
  const stage = openStage(hub);
  const [contact, patient, response] = [newId(), newId(), newId()];
  const fields = { first_name: 'Ada', salary: 'a high one', comment: SECRET };
  const made = { stamps: '{}', merged_into: null };
  await hub
    .insertInto('record')
    .values([
      { ...made, id: contact, object: 'contact', fields: JSON.stringify(fields) },
      { ...made, id: patient, object: 'patient', fields: JSON.stringify({ full_name: 'Ill Person', ward: 'Seven' }) },
    ])
    .execute();
  const why = { id: 'q', ref: null, text: 'Why?', kind: 'text', scale: null };
  const score = { id: 'n', ref: null, text: 'How likely?', kind: 'nps', scale: { min: 0, max: 10 } };
  const answers = [
    { question: why, value: SECRET, raw: SECRET },
    { question: score, value: 3 },
  ];
  await hub
    .insertInto('response')
    .values({
      id: response,
      connection_id: (await seed(hub)).forms,
      remote_id: 'r9',
      survey_id: 's',
      survey_name: 'S',
      submitted_at: new Date(),
      state: 'complete',
      language: null,
      channel: null,
      answers: JSON.stringify(answers),
      keys: JSON.stringify({ 'answer:q': SECRET, 'answer:n': 3, 'column:Why?': SECRET, external_reference: '4711' }),
      scores: '[]',
      rejected: '[]',
      comment: SECRET,
      attachment: 'attached',
      record_id: contact,
      evidence: '{}',
    })
    .execute();
  const paths = [
    `/records/${contact}`,
    '/records?object=contact',
    `/records/${contact}/timeline`,
    '/responses',
    `/responses/${response}`,
    `/records/${patient}`,
    '/records?object=patient',
  ];
  const seen = async (role: (typeof ROLES)[number]) =>
    (await Promise.all(paths.map(async (path) => (await stage.ask(role, `/api/v1${path}`)).text()))).join('\n');
  const shown: Record<string, readonly boolean[]> = {};
  for (const role of ROLES) {
    const text = await seen(role);
    shown[role] = [text.includes('a high one'), text.includes('Ill Person'), text.includes(SECRET), text.includes('How likely?')];
  }
  expect(shown).toEqual({
    viewer: [false, false, false, true],
    analyst: [false, false, true, true],
    steward: [true, true, true, true],
    admin: [true, true, true, true],
  });
  const detail = await (await stage.ask('viewer', `/api/v1/responses/${response}`)).json();
  expect(detail).toMatchObject({ isVeiled: true, comment: null, answers: [{ value: null }, { value: 3 }] });
  expect((detail as { keys: unknown }).keys).toEqual({ 'answer:n': 3, external_reference: '4711' });
});

test('what vendors and faults said in their own words is heard by stewards and admins alone; the others are told the cause', async ({
  hub,
}) => {
  const stage = openStage(hub);
  const ids = await seed(hub);
  const QUOTED = 'email "ada.private@acme.test" is taken';
  const connection = { state: 'misconfigured' as const, cause: 'misconfigured', reason: QUOTED };
  await hub.updateTable('connection').set(connection).where('id', '=', ids.crm).execute();
  await hub.updateTable('stream').set({ cause: 'not_allowed', reason: QUOTED }).where('id', '=', ids.stream).execute();
  await hub.updateTable('link').set({ state: 'failing', cause: 'validation_rule', reason: QUOTED }).where('id', '=', ids.link).execute();
  const detail = JSON.stringify({ hub: 'a', remote: 'b', failed: QUOTED });
  await hub.updateTable('hold').set({ field: 'first_name', reason: QUOTED, detail }).where('id', '=', ids.hold).execute();
  const error = JSON.stringify({ kind: 'record_rejected', message: QUOTED });
  await hub.updateTable('run').set({ error }).where('id', '=', ids.run).execute();
  const paths = [
    '/connections',
    `/connections/${ids.crm}`,
    '/overview',
    '/records?object=contact',
    `/records/${ids.ada}`,
    '/failures',
    '/failures/validation_rule',
    '/holds',
    `/holds/${ids.hold}`,
    '/runs',
    `/runs/${ids.run}`,
  ];
  for (const role of ROLES) {
    const quoting: string[] = [];
    for (const path of paths) {
      const answer = await stage.ask(role, `/api/v1${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      if ((await answer.text()).includes('ada.private')) quoting.push(path);
    }
    expect([role, quoting]).toEqual([role, role === 'viewer' || role === 'analyst' ? [] : paths]);
  }
  const hold = (await (await stage.ask('viewer', `/api/v1/holds/${ids.hold}`)).json()) as { reason: string; cause: { text: string } };
  expect(hold.reason).toBe(hold.cause.text);
  expect(hold.reason).not.toBe('');
});
