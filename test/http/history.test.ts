import { describe, expect } from 'vitest';
import { Difference } from '../../src/http/shapes/explanations.ts';
import { RecordDetail } from '../../src/http/shapes/records.ts';
import { Run } from '../../src/http/shapes/runs.ts';
import { UndoPreview } from '../../src/http/shapes/undo.ts';
import { nothingUndone, type UndoTarget } from '../../src/hub/runs/undoing.ts';
import { test } from '../support/database.ts';
import { seed } from './seed.ts';
import { openStage, quietActions } from './stage.ts';

const RUN = '0197f0a0-0000-7000-8000-000000000001';

describe('undo', () => {
  const counts = { ...nothingUndone(), records: 1, field: 1 };
  const ask = (json: unknown) => ({ method: 'POST', json });

  test('is previewed without being done, and done in the name of who asked', async ({ hub }) => {
    const done: unknown[] = [];
    const actions = quietActions({
      previewUndo: async () => ({ counts, lines: [], next: null }),
      beginUndo: async (...asked) => {
        done.push(asked);
        const run = { id: RUN, stream_id: null, kind: 'undo' as const, counts: JSON.stringify(counts), error: null, ended_at: null };
        await hub.insertInto('run').values(run).execute();
        return { run: RUN };
      },
    });
    const stage = openStage(hub, { actions });
    const target = { run: RUN };
    const previewed = await stage.ask('admin', '/api/v1/undo', ask({ target, preview: true }));
    expect([previewed.status, UndoPreview.parse(await previewed.json()).counts, done]).toEqual([200, counts, []]);
    const undone = await stage.ask('admin', '/api/v1/undo', ask({ target, preview: false }));
    const address = `/api/v1/runs/${RUN}`;
    expect([undone.status, undone.headers.get('location')]).toEqual([202, address]);
    expect(Run.parse(await undone.json())).toMatchObject({ id: RUN, endedAt: null, counts: { field: 1 } });
    expect(Run.parse(await (await stage.ask('viewer', address)).json())).toMatchObject({ id: RUN, kind: 'undo' });
    expect(done).toEqual([[target, expect.stringMatching(/^key:/)]]);
  });

  test('is refused with a sentence, and not found where there is nothing', async ({ hub }) => {
    const beginUndo = async (target: UndoTarget) =>
      'run' in target ? ('not_found' as const) : { refused: 'The time range ends before it begins.' };
    const stage = openStage(hub, { actions: quietActions({ beginUndo }) });
    expect((await stage.ask('admin', '/api/v1/undo', ask({ target: { run: RUN }, preview: false }))).status).toBe(404);
    const refused = await stage.ask('admin', '/api/v1/undo', ask({ target: { record: RUN, to: '2026-11-22T08:00:00Z' }, preview: false }));
    expect(await refused.json()).toMatchObject({ status: 422, detail: 'The time range ends before it begins.' });
    for (const target of [{}, { run: 'x' }, { run: RUN, record: RUN }, { record: RUN, to: 'yesterday' }])
      expect([target, (await stage.ask('admin', '/api/v1/undo', ask({ target, preview: true }))).status]).toEqual([target, 422]);
  });
});

describe('an earlier time of a record', () => {
  const at = '2026-11-22T08:00:00Z';
  const value = { category: 'basic' as const, from: null, lost: [], origin: null, steps: [], sides: [], sentence: '' };

  test('shows the values of that time, without what a viewer may not see', async ({ hub }) => {
    const explain = async (recordId: string, then?: string) =>
      then === undefined
        ? null
        : {
            recordId,
            object: 'contact',
            at: then,
            archived: null,
            mergedInto: null,
            links: [],
            fields: [
              { ...value, field: 'first_name', label: 'First name', value: 'Augusta' },
              { ...value, field: 'salary', label: 'Salary', value: '90' },
            ],
          };
    const stage = openStage(hub, { actions: quietActions({ explain }) });
    const ids = await seed(hub);
    const answer = await stage.ask('viewer', `/api/v1/records/${ids.ada}?at=${at}`);
    const record = RecordDetail.parse(await answer.json());
    expect([record.at, record.fields]).toEqual([at, { first_name: 'Augusta' }]);
    expect((await stage.ask('viewer', `/api/v1/records/${ids.ada}?at=yesterday`)).status).toBe(400);
  });

  test('differs from another one in what is said, veiled alike', async ({ hub }) => {
    const then = { fields: {}, archived: null, mergedInto: null };
    const difference = async () => ({
      from: then,
      to: { ...then, object: 'contact' },
      fields: ['first_name', 'salary'].map((field) => ({ field, from: null, to: 'x', changes: [] })),
    });
    const stage = openStage(hub, { actions: quietActions({ difference }) });
    const path = `/api/v1/records/${RUN}/difference`;
    const shown = Difference.parse(await (await stage.ask('viewer', `${path}?from=${at}&to=${at}`)).json());
    expect(shown.fields.map(({ field }) => field)).toEqual(['first_name']);
    expect((await stage.ask('viewer', `${path}?from=2026-11-22T09:00:00Z&to=${at}`)).status).toBe(422);
  });
});
