import { sql } from 'kysely';
import { createApiKey } from '../../src/http/security/access.ts';
import { must } from '../../src/kernel/must.ts';
import { freePort } from '../support/free-port.ts';
import { type Cell, endInOrder, reached, type Spot, setStopOn } from './cell.ts';
import type { Home } from './home.ts';
import type { Picture } from './household.ts';
import { judge } from './judge.ts';
import { openStage, type Stage } from './stage.ts';
import { type Twin, twinOf } from './twin.ts';

const BY_HAND = 'Set by hand';
const PERSON = 'both3@bridge.example';

/** An answer, or null when the server died before it. */
type Ask = (stage: Stage, origin: string, secret: string) => Promise<Response | null>;

async function call(origin: string, secret: string, request: { method: string; path: string; body?: unknown }): Promise<Response | null> {
  return fetch(`${origin}/api/v1${request.path}`, {
    method: request.method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  }).catch(() => null);
}

const editByHand: Ask = async ({ hub }, origin, secret) => {
  const { rows } = await sql<{ id: string }>`select id from record where object = 'contact' and fields ->> 'email' = ${PERSON}`.execute(
    hub,
  );
  const { id } = must(rows[0], PERSON);
  return call(origin, secret, { method: 'PATCH', path: `/records/${id}`, body: { fields: { job_title: BY_HAND } } });
};

const lookNow: Ask = async ({ hub }, origin, secret) => {
  const { id } = await hub.selectFrom('connection').select('id').where('name', '=', 'hubspot').executeTakeFirstOrThrow();
  return call(origin, secret, { method: 'POST', path: `/connections/${id}/sync` });
};

const SPOTS: readonly (Spot & { readonly where: string; readonly ask: Ask; readonly edits: boolean })[] = [
  {
    where: 'before an edit is written',
    ask: editByHand,
    edits: true,
    gate: 'postgres',
    on: /insert into change|insert into "change"/,
    when: 'before',
  },
  {
    where: 'before the commit of an edit',
    ask: editByHand,
    edits: true,
    gate: 'postgres',
    on: /insert into change|insert into "change"/,
    when: 'before commit',
  },
  {
    where: 'edit committed, no answer',
    ask: editByHand,
    edits: true,
    gate: 'postgres',
    on: /insert into change|insert into "change"/,
    when: 'after commit',
  },
  {
    where: 'asked to look, not yet noted',
    ask: lookNow,
    edits: false,
    gate: 'postgres',
    on: /update "stream" set "next_at"/,
    when: 'before',
  },
  {
    where: 'looking noted, queue not yet told',
    ask: lookNow,
    edits: false,
    gate: 'postgres',
    on: /update "stream" set "next_at"/,
    when: 'after',
  },
];

/** The server dies over a request; whoever asked gets no answer, and asks again when it is back. The worker lives on. */
async function strikeServer(home: Home, spot: (typeof SPOTS)[number]): Promise<string | null> {
  const twin = await twinOf(home);
  await using stage = await openStage({ database: await home.database(), postgres: () => home.url() });
  await stage.settleHere();
  stage.live();
  const { secret } = await createApiKey(stage.hub, { name: 'crash', role: 'admin' });
  const port = String(await freePort());
  const origin = `http://127.0.0.1:${port}`;
  const server = await stage.start('serve', { environment: { PORT: port } });
  await stage.start('work', { ungated: true });
  const stop = setStopOn(stage, spot);
  const asked = spot.ask(stage, origin, secret);
  await reached(stop, server, spot);
  await server.signal('SIGKILL');
  stop.release('is lost');
  if ((await asked) !== null) throw new Error('the server answered although it was dead');
  await stage.start('serve', { environment: { PORT: port } });
  const again = must((await spot.ask(stage, origin, secret)) ?? undefined, 'an answer of the server that is back');
  if (!again.ok) throw new Error(`asked again, the server says ${again.status}: ${await again.text()}`);
  await stage.untilSettled();
  await judge(stage, spot.edits ? withEdit(twin) : twin);
  await endInOrder(stage);
  return null;
}

/** The twin's end, had somebody there made the same edit. */
function withEdit({ picture, hub }: Twin): Twin {
  const put = (from: Picture, who: string, change: Readonly<Record<string, string>>): Picture =>
    new Map([...from].map(([key, fields]) => [key, key === who ? { ...fields, ...change } : fields]));
  const there = put(picture, `hubspot contact ${PERSON}`, { jobtitle: BY_HAND });
  return {
    picture: put(there, `salesforce contact ${PERSON}`, { Title: BY_HAND }),
    hub: put(hub, `hub contact ${PERSON}`, { job_title: BY_HAND }),
  };
}

export const SERVER_CELLS: readonly Cell[] = SPOTS.map((spot) => ({
  step: 'moved',
  blow: 'kill -9 of the server',
  where: spot.where,
  play: (home) => strikeServer(home, spot),
}));
