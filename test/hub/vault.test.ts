import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { newId } from '../../src/hub/ids.ts';
import { seal, unseal, type VaultKeys } from '../../src/hub/sealing/seal.ts';
import { openVault } from '../../src/hub/sealing/vault.ts';
import { test } from '../support/database.ts';
import { addConnection } from './rows.ts';

const keys: VaultKeys = { current: 1, keys: new Map([[1, randomBytes(32)]]) };

test('a sealed credential opens only in its own row', () => {
  const row = { connectionId: newId(), purpose: 'credential' as const };
  const stored = seal(keys, row, 'secret');
  expect(unseal(keys, row, stored)).toBe('secret');
  expect(() => unseal(keys, { ...row, connectionId: newId() }, stored)).toThrow();
  expect(() => unseal(keys, { ...row, purpose: 'grant' }, stored)).toThrow();
});

test('credentials are kept sealed, and say when they have changed', async ({ hub }) => {
  const connectionId = await addConnection(hub);
  const vault = openVault(hub, keys);
  await vault.store(hub, connectionId, { kind: 'token', values: { token: 'first' } });
  const before = await vault.version(connectionId);
  await vault.store(hub, connectionId, { kind: 'token', values: { token: 'second' } });
  expect((await vault.open(connectionId)).values.token?.reveal()).toBe('second');
  expect(await vault.version(connectionId)).not.toBe(before);
});
