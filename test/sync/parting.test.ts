import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { mergeRecords } from '../../src/sync/merging/merge-records.ts';
import { unmerge } from '../../src/sync/merging/unmerge.ts';
import { inTransaction } from '../../src/sync/transaction.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const linksOnly = (mappings: Mappings): Mappings => ({
  ...mappings,
  byStream: new Map(
    [...mappings.byStream].map(([key, mapping]) => [
      key,
      mapping.kind === 'entity' ? { ...mapping, gates: { ...mapping.gates, out: { ...mapping.gates.out, creates: false } } } : mapping,
    ]),
  ),
});

const FIELDS = [
  { hubspot: 'jobtitle', salesforce: 'Title' },
  { hubspot: 'city', salesforce: 'MailingCity' },
  { hubspot: 'zip', salesforce: 'MailingPostalCode' },
  { hubspot: 'address', salesforce: 'MailingStreet' },
] as const;
type Edit = { readonly side: 'hubspot' | 'salesforce'; readonly field: number; readonly clears: boolean };
type Script = {
  readonly before: readonly Edit[];
  readonly between: readonly Edit[];
  readonly after: readonly Edit[];
  readonly hsWins: boolean;
};

const edits = fc.array(
  fc.record({ side: fc.constantFrom('hubspot' as const, 'salesforce' as const), field: fc.nat(FIELDS.length - 1), clears: fc.boolean() }),
  { maxLength: 5 },
);
const scripts: fc.Arbitrary<Script> = fc.record({ before: edits, between: edits, after: edits, hsWins: fc.boolean() });

/** Two people, one in each system; what each system would show had the two never met. */
type Two = {
  readonly script: Script;
  readonly hsId: string;
  readonly sfId: string;
  readonly hs: Record<string, string | null>;
  readonly sf: Record<string, string | null>;
};

function open(world: World, script: Script, nth: number): Two {
  const hsId = world.hs.contacts.add({ email: `h${nth}@example.com`, firstname: 'Hana', lastname: `Here ${nth}` });
  const sfId = world.sf.create('Contact', { FirstName: 'Somchai', LastName: `There ${nth}`, Email: `s${nth}@example.com` });
  return { script, hsId, sfId, hs: {}, sf: {} };
}

let counter = 0;
function carryOut(world: World, two: Two, { side, field, clears }: Edit): void {
  const names = must(FIELDS[field], 'a field');
  counter += 1;
  const value = clears ? '' : `value ${counter}`;
  if (side === 'hubspot') {
    // What shows nothing already cannot be cleared: nobody does that, and nobody would see it.
    if (clears && (world.hs.contacts.get(two.hsId)?.properties[names.hubspot] ?? '') === '') return;
    world.hs.contacts.edit(two.hsId, { [names.hubspot]: value });
    two.hs[names.hubspot] = clears ? null : value;
  } else {
    if (clears && (world.sf.get(two.sfId)[names.salesforce] ?? null) === null) return;
    world.sf.edit(two.sfId, { [names.salesforce]: clears ? null : value });
    two.sf[names.salesforce] = clears ? null : value;
  }
}

/** The edits of all scripts, the first ones first, each a second after the one before it. */
function editAll(world: World, all: readonly Two[], phase: 'before' | 'between' | 'after'): void {
  const forgetWhatNobodySaw = all.map((two) => lookAt(world, two));
  for (let step = 0; step < 5; step += 1) {
    for (const two of all) {
      const edit = two.script[phase][step];
      if (edit !== undefined) carryOut(world, two, edit);
    }
    world.later(1);
  }
  for (const forget of forgetWhatNobodySaw) forget();
}

/** Between two looks of the hub, a value that was changed and changed back was never edited. */
function lookAt(world: World, { hsId, sfId, hs, sf }: Two): () => void {
  const shown = (): readonly string[] =>
    FIELDS.flatMap(({ hubspot, salesforce }) => [
      world.hs.contacts.get(hsId)?.properties[hubspot] ?? '',
      String(world.sf.get(sfId)[salesforce] ?? ''),
    ]);
  const [before, expected] = [shown(), [{ ...hs }, { ...sf }] as const];
  return () => {
    const after = shown();
    FIELDS.forEach(({ hubspot, salesforce }, i) => {
      if (after[2 * i] === before[2 * i]) hs[hubspot] = expected[0][hubspot] ?? null;
      if (after[2 * i + 1] === before[2 * i + 1]) sf[salesforce] = expected[1][salesforce] ?? null;
    });
  };
}

test('edits, a merge, edits, and parting leave both people as if they had never met', { timeout: 240_000 }, async ({ hub }) => {
  await using world = await openWorld(hub, { remap: linksOnly });
  let nth = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(scripts, { minLength: 8, maxLength: 8 }),
      fc.boolean(),
      fc.boolean(),
      async (all, settlesFirst, settlesLast) => {
        // Brakes count what an hour blanks: each history has an hour of its own.
        await sql`delete from tally`.execute(hub);
        const first = nth + 1;
        nth += all.length;
        const people = all.map((script, i) => open(world, script, first + i));
        editAll(world, people, 'before');
        await world.settle();
        const ids = await Promise.all(
          people.map(async (_, i) => {
            const n = first + i;
            return [
              must(await world.record(`h${n}@example.com`), 'here').id,
              must(await world.record(`s${n}@example.com`), 'there').id,
            ] as const;
          }),
        );
        const mergings: string[] = [];
        for (const [i, [here, there]] of ids.entries()) {
          const [winnerId, loserId] = people[i]?.script.hsWins === true ? [here, there] : [there, here];
          const done = await inTransaction(hub, (tx) =>
            mergeRecords(world.engine, tx, { winnerId, loserId, cause: 'steward', actor: 'kim' }),
          );
          mergings.push('refused' in done ? expect.fail(done.refused) : done.mergingId);
        }
        if (settlesFirst) await world.settle();
        editAll(world, people, 'between');
        await world.settle();
        editAll(world, people, 'after');
        if (settlesLast) await world.settle();
        for (const id of mergings) expect(await unmerge(world.engine, id, 'kim')).toBe('unmerged');
        await world.settle();
        for (const [i, two] of people.entries()) {
          const [hs, sf] = [must(world.hs.contacts.get(two.hsId), 'the contact').properties, world.sf.get(two.sfId)];
          for (const names of FIELDS) {
            expect([i, names.hubspot, hs[names.hubspot] ?? null]).toEqual([i, names.hubspot, two.hs[names.hubspot] ?? null]);
            expect([i, names.salesforce, sf[names.salesforce] ?? null]).toEqual([i, names.salesforce, two.sf[names.salesforce] ?? null]);
          }
          expect([hs.lastname, sf.LastName].map((name) => String(name).split(' ')[0])).toEqual(['Here', 'There']);
          expect([hs.firstname, sf.FirstName]).toEqual(['Hana', 'Somchai']);
        }
        expect(await world.settle()).toBe(0);
        expect((await world.summary()).differing).toBe(0);
        expect(await world.holds()).toEqual([]);
      },
    ),
    { seed: 4, numRuns: 8, endOnFailure: true },
  );
});
