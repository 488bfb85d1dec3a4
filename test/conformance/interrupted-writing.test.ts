import { describe, expect, test } from 'vitest';
import { HubError } from '../../src/contract/errors.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { EVERY_CONNECTOR, type Tried, writtenOf } from './every.ts';
import { befall, FAULTS, PASSING, settled } from './faults.ts';
import { done, openWriting, updateOf, type Writing } from './writers.ts';

/** Makes three records more with this fault on the way, and looks at what became of them; null where nothing met the fault. */
async function tryCreates(
  writing: Writing,
  { object, at, fault, recallMs }: { object: string; at: number; fault: Fault; recallMs: number },
) {
  const { hands, open, newWriter, ask, now, wind } = writing;
  const [before, since] = [new Set(hands.all(object, 'all')), now().toISOString()];
  wind(1_000);
  const creates = [1, 2, 3].map((n) => writing.create(3 * at + n));
  const hasMet = befall(open, fault);
  const said = await settled(newWriter().apply(creates, ask));
  if (!hasMet()) return null;
  wind(recallMs);
  const made = hands.all(object, 'all').filter((id) => !before.has(id));
  return { creates, said, made, recalled: await newWriter().recall(creates, since, ask) };
}

function writablesOf({ connector }: Tried): readonly { readonly object: string; readonly recallMs: number }[] {
  return writtenOf(connector).flatMap(({ object, traits: { write } }) =>
    write === undefined ? [] : [{ object, recallMs: write.recallMs }],
  );
}

// What is read-only has no such cases.
describe.each(EVERY_CONNECTOR.filter((tried) => writablesOf(tried).length > 0))('$label', (tried) => {
  describe.each(writablesOf(tried))('$object', ({ object, recallMs }) => {
    test.each(FAULTS)('when a request of some creates %s, whichever, what is said of each is true', async (_name, fault) => {
      const writing = await openWriting(tried, object);
      for (let at = 0; ; at += 1) {
        const tries = await tryCreates(writing, { object, at, fault: fault(at), recallMs });
        if (tries === null) return expect(at).toBeGreaterThan(0);
        const { creates, said, made, recalled } = tries;
        expect(recalled.flatMap((one) => one?.id ?? []).sort()).toEqual([...made].sort());
        if (said instanceof HubError) {
          expect(PASSING).toContain(said.recovery);
          if (said.isRefusal) expect(made).toEqual([]);
          continue;
        }
        for (const [n, outcome] of said.entries()) {
          if (outcome.done) {
            expect(recalled[n]?.id).toBe(outcome.id);
            expect((await writing.read(outcome.id)).fields).toEqual(creates[n]?.fields);
          } else {
            expect(PASSING).toContain(outcome.error.recovery);
            // Made, and not known: only a look may follow.
            if (recalled[n] !== null) expect(outcome.error.kind).toBe('stale_write');
          }
        }
      }
    });

    test.each(FAULTS)(
      'when a request of some updates %s, whichever, what is said of each is true, and a repeat brings it about',
      async (_name, fault) => {
        const { write, newWriter, ask, open, create, readEach } = await openWriting(tried, object);
        const made = await write.apply(
          [2, 4, 6].map((n) => create(n)),
          ask,
        );
        const ids = made.map((outcome) => done(outcome).id);
        for (let at = 0; ; at += 1) {
          const seen = await readEach(ids);
          // To and fro: some go backwards each time, and all get another reference.
          const wanted = (at % 2 === 0 ? [3, 1, 7] : [2, 4, 6]).map((n) => create(n).fields);
          const updates = seen.map((one, n) => updateOf(one, wanted[n] ?? {}));
          const hasMet = befall(open, fault(at));
          const said = await settled(newWriter().apply(updates, ask));
          if (!hasMet()) return expect(at).toBeGreaterThan(0);
          const after = (await readEach(ids)).map(({ fields }) => fields);
          if (said instanceof HubError) {
            expect(PASSING).toContain(said.recovery);
            if (said.isRefusal) expect(after).toEqual(seen.map(({ fields }) => fields));
          } else {
            for (const [n, outcome] of said.entries()) {
              if (outcome.done) expect(after[n]).toEqual(wanted[n]);
              else expect(PASSING).toContain(outcome.error.recovery);
            }
          }
          expect((await newWriter().apply(updates, ask)).map((outcome) => outcome.done)).toEqual([true, true, true]);
          expect((await readEach(ids)).map(({ fields }) => fields)).toEqual(wanted);
        }
      },
    );
  });
});
