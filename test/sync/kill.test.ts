import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { handsOf, hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { salesforceHand, salesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { openVault } from '../../src/hub/sealing/vault.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox } from '../../src/sandbox/sandbox.ts';
import { connect, setEnabled } from '../../src/sync/connecting/connect.ts';
import type { Summary } from '../../src/sync/summary.ts';
import { tend } from '../../src/sync/tend.ts';
import { test } from '../support/database.ts';
import { openEngine } from '../support/stage.ts';

const PEOPLE = 1_000;
const KEY = randomBytes(32);

/** `syncline sync --until-quiet --json` in a process of its own. */
function startSync(databaseUrl: string): ChildProcess {
  return spawn(process.execPath, ['src/syncline.js', 'sync', '--until-quiet', '--json'], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SYNCLINE_KEY: KEY.toString('base64'),
      SYNCLINE_ALLOW_PRIVATE: '127.0.0.0/8',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** How many requests of this name a vendor has met. */
const met = (sandbox: OpenSandbox, pattern: RegExp): number =>
  [...sandbox.requests].filter(([name]) => pattern.test(name)).reduce((sum, [, times]) => sum + times, 0);

/** Kills it with -9 as soon as the vendor has met so many more requests of this name, whatever they came to. */
async function killAt(child: ChildProcess, sandbox: OpenSandbox, pattern: RegExp, more: number): Promise<void> {
  const said = text(must(child.stderr, 'stderr'));
  const ended = once(child, 'exit');
  const wanted = met(sandbox, pattern) + more;
  const tooLate = ended.then(async ([code]: unknown[]) => {
    if (code !== null) throw new Error(`it ended before it could be killed: ${await said}`);
  });
  const due = vi.waitFor(() => expect(met(sandbox, pattern)).toBeGreaterThanOrEqual(wanted), { timeout: 60_000, interval: 1 });
  await Promise.race([due, tooLate]);
  child.kill('SIGKILL');
  expect((await ended)[1]).toBe('SIGKILL');
}

/** As if the time for which a dead worker holds its leases, and for which its writes may still be under way, had passed. */
async function letTimePass(hub: Hub): Promise<void> {
  await sql`update connection set lease_until = '-infinity'`.execute(hub);
  await sql`update link set sent_at = sent_at - interval '30 s' where sent is not null`.execute(hub);
}

async function interrupted(hub: Hub): Promise<number> {
  return Number((await sql<{ n: string }>`select count(*) as n from link where sent is not null`.execute(hub)).rows[0]?.n);
}

const counted = (emails: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const email of emails) counts.set(email, (counts.get(email) ?? 0) + 1);
  return counts;
};

test('a worker killed in the middle of a first load and in the middle of its writes leaves nothing lost and nothing twice', {
  timeout: 150_000,
}, async ({ hub, database }) => {
  const town = makeTown({ seed: 3, people: PEOPLE });
  const hubspot = await openSandbox(hubspotSandbox, { town, switches: { indexLagMs: 500 } });
  const salesforce = await openSandbox(salesforceSandbox, { town });
  try {
    const engine = { ...(await openEngine(hub)), vault: openVault(hub, { current: 1, keys: new Map([[1, KEY]]) }) };
    const { client_id, client_secret, token } = { ...salesforceSandbox.credentials, token: hubspotSandbox.credentials.token ?? '' };
    for (const draft of [
      { connector: 'hubspot', name: 'hs', origin: hubspot.origin, auth: { kind: 'token', values: { token } }, settings: {} },
      {
        connector: 'salesforce',
        name: 'sf',
        origin: salesforce.origin,
        auth: { kind: 'client_credentials', values: { client_id, client_secret } },
        settings: {},
      },
    ]) {
      expect(await connect(engine, draft)).toMatchObject({ ok: true });
      await setEnabled(engine, draft.name, true);
    }
    const hs = handsOf(hubspot.sandbox);
    const sf = salesforceHand(salesforce.sandbox);
    const emailsThere = () => ({
      hs: hs.contacts.all().flatMap(({ properties }) => properties.email?.toLowerCase() ?? []),
      sf: sf
        .all('Contact')
        .filter((row) => !row.IsDeleted && typeof row.Email === 'string')
        .map((row) => String(row.Email).toLowerCase()),
    });
    const before = emailsThere();

    await killAt(startSync(database.url), hubspot, /^(GET .*\/contacts|POST .*\/contacts\/search)$/, 3);
    // What a dead worker held is left alone for as long as it might live.
    const { rows: held } = await sql<{ id: string }>`select id from connection where lease_until > now()`.execute(hub);
    expect(held.length).toBeGreaterThan(0);
    for (const { id } of held) expect(await tend(engine, id, { signal: AbortSignal.timeout(5_000) })).toBeNull();
    await letTimePass(hub);
    const second = startSync(database.url);
    await killAt(second, hubspot, /contacts\/batch\/create$/, 2);
    expect(await interrupted(hub)).toBeGreaterThan(0);
    await letTimePass(hub);
    // Life goes on: there is enough for the third to write.
    for (const { id } of hs.contacts.all().slice(0, 500)) hs.contacts.edit(id, { jobtitle: `Promoted ${id}` });
    const third = startSync(database.url);
    // Salesforce takes all of it in one call: the hub dies before it knows what came of it.
    await killAt(third, salesforce, /^(PATCH .*\/composite\/sobjects|POST .*\/composite)$/, 1);
    await letTimePass(hub);

    const last = startSync(database.url);
    const [printed, said] = await Promise.all([text(must(last.stdout, 'stdout')), text(must(last.stderr, 'stderr'))]);
    expect(said).not.toMatch(/Error/);
    const summary = JSON.parse(must(printed.trim().split('\n').at(-1), 'the summary')) as Summary;
    expect(summary).toMatchObject({ differing: 0, duplicates: 0, writesAfterQuiet: 0 });
    expect(await interrupted(hub)).toBe(0);

    const after = emailsThere();
    const unsure = (
      await sql<{ email: string }>`
      select distinct lower(o.fields ->> 'Email') as email from hold h join observation o on o.connection_id = h.connection_id and o.remote_id = h.remote_id
      where h.closed_at is null and h.kind = 'ambiguous' and o.fields ? 'Email' and o.fields ->> 'Email' is not null
      union select distinct lower(o.fields ->> 'email') from hold h join observation o on o.connection_id = h.connection_id and o.remote_id = h.remote_id
      where h.closed_at is null and h.kind = 'ambiguous' and o.fields ->> 'email' is not null`.execute(hub)
    ).rows.map((row) => row.email);
    const known = new Set([...before.hs, ...before.sf].filter((email) => !unsure.includes(email)));
    for (const [now, then] of [
      [after.hs, before.hs],
      [after.sf, before.sf],
    ] as const) {
      const [counts, had] = [counted(now), counted(then)];
      expect([...known].filter((email) => !counts.has(email))).toEqual([]);
      expect([...counts].filter(([email, count]) => count > Math.max(1, had.get(email) ?? 0))).toEqual([]);
    }
    const promoted = hs.contacts
      .all()
      .flatMap(({ properties }) => (properties.jobtitle?.startsWith('Promoted ') ? [properties.jobtitle] : []));
    const titles = counted(
      sf
        .all('Contact')
        .filter((row) => !row.IsDeleted)
        .map((row) => String(row.Title)),
    );
    expect(promoted).toHaveLength(500);
    // Who waits for a person to say who they are is not written to.
    expect(promoted.filter((title) => titles.get(title) !== 1).length).toBeLessThanOrEqual(summary.holds);
    // Who has no e-mail address is made once as well.
    expect([summary.people.hs, summary.people.sf]).toEqual([
      hs.contacts.all().length,
      sf.all('Contact').filter((row) => !row.IsDeleted).length,
    ]);
    const { rows } = await sql<{
      n: string;
    }>`select count(*) as n from (select record_id from link where object = 'contact' and remote_id is not null group by record_id having count(*) = 2) t`.execute(
      hub,
    );
    expect(Number(rows[0]?.n)).toBeGreaterThan(PEOPLE * 0.9);
  } finally {
    await hubspot.close();
    await salesforce.close();
  }
});
