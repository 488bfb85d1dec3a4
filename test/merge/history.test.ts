import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fields } from '../../src/contract/records.ts';
import type { Witness } from '../../src/hub/records/explanation.ts';
import type { JournalLine } from '../../src/hub/records/journal.ts';
import { DIRECTIONS } from '../../src/mapping/mapping.ts';
import { foldBack, foldForward } from '../../src/merge/history.ts';
import type { PlannedChange } from '../../src/merge/record-plan.ts';
import { reevaluateField } from '../../src/merge/reevaluate.ts';
import { stepsOf, type Telling } from '../../src/merge/steps.ts';
import { openTown, settleDown, type TownSpec } from '../support/town.ts';
import { FIELDS, live, steps, towns, typed } from '../support/town-lives.ts';

const START_MS = Date.parse('2026-11-22T08:00:00.000Z');
const timeOf = (n: number): string => new Date(START_MS + n * 1000).toISOString();

/** The journal that a town's hub would have written. */
const journalOf = (changes: readonly PlannedChange[]): readonly JournalLine[] =>
  changes.map(({ linkId, fields }, i) => ({
    seq: i + 1,
    id: `c${i}`,
    recordId: 'record',
    at: timeOf(i + 1),
    cause: 'observed',
    connectionId: `k${linkId.slice(1)}`,
    remoteId: `r${linkId.slice(1)}`,
    changedAt: null,
    changedBy: null,
    actor: null,
    runId: null,
    mapping: null,
    fields,
    detail: {},
  }));

const tellingOf = (spec: TownSpec): Telling => ({
  systemOf: (by) => ({
    by: by === 'hub' ? by : (spec.remotes[Number(by.slice(1))]?.connector ?? by),
    connection: by === 'hub' ? null : by,
  }),
  witness: ({ id, at, cause }): Witness => ({
    changeId: id,
    cause,
    at,
    connection: null,
    connector: null,
    remoteId: null,
    remoteField: null,
    changedAt: null,
    actor: null,
    runId: null,
    mapping: null,
    rule: '',
    ruled: null,
  }),
});

/** Towns whose fields flow in all kinds of directions. */
const wayward = fc
  .tuple(towns, fc.infiniteStream(fc.constantFrom(...DIRECTIONS, 'both' as const, 'both' as const)))
  .map(([spec, ways]) => ({
    ...spec,
    remotes: spec.remotes.map((remote) => ({
      ...remote,
      fields: Object.fromEntries(
        Object.entries(remote.fields).map(([name, field]) => [name, { ...field, direction: ways.next().value ?? field.direction }]),
      ),
    })),
  }));

/** A town that lives its story, and what its hub held after each step, with how many lines had been written by then. */
function liveAndWatch(spec: TownSpec, story: Parameters<typeof live>[2]) {
  const town = openTown(spec);
  const snapshots: { lines: number; fields: Fields }[] = [];
  let edited = 0;
  for (const [i, step] of story.entries()) {
    // Now and then all come to rest, so that later edits meet values on which everybody had agreed.
    if (i % 5 === 4) settleDown(town, spec, 3);
    if (step.act === 'edit') {
      edited += 1;
      town.edit(step.remote % spec.remotes.length, step.field, step.clear ? null : typed(edited, step.field, step.style));
    } else live(town, spec, [step]);
    snapshots.push({ lines: town.changes.length, fields: town.fields() });
  }
  settleDown(town, spec, 3);
  snapshots.push({ lines: town.changes.length, fields: town.fields() });
  return { town, snapshots, journal: journalOf(town.changes) };
}

describe('out of the journal of any history', () => {
  test('every value is decided once more, from its steps alone, and comes out the same', { timeout: 60_000 }, () => {
    let contests = 0;
    fc.assert(
      fc.property(fc.oneof(towns, wayward), steps, (spec, story) => {
        const { snapshots, journal } = liveAndWatch(spec, story);
        for (const { lines, fields } of snapshots) {
          const told = FIELDS.map((field) => JSON.parse(JSON.stringify(stepsOf(field, journal.slice(0, lines), tellingOf(spec)))));
          contests += told.filter((own) => own.some(({ kind }: { kind: string }) => kind === 'contest')).length;
          expect(told.map((own) => reevaluateField({ steps: own }))).toEqual(FIELDS.map((field) => fields[field] ?? null));
        }
      }),
      { numRuns: 3_000 },
    );
    expect(contests).toBeGreaterThan(1_000);
  });

  test('folding back and folding forward give what the hub held at every step', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(towns, wayward), steps, (spec, story) => {
        const { town, snapshots, journal } = liveAndWatch(spec, story);
        for (const { lines, fields } of snapshots) {
          expect(foldBack({ fields: town.fields(), archived: null }, journal, timeOf(lines)).fields).toEqual(fields);
          expect(foldForward(journal, timeOf(lines)).fields).toEqual(fields);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

test('the winner of a contest is not taken on trust: another rule in the explanation gives another value', () => {
  const line: JournalLine = {
    ...journalOf([{ linkId: 'l0', fields: {}, conflict: true }])[0],
  } as JournalLine;
  const change = {
    old: 'Two',
    new: 'One',
    rule: 'both sides changed it; the newest edit wins',
    lost: { value: 'Two', by: 'k1', at: timeOf(1) },
    settled: { by: 'k0', at: timeOf(2), direction: 'both' as const, rule: { kind: 'newest' as const }, nulls: 'clear' as const },
  };
  const telling: Telling = {
    ...tellingOf({ remotes: [], rules: {}, nulls: 'clear' }),
    systemOf: (by) => ({ by: by === 'k0' ? 'crm' : 'shop', connection: by === 'k0' ? 'crm of sales' : 'shop' }),
  };
  const under = (rule: object) =>
    reevaluateField({
      steps: stepsOf('name', [{ ...line, fields: { name: { ...change, settled: { ...change.settled, ...rule } } } }], telling),
    });
  expect(under({})).toBe('One');
  expect(under({ rule: { kind: 'prefer', system: 'shop' } })).toBe('Two');
  expect(under({ rule: { kind: 'order', systems: ['shop', 'crm'] } })).toBe('Two');
  expect(under({ rule: { kind: 'prefer', system: 'crm of sales' } })).toBe('One');
  expect(under({ direction: 'out' })).toBe('Two');
  expect(under({ at: timeOf(0), moved: 'remote' })).toBe('One');
  expect(under({ took: 'hub' })).toBe('Two');
  expect(under({ at: timeOf(0) })).toBe('Two');
});

describe('when a record was in use', () => {
  const journal = journalOf([0, 1, 2].map(() => ({ linkId: 'l0', fields: {}, conflict: false }))).map((line, i) => ({
    ...line,
    cause: (['observed', 'removed', 'restored'] as const)[i] ?? 'observed',
    detail: i === 1 ? { by: 'k0', removes: false, reason: 'it was deleted in crm' } : {},
  }));
  test.for([
    [0, null],
    [1, null],
    [2, 'it was deleted in crm'],
    [3, null],
  ] as const)('after line %i it was out of use because: %s', ([n, reason]) => {
    expect(foldBack({ fields: {}, archived: null }, journal, timeOf(n)).archived?.reason ?? null).toBe(reason);
    expect(foldForward(journal, timeOf(n)).archived?.reason ?? null).toBe(reason);
  });
});
