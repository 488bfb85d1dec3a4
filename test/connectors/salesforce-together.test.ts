import { afterEach, expect, test } from 'vitest';
import type { Ask } from '../../src/contract/connector.ts';
import type { Cursor } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { ask, closeStages, cursorOf, minuteMs, openStage, readAll, seenIn } from './salesforce-stage.ts';

afterEach(closeStages);

const ASKS: Readonly<Record<string, Ask>> = {
  contact: ask,
  company: { ...ask, fields: ['Name', 'Phone'] },
  deal: { ...ask, fields: ['Name', 'contacts'] },
};

async function openLooks(switches: Parameters<typeof openStage>[0] = {}) {
  const org = await openStage(switches, { kind: 'token', settings: { bulkFrom: 0 } });
  const port = (object: string) => must(org.ports.objects[object], object);
  const cursors = new Map<string, Cursor>();
  for (const [object, own] of Object.entries(ASKS)) cursors.set(object, cursorOf(await readAll(port(object), null, own)));
  org.wind(60 * minuteMs);
  const together = () =>
    must(
      org.ports.together,
      'together',
    )(Object.entries(ASKS).map(([object, own]) => ({ object, from: must(cursors.get(object), 'a cursor'), ask: own })));
  const look = (object: string) => readAll(port(object), must(cursors.get(object), 'a cursor'), must(ASKS[object], 'an ask'));
  return { ...org, together, look };
}

test('looks at several objects are one call, ties included, and show what each shows by itself', async () => {
  const { hand, calls, together, look } = await openLooks({ pageSize: 2 });
  const people = hand.all('Contact').slice(0, 3);
  for (const { Id } of people) hand.edit(Id, { Title: 'Captain' });
  const [, count] = await calls(together().then(async (done) => done()));
  expect(count).toBe(1);
  const [first, alone] = await calls(look('contact'));
  const done = await together();
  const [second, atHand] = await calls(look('contact'));
  expect(seenIn(second)).toEqual(seenIn(first));
  // The pages after the first are asked for as ever.
  expect([alone, atHand]).toEqual([2, 1]);
  expect((await calls(Promise.all([look('company'), look('deal')])))[1]).toBe(0);
  // What was at hand is used once, and never after it was let go.
  expect((await calls(look('company')))[1]).toBe(1);
  done();
});

test('what was let go is asked for anew, and what the batch refuses is asked for by itself', async () => {
  const { hand, calls, together, look, stage } = await openLooks();
  (await together())();
  hand.edit(must(hand.all('Account')[0], 'an account').Id, { Phone: '1' });
  expect((await calls(look('company')))[1]).toBe(1);
  stage.fail({ on: 'POST *batch', answer: 400, body: [{ errorCode: 'NOT_FOUND', message: 'no batches here' }] });
  await together();
  expect(seenIn(await look('company'))).toHaveLength(1);
  stage.fail({ on: 'POST *batch', answer: 503 });
  await expect(together()).rejects.toMatchObject({ kind: 'unreachable' });
});
