import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disagreements, forgotten, live, steps, towns } from './people.ts';
import { openTown, settleDown } from './town.ts';

const RUNS = 10_000;

test('when the edits stop, all agree or an open hold names the field, and then all is quiet', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(towns, steps, (spec, story) => {
      const town = openTown(spec);
      live(town, spec, story);
      expect(settleDown(town, spec, 3)).toBeLessThanOrEqual(3);
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
