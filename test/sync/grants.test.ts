import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { HubError } from '../../src/contract/errors.ts';
import type { TokenReply } from '../../src/contract/sign-in.ts';
import { renewAfterMs } from '../../src/hub/access/grants.ts';
import { type Hub, openHub } from '../../src/hub/database.ts';
import { openVault } from '../../src/hub/sealing/vault.ts';
import { must } from '../../src/kernel/must.ts';
import { currentGrant } from '../../src/sync/sign-in/renew.ts';
import { test as base } from '../support/database.ts';
import { openStub } from '../support/stub.ts';
import { KEYS, renewing, signedIn, tokenFrom, tokenVendor, wind } from './token-vendor.ts';

/** `other` is the hub as another process has it, with connections of its own. */
const test = base.extend<{ other: Hub }>({
  other: async ({ database }, use) => {
    const other = openHub(database.url, { connections: 6 });
    await use(other);
    await other.destroy();
  },
});

test('a grant is renewed once, however many ask in however many processes', async ({ hub, other }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor();
  await wind(hub, id, 1800);
  const tokens = await Promise.all([hub, other, hub, other, hub, other].map((one) => tokenFrom(one, id, vendor.ask)));
  expect(new Set(tokens)).toEqual(new Set(['access 1']));
  expect(vendor.asked).toEqual(['refresh 0']);
});

test('it is renewed five minutes before it runs out, or a fifth of its time when that is short', async ({ hub }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor({ lifetimeS: 60 });
  await wind(hub, id, 1490);
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 0');
  await wind(hub, id, 15);
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 1');
  await wind(hub, id, 45);
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 1');
  await wind(hub, id, 4);
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 2');
  expect(renewAfterMs(1_800_000)).toBe(1_500_000);
});

test('a refresh token that was replaced is stored before the new token is used, and the next renewal shows it', async ({ hub, other }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor();
  for (const no of [1, 2, 3]) {
    await wind(hub, id, 1800);
    expect(await tokenFrom(no % 2 === 0 ? hub : other, id, vendor.ask)).toBe(`access ${no}`);
    expect((await renewing(hub).grants.read(id))?.refreshToken?.reveal()).toBe(`refresh ${no}`);
  }
  expect(vendor.asked).toEqual(['refresh 0', 'refresh 1', 'refresh 2']);
});

test('a refresh token that the vendor keeps is kept', async ({ hub }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor({ rotates: false });
  for (const no of [1, 2]) {
    await wind(hub, id, 1800);
    expect(await tokenFrom(hub, id, vendor.ask)).toBe(`access ${no}`);
  }
});

/** A renewal that the vendor has not answered yet. */
async function underWay(hub: Hub, id: string) {
  const answer = Promise.withResolvers<TokenReply>();
  const asked = Promise.withResolvers<void>();
  const token = tokenFrom(hub, id, () => {
    asked.resolve();
    return answer.promise;
  });
  token.catch(() => undefined);
  await asked.promise;
  return { answer, token };
}

