import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { expect, onTestFinished } from 'vitest';
import { hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { openVault } from '../../src/hub/sealing/vault.ts';
import { connect } from '../../src/sync/connecting/connect.ts';
import { test } from '../support/database.ts';
import { openWorld } from '../sync/world.ts';

const KEY = Buffer.alloc(32, 7);

test('what a list lacks is told, shown as it is over there, and added, and the act is written down', { timeout: 120_000 }, async ({
  database,
  hub,
}) => {
  const world = await openWorld(hub);
  onTestFinished(() => world[Symbol.asyncDispose]());
  for (const name of ['orbit', 'moon']) world.sf.create('Account', { Name: name, Website: `${name}.example`, Industry: 'Space' });
  await world.settle();
  // Under the key that the commands have.
  const vault = openVault(hub, { current: 1, keys: new Map([[1, KEY]]) });
  const { origin } = world.sandbox('hubspot');
  const auth = { kind: 'token', values: { token: hubspotSandbox.credentials.token ?? '' } };
  expect(
    await connect({ ...world.engine, vault, opened: new Map() }, { connector: 'hubspot', name: 'hubspot', origin, auth, settings: {} }),
  ).toMatchObject({ ok: true });
  const env = { ...process.env, DATABASE_URL: database.url, SYNCLINE_KEY: KEY.toString('base64'), SYNCLINE_ALLOW_PRIVATE: '127.0.0.0/8' };
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, ['src/syncline.js', 'choices', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { out, err, code: code as unknown };
  };
  const options = async () => JSON.parse((await run('show', 'hubspot', 'company', 'industry', '--json')).out).choices;

  const listed = await run();
  expect([listed.code, listed.out]).toEqual([
    0,
    `hubspot company industry (Industry): 2 wait\n  Space: 2\n  add them: syncline choices add hubspot company industry --missing\n`,
  ]);
  const shown = await run('show', 'hubspot', 'company', 'industry');
  expect([shown.code, shown.out]).toEqual([0, expect.stringMatching(/^2 wait for Space\nMore can be added\.\n$/m)]);
  expect(await run('add', 'hubspot', 'company', 'industry')).toMatchObject({ code: 1, err: expect.stringContaining('Name the choices') });
  const added = await run('add', 'hubspot', 'company', 'industry', 'RAIL=Railways', '--missing');
  expect([added.code, added.out]).toEqual([0, '2 added to Industry in hubspot; 2 records are tried again\n']);
  expect(await options()).toEqual(
    expect.arrayContaining([
      { value: 'RAIL', label: 'Railways' },
      { value: 'Space', label: 'Space' },
    ]),
  );
  const { rows } = await sql<object>`select actor, action, detail, status from audit`.execute(hub);
  expect(rows).toEqual([
    { actor: 'command line', action: 'post /connections/{id}/choices', detail: { object: 'company', field: 'industry' }, status: 200 },
  ]);
  expect(await run('add', 'hubspot', 'contact', 'lifecyclestage', 'x')).toMatchObject({
    code: 1,
    err: expect.stringContaining('lets nobody change'),
  });
  expect(await run('show', 'nobody', 'contact', 'lifecyclestage')).toMatchObject({ code: 1, err: 'There is no connection "nobody".\n' });
});
