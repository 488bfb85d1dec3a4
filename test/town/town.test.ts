import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disagreements, forgotten, live, steps, towns } from './people.ts';
import { openTown, settleDown, type TownSpec } from './town.ts';

const RUNS = 10_000;

/**
 * Three rounds settle everything that the mappings know about. A remote that changes a field in a way of its own, which no mapping knows, and
 * tells so only when it is looked at, is one more system that edits it: each beyond the second may take one more round.
 */
function roundsFor(spec: TownSpec): number {
  const names = Object.keys(spec.rules);
  const surprises = names.map(
    (name) =>
      spec.remotes.filter(({ answers, fields }) => {
        const field = fields[name];
        return answers === 'id' && field !== undefined && field.loss !== 'none' && !field.known;
      }).length,
  );
  return Math.max(3, 1 + Math.max(0, ...surprises));
}

test('when the edits stop, all agree or an open hold names the field, and then all is quiet', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(towns, steps, (spec, story) => {
      const town = openTown(spec);
      live(town, spec, story);
      const most = roundsFor(spec);
      expect(settleDown(town, spec, most)).toBeLessThanOrEqual(most);
      expect(disagreements(town, spec)).toEqual([]);
      const changes = town.changes.length;
      expect(settleDown(town, spec, 1)).toBe(0);
      expect(town.changes.length).toBe(changes);
    }),
    { numRuns: RUNS },
  );
});

test('no edit is forgotten: it is final, was replaced by somebody who saw it, or is named', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(towns, steps, (spec, story) => {
      const town = openTown(spec);
      live(town, spec, story);
      settleDown(town, spec, 5);
      expect(forgotten(town)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