test('while a slow vendor is asked, no transaction is open, and the others go on with the token that lives', async ({ hub, other }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor();
  await wind(hub, id, 1600);
  const { answer, token } = await underWay(hub, id);
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`.execute(
    other,
  );
  expect(rows[0]?.n).toBe(0);
  expect(await tokenFrom(other, id, vendor.ask)).toBe('access 0');
  expect(vendor.asked).toEqual([]);
  answer.resolve(vendor.reply());
  await token;
});

test('credentials that were given anew meanwhile are not overwritten by a late answer', async ({ hub, other }) => {
  const id = await signedIn(hub);
  await wind(hub, id, 1800);
  const { answer, token } = await underWay(hub, id);
  const vendor = tokenVendor();
  await openVault(other, KEYS).store(
    other,
    id,
    { kind: 'oauth2', values: {} },
    { reply: { ...vendor.reply(), expiresInS: null }, askedAt: '' },
  );
  answer.resolve({ ...vendor.reply(), refreshToken: null });
  await token;
  expect((await renewing(hub).grants.read(id))?.refreshToken?.reveal()).toBe('refresh 0');
});

test('who lost the race, and is told that the old token is dead, takes what the winner stored', async ({ hub, other }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor();
  await wind(hub, id, 1800);
  const slow = await underWay(hub, id);
  // It takes longer than its claim holds, and another process asks meanwhile.
  await wind(hub, id, 100);
  expect(await tokenFrom(other, id, vendor.ask)).toBe('access 1');
  slow.answer.reject(new HubError('signed_out', 'dead', { code: 'BAD_REFRESH_TOKEN' }));
  expect(await slow.token).toBe('access 1');
  await wind(hub, id, 1800);
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 2');
});

test('who asks while the winner’s answer is still on its way destroys nothing, and finds it afterwards', async ({ hub, other }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor();
  await wind(hub, id, 1800);
  const slow = await underWay(hub, id);
  const won = vendor.reply();
  vendor.live = 'refresh of the winner';
  await wind(hub, id, 100);
  await expect(tokenFrom(other, id, vendor.ask)).rejects.toMatchObject({ kind: 'signed_out', code: 'RENEWAL_INTERRUPTED' });
  slow.answer.resolve({ ...won, refreshToken: must(won.refreshToken, 'a rotated token') });
  expect(await slow.token).toBe('access 0');
  expect(await tokenFrom(other, id, vendor.ask)).toBe('access 0');
});

test('a token that lives is used to its end, although it cannot be renewed; then the reason is told', async ({ hub }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor();
  vendor.live = 'nobody has it';
  await wind(hub, id, 1600);
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 0');
  await wind(hub, id, 300);
  await expect(tokenFrom(hub, id, vendor.ask)).rejects.toMatchObject({ kind: 'signed_out', code: 'BAD_REFRESH_TOKEN' });
});

test('a vendor is asked twice in a minute at most, and who asks more is told what it said and for how long', async ({ hub, other }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor();
  vendor.live = 'nobody has it';
  await wind(hub, id, 1800);
  for (const one of [hub, other, hub, other, hub]) {
    const error = await tokenFrom(one, id, vendor.ask).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'signed_out', code: 'BAD_REFRESH_TOKEN' });
    if (vendor.asked.length === 2 && error instanceof HubError) expect(error.retryAfterMs ?? 1).toBeGreaterThan(0);
  }
  expect(vendor.asked).toHaveLength(2);
  await wind(hub, id, 61);
  await expect(tokenFrom(hub, id, vendor.ask)).rejects.toThrow();
  expect(vendor.asked).toHaveLength(3);
});

test('tokens that are refused as soon as they are new are not asked for without end', async ({ hub }) => {
  const id = await signedIn(hub, null);
  const vendor = tokenVendor({ lifetimeS: null });
  const { grants } = renewing(hub);
  for (let call = 0; call < 2; call += 1) {
    const sent = await currentGrant(renewing(hub), id, vendor.ask);
    await grants.refuse(id, sent.accessToken);
  }
  await currentGrant(renewing(hub), id, vendor.ask).then(({ accessToken }) => grants.refuse(id, accessToken));
  await expect(currentGrant(renewing(hub), id, vendor.ask)).rejects.toMatchObject({ kind: 'signed_out' });
  expect(vendor.asked).toHaveLength(2);
});

test('that an old token was refused does no harm to the one that took its place', async ({ hub }) => {
  const id = await signedIn(hub, null);
  const vendor = tokenVendor({ lifetimeS: null });
  const { grants } = renewing(hub);
  const { accessToken: old } = await currentGrant(renewing(hub), id, vendor.ask);
  await grants.refuse(id, old);
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 1');
  await grants.refuse(id, old);
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 1');
  expect(vendor.asked).toHaveLength(1);
});

test('a new grant is not lost because the database is away for a moment', async ({ hub }) => {
  const id = await signedIn(hub);
  const vendor = tokenVendor();
  await wind(hub, id, 1800);
  const mine = renewing(hub);
  let failures = 2;
  const keep: typeof mine.grants.keep = async (...row) => {
    failures -= 1;
    if (failures >= 0) throw new Error('terminating connection due to administrator command');
    return mine.grants.keep(...row);
  };
  const grant = await currentGrant({ ...mine, grants: { ...mine.grants, keep } }, id, vendor.ask);
  expect(grant.accessToken.reveal()).toBe('access 1');
  expect((await mine.grants.read(id))?.refreshToken?.reveal()).toBe('refresh 1');
});

test('a process killed between the vendor’s answer and our commit stands in nobody’s way', async ({ hub, database }) => {
  const id = await signedIn(hub);
  await wind(hub, id, 1600);
  const vendor = tokenVendor({ rotates: false });
  const stub = await openStub(async () => {
    vendor.asked.push('refresh 0');
    process.kill(must(child.pid, 'the process'), 'SIGKILL');
    return { body: {} };
  });
  const child = spawn(process.execPath, ['test/sync/renewing-process.ts'], {
    env: { ...process.env, DATABASE_URL: database.url, KEY: must(KEYS.keys.get(1), 'the key').toString('base64'), ID: id, AT: stub.origin },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(child.stderr);
  const [code, killedBy] = await once(child, 'exit');
  expect([code, killedBy, await said]).toEqual([null, 'SIGKILL', '']);
  await stub.close();
  // The token lives on, so nobody has to wait for the dead one's claim to end; then the next one asks.
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 0');
  await wind(hub, id, 100);
  expect(await tokenFrom(hub, id, vendor.ask)).toBe('access 2');
});

test('when what the killed process was given is lost with it, that is what is told, and not that somebody withdrew the access', async ({
  hub,
}) => {
  const id = await signedIn(hub);
  await wind(hub, id, 1800);
  await renewing(hub).grants.claim(id, 90_000);
  await wind(hub, id, 91);
  const vendor = tokenVendor();
  vendor.live = 'refresh of the dead';
  for (let time = 0; time < 3; time += 1) {
    await expect(tokenFrom(hub, id, vendor.ask)).rejects.toMatchObject({ kind: 'signed_out', code: 'RENEWAL_INTERRUPTED' });
    await wind(hub, id, 61);
  }
});
