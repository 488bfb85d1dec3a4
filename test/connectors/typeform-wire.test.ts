import { expect, test } from 'vitest';
import { observe } from '../../connectors/typeform/observation.ts';
import { parseForm, parseItems } from '../../connectors/typeform/wire.ts';
import { must } from '../../src/kernel/must.ts';

const form = parseForm({
  id: 'f',
  title: 'F',
  settings: { language: 'ja' },
  fields: [
    { id: 's5', ref: 'five', type: 'opinion_scale', title: '5', properties: { steps: 5, start_at_one: true } },
    { id: 's11', ref: 'old_nps', type: 'opinion_scale', title: '11', properties: { steps: 11 } },
    { id: 's10', type: 'rating', title: '10', properties: { steps: 10 } },
    {
      id: 'c',
      type: 'contact_info',
      title: 'You',
      properties: { fields: [{ id: 'c1', type: 'short_text', title: 'First name', subfield_key: 'first_name' }] },
    },
  ],
});
function seen(raw: unknown) {
  return observe(must(parseItems({ items: [raw] }).items[0], 'item'), form);
}
const about = (id: string, type: string, ref?: string) => ({ id, type, ...(ref === undefined ? {} : { ref }) });
function item(answers: unknown) {
  return { response_id: 'r', token: 'r', submitted_at: '2026-11-20T12:04:02Z', answers };
}

test('a scale is known by the definition of its question, and its shape is only a suggestion', () => {
  const one = seen(
    item([
      { field: about('s5', 'opinion_scale', 'five'), type: 'number', number: 4 },
      { field: about('s11', 'opinion_scale', 'old_nps'), type: 'number', number: 0 },
      { field: about('s10', 'rating'), type: 'number', number: 10 },
      { field: about('gone', 'opinion_scale'), type: 'number', number: 3 },
    ]),
  );
  expect(one.response?.answers.map(({ question, value }) => [question.kind, question.scale?.max ?? null, value])).toEqual([
    ['csat', 5, 4],
    ['nps', 10, 0],
    ['rating', 10, 10],
    ['rating', null, 3],
  ]);
});

test('the parts of a contact block are no comment', () => {
  const one = seen(item([{ field: about('c1', 'short_text'), type: 'text', text: 'Somchai' }]));
  expect(one.fields['contact:first_name']).toBe('Somchai');
  expect(one.response?.answers[0]?.question.kind).toBe('contact');
});

test('answers may be missing or null, and hidden fields too', () => {
  for (const answers of [null, undefined]) expect(seen(item(answers)).response?.answers).toEqual([]);
  expect(seen(item([])).response?.language).toBe('ja');
});

test('what was written beside the choices takes the place of a label', () => {
  const field = about('m', 'multiple_choice');
  const one = seen(
    item([
      { field, type: 'choice', choice: { id: 'x', other: 'by boat' } },
      { field, type: 'choices', choices: { labels: ['A'], other: 'B' } },
    ]),
  );
  expect(one.response?.answers.map(({ value }) => value)).toEqual(['by boat', ['A', 'B']]);
});

test('what cannot be read is kept as it came, and costs none of the others', () => {
  const rows = [null, 'x', item('broken'), item([{ field: about('n', 'hologram'), type: 'cube', cube: { side: 3 } }, { no: 'field' }])];
  const all = parseItems({ items: rows }).items.map((one) => observe(one, form));
  expect(all).toHaveLength(4);
  expect(all[0]?.id).not.toBe(all[1]?.id);
  for (const { response } of all) expect(response?.answers.every(({ question }) => question.kind === 'other')).toBe(true);
  expect(all[3]?.response?.answers.map(({ value }) => value)).toEqual(['{"side":3}', '{"no":"field"}']);
  expect(() => parseItems({ items: {} })).toThrow(expect.objectContaining({ kind: 'broken_answer' }));
});

test('a response that was never submitted is partial, and the machine of the person stays behind', () => {
  const raw = {
    response_id: 'r',
    landed_at: '2026-11-20T12:03:11Z',
    submitted_at: '0001-01-01T00:00:00Z',
    metadata: { network_id: '3fd1c0', platform: 'mobile' },
  };
  const one = seen(raw);
  expect(one).toMatchObject({
    changedAt: '2026-11-20T12:03:11.000Z',
    response: { state: 'partial', submittedAt: null, channel: 'mobile' },
  });
  expect(JSON.stringify(one)).not.toContain('3fd1c0');
});
