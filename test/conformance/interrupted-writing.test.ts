import { describe, expect, test } from 'vitest';
import { HubError } from '../../src/contract/errors.ts';
import type { Fields, WriteOutcome } from '../../src/contract/records.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { EVERY_CONNECTOR, objectsOf, type Tried } from './every.ts';
import { FAULTS, PASSING } from './faults.ts';
import { openWriting, updateOf, type Writing } from './writers.ts';

type Said = readonly WriteOutcome[] | HubError;

async function settled(work: Promise<readonly WriteOutcome[]>): Promise<Said> {
  return work.catch((error: unknown) => {
    if (error instanceof HubError) return error;
    throw error;
  });
}

/** Makes three records with this fault on the way, and looks at what became of them. */
async function tryCreates(writing: Writing, { object, fault, recallMs }: { object: string; fault: Fault | null; recallMs: number }) {
  const { hands, open, newWriter, ask, now, wind } = writing;
  const [before, since, calls] = [new Set(hands.all(object, 'all')), now().toISOString(), open.calls()];
  wind(1_000);
  const creates = [1, 2, 3].map((n) => writing.create(n));
  if (fault !== null) open.fail(fault);
  const said = await settled(newWriter().apply(creates, ask));
  const requests = open.calls() - calls;
  wind(recallMs);
  const made = hands.all(object, 'all').filter((id) => !before.has(id));
  return { creates, said, made, requests, recalled: await newWriter().recall(creates, since, ask) };
}

/** Three records, with an update of each: the second goes backwards, and all get another reference. */
async function openUpdates(tried: Tried, object: string) {
  const writing = await openWriting(tried, object);
  const { write, ask, read, create } = writing;
  const made = await write.apply(
    [2, 4, 6].map((n) => create(n)),
    ask,
  );
  const values = () => Promise.all(made.map(async (outcome): Promise<Fields> => (outcome.done ? (await read(outcome.id)).fields : {})));
  const seen = await Promise.all(made.flatMap((outcome) => (outcome.done ? [read(outcome.id)] : [])));
  const wanted = [3, 1, 7].map((n) => create(n).fields);
  return { ...writing, values, seen, wanted, updates: seen.map((one, at) => updateOf(one, wanted[at] ?? {})) };
}

function writablesOf({ connector }: Tried): readonly { readonly object: string; readonly recallMs: number }[] {
  return objectsOf(connector).flatMap(({ object, traits: { write } }) =>
    write === undefined ? [] : [{ object, recallMs: write.recallMs }],
  );
}

// What is read-only has no such cases.
describe.each(EVERY_CONNECTOR.filter((tried) => writablesOf(tried).length > 0))('$label', (tried) => {
  describe.each(writablesOf(tried))('$object', ({ object, recallMs }) => {
    test.each(FAULTS)('when a request of some creates %s, whichever, what is said of each is true', async (_name, fault) => {
      const { requests } = await tryCreates(await openWriting(tried, object), { object, fault: null, recallMs });
      for (let at = 0; at < requests; at += 1) {
        const writing = await openWriting(tried, object);
        const { creates, said, made, recalled } = await tryCreates(writing, { object, fault: fault(at), recallMs });
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
        const clean = await openUpdates(tried, object);
        const before = clean.open.calls();
        await clean.newWriter().apply(clean.updates, clean.ask);
        const requests = clean.open.calls() - before;
        for (let at = 0; at < requests; at += 1) {
          const { newWriter, ask, open, values, seen, wanted, updates } = await openUpdates(tried, object);
          open.fail(fault(at));
          const said = await settled(newWriter().apply(updates, ask));
          const after = await values();
          if (said instanceof HubError) {
            expect(PASSING).toContain(said.recovery);
            if (said.isRefusal) expect(after).toEqual(seen.map(({ fields }) => fields));
          } else {
            for (const [n, outcome] of said.entries()) {
              if (outcome.done) expect(after[n]).toEqual(wanted[n]);
              else expect(PASSING).toContain(outcome.error.recovery);
            }
          }
          expect((await newWriter().apply(updates, ask)).map(({ done }) => done)).toEqual([true, true, true]);
          expect(await values()).toEqual(wanted);
        }
      },
    );
  });
});
