import { expect } from 'vitest';
import { newId } from '../../src/hub/ids.ts';
import { test } from '../support/database.ts';
import { seed } from './seed.ts';
import { openStage, quietActions } from './stage.ts';

const EMPTY = { fields: {}, stamps: {}, digests: [], responses: [] };

test('a merge is asked for, shown with both names, and taken back by its id', async ({ hub }) => {
  const { ada, bob, ama } = await seed(hub);
  const mergingId = newId();
  const asked: unknown[] = [];
  const actions = quietActions({
    merge: async (winnerId, loserId) => {
      asked.push([winnerId, loserId]);
      await hub
        .insertInto('merging')
        .values({
          id: mergingId,
          winner_id: winnerId,
          loser_id: loserId,
          cause: 'steward',
          actor: 'kim',
          before: JSON.stringify({ winner: EMPTY, loser: EMPTY, links: [], references: [], recent: [] }),
          undone_at: null,
          undone_by: null,
        })
        .execute();
      return { mergingId };
    },
    unmerge: async (id) => {
      asked.push(id);
      return id === mergingId ? { refused: 'Take back the later one first.' } : 'not_found';
    },
  });
  const stage = openStage(hub, { actions });
  const done = await stage.ask('steward', `/api/v1/records/${ada}/merge`, { method: 'POST', json: { with: bob } });
  expect([done.status, await done.json()]).toEqual([
    200,
    expect.objectContaining({
      id: mergingId,
      winner: { id: ada, title: 'Ada Lovelace' },
      loser: { id: bob, title: 'Bob 100%_sure' },
      undoneAt: null,
    }),
  ]);
  for (const [id, count] of [
    [ada, 1],
    [bob, 1],
    [ama, 0],
  ] as const) {
    const listed = (await (await stage.ask('viewer', `/api/v1/records/${id}/mergings`)).json()) as { items: unknown[] };
    expect(listed.items).toHaveLength(count);
  }
  const refused = await stage.ask('steward', `/api/v1/mergings/${mergingId}/undo`, { method: 'POST', json: {} });
  expect([refused.status, await refused.json()]).toEqual([422, expect.objectContaining({ detail: 'Take back the later one first.' })]);
  expect((await stage.ask('steward', `/api/v1/mergings/${newId()}/undo`, { method: 'POST', json: {} })).status).toBe(404);
  expect(asked).toHaveLength(3);
});

test('what cannot be merged is said in a sentence, and a record that nobody has is not found', async ({ hub }) => {
  const { ada, bob } = await seed(hub);
  const stage = openStage(hub, { actions: quietActions({ previewMerge: async () => ({ refused: 'Both are one record already.' }) }) });
  const preview = await stage.ask('steward', `/api/v1/records/${ada}/merge?with=${bob}`);
  expect([preview.status, await preview.json()]).toEqual([422, expect.objectContaining({ detail: 'Both are one record already.' })]);
  expect((await stage.ask('steward', `/api/v1/records/${newId()}/merge?with=${bob}`)).status).toBe(404);
  expect((await stage.ask('steward', `/api/v1/records/${ada}/merge?with=nonsense`)).status).toBe(400);
  expect((await stage.ask('steward', `/api/v1/records/${ada}/merge`, { method: 'POST', json: { with: 7 } })).status).toBe(422);
});
