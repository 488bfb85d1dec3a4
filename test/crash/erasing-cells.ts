import { sql } from 'kysely';
import { createApiKey } from '../../src/http/security/access.ts';
import { must } from '../../src/kernel/must.ts';
import { freePort } from '../support/free-port.ts';
import { type Cell, endInOrder, reached, type Spot, setStopOn } from './cell.ts';
import { differences } from './chronicle.ts';
import type { Home } from './home.ts';
import { keepsSilent } from './judge.ts';
import { openStage, type Stage } from './stage.ts';
import { hubPicture, twinOf } from './twin.ts';
import { until } from './until.ts';

const SECRET = 'The driver was rude to me';
const WHO = 'both6@bridge.example';

/** `stands`: whether nothing of it was done yet when the process died, so that it has to be asked for again. */
const SPOTS: readonly (Spot & { readonly where: string; readonly stands: boolean })[] = [
  { where: 'before an erasure is written', gate: 'postgres', on: /delete from "response" /, when: 'before', stands: true },
  { where: 'before the commit of an erasure', gate: 'postgres', on: /delete from "response" /, when: 'before commit', stands: true },
  { where: 'erased here, nothing yet elsewhere', gate: 'postgres', on: /delete from "response" /, when: 'after commit', stands: false },
  { where: 'entry removed, no answer (HubSpot)', gate: 'hubspot', on: /^POST .*notes\/batch\/archive /, when: 'after', stands: false },
  {
    where: 'scores counted anew, no answer (Salesforce)',
    gate: 'salesforce',
    on: /^PATCH .*Feedback_Comment__c/,
    when: 'after',
    stands: false,
  },
  {
    where: 'before the last of it is forgotten',
    gate: 'postgres',
    on: /delete from "erasure_trace" /,
    when: 'before commit',
    stands: false,
  },
];

/** The day of the people, and one answer more: it is counted, and stands on both timelines. The response in the hub. */
async function withAnswer(stage: Stage): Promise<string> {
  stage.live();
  await stage.settleHere();
  const { tf } = stage.vendors;
  const form = must(
    tf.forms.find(({ metric }) => metric === 'nps'),
    'a form that asks for a recommendation',
  );
  tf.answer({ formId: form.id, nps: 1, comment: SECRET, hidden: { email: WHO }, at: new Date('2026-05-05T10:00:00Z') });
  await stage.settleHere();
  const { rows } = await sql<{ id: string }>`select id from response where comment = ${SECRET} and attachment = 'attached'`.execute(
    stage.hub,
  );
  if (stage.vendors.hs.records('notes').all().length < 3) throw new Error('the answer did not come to the timelines');
  return must(rows[0], 'the answer').id;
}

/** All that the systems hold of what customers wrote. */
const wordsOf = ({ vendors: { hs, sf } }: Stage): string =>
  JSON.stringify([hs.records('notes').all(), hs.contacts.all(), sf.all('Contact'), sf.all('Task').filter(({ IsDeleted }) => !IsDeleted)]);

/** The tables in which it still stands. */
async function tablesWithSecret({ hub }: Stage): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public' order by 1`.execute(hub);
  const found: string[] = [];
  for (const { name } of rows) {
    const { rows: hits } = await sql`select 1 from ${sql.table(name)} t where position(${SECRET} in t::text) > 0 limit 1`.execute(hub);
    if (hits.length > 0) found.push(name);
  }
  return found;
}

/** An answer is erased by an admin; the process dies over it, and in the end there is nothing left of it, as if it had never been given. */
async function strikeErasure(home: Home, spot: (typeof SPOTS)[number]): Promise<string | null> {
  const twin = await twinOf(home, { timelines: true });
  await using stage = await openStage({ database: await home.database(), postgres: () => home.url(), timelines: true });
  await stage.settleHere();
  const id = await withAnswer(stage);
  const { secret } = await createApiKey(stage.hub, { name: 'crash', role: 'admin' });
  const PORT = String(await freePort());
  const erase = (port: string): Promise<Response | null> =>
    fetch(`http://127.0.0.1:${port}/api/v1/responses/${id}/erase`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: '{}',
    }).catch(() => null);
  const running = await stage.start('start', { environment: { PORT } });
  const stop = setStopOn(stage, spot);
  const asked = erase(PORT);
  await reached(stop, running, spot);
  await running.signal('SIGKILL');
  stop.release('is lost');
  await asked;
  await stage.letTimePass();
  const other = String(await freePort());
  await stage.start('start', { environment: { PORT: other } });
  const { rows } = await sql`select 1 from response where id = ${id}`.execute(stage.hub);
  if (rows.length > 0 !== spot.stands) throw new Error(`the response is ${rows.length > 0 ? 'still there' : 'gone'}`);
  if (spot.stands) {
    const again = must((await erase(other)) ?? undefined, 'an answer of the process that is back');
    if (!again.ok) throw new Error(`asked again, it says ${again.status}: ${await again.text()}`);
  }
  await until('nothing is left to be forgotten', async () => (await sql`select 1 from erasure_trace`.execute(stage.hub)).rows.length === 0);
  await stage.untilSettled();
  const wrong = [
    ...(await tablesWithSecret(stage)).map((name) => `it stands in the table ${name}`),
    ...(wordsOf(stage).includes(SECRET) ? ['it stands in a system'] : []),
    ...differences(stage.picture(), twin.picture),
    ...differences(await hubPicture(stage), twin.hub),
  ];
  if (wrong.length > 0) throw new Error(`${wrong.length} wrong: ${wrong.slice(0, 8).join('; ')}`);
  await keepsSilent(stage);
  await endInOrder(stage);
  return null;
}

export const ERASING_CELLS: readonly Cell[] = SPOTS.map((spot) => ({
  step: 'follow',
  blow: 'kill -9 of the all-in-one in the midst of an erasure',
  where: spot.where,
  play: (home) => strikeErasure(home, spot),
}));
