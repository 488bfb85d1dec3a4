import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { newId } from '../../src/hub/ids.ts';
import { openVault, seal, unseal, type VaultKeys } from '../../src/hub/vault.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { test } from '../support/database.ts';

const keys: VaultKeys = { current: 1, keys: new Map([[1, randomBytes(32)]]) };

test('a sealed credential opens only in its own row', () => {
  const row = { connectionId: newId(), purpose: 'credential' as const };
  const stored = seal(keys, row, 'secret');
  expect(unseal(keys, row, stored)).toBe('secret');
  expect(() => unseal(keys, { ...row, connectionId: newId() }, stored)).toThrow();
  expect(() => unseal(keys, { ...row, purpose: 'grant' }, stored)).toThrow();
});

test('a grant is obtained once, however many ask for it at the same time', async ({ hub }) => {
  const connectionId = newId();
  await hub
    .insertInto('connection')
    .values({
      id: connectionId,
      connector: 'x',
      name: 'x',
      origin: 'http://x',
      settings: '{}',
      account: null,
      reason: null,
      resume_at: null,
    })
    .execute();
  const vault = openVault(hub, keys);
  await vault.store(hub, connectionId, { kind: 'token', values: { token: 't' } });
  let asked = 0;
  const obtain = async () => {
    asked += 1;
    return { accessToken: new Secret(`grant ${asked}`), instanceUrl: null, expiresAt: null };
  };
  const grants = await Promise.all([1, 2, 3, 4].map(() => vault.grant(connectionId, obtain)));
  expect(asked).toBe(1);
  expect(new Set(grants.map((grant) => grant.accessToken.reveal()))).toEqual(new Set(['grant 1']));
  await vault.refuse(connectionId, grants[0] ?? expect.fail());
  await vault.grant(connectionId, obtain);
  expect(asked).toBe(2);
  expect((await vault.open(connectionId)).values.token?.reveal()).toBe('t');
});
