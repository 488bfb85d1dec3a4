import { describe, expect, test } from 'vitest';
import type { BulkMaker } from '../../src/contract/bulk.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Create, WriteOutcome } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { EVERY_CONNECTOR, type Tried, writtenOf } from './every.ts';
import { befall, FAULTS, PASSING } from './faults.ts';
import { done, openWriting, type Writing } from './writers.ts';

const MANY = 1_000_000;
const LONG_MS = 3_600_000;

/** The maker of a new process, which has learnt nothing yet. */
const makerOf = ({ newWriter }: Writing): BulkMaker => must(newWriter().bulk, 'a maker');

/** Hands creates over, and says by what name; the name is told before anything else can happen to it. */
async function handOver(writing: Writing, creates: readonly Create[], named: (name: string) => unknown): Promise<void> {
  const job = must(await makerOf(writing).begin(MANY), 'a job');
  expect(await job.add(creates)).toEqual(creates.map(() => true));
  await job.start(async (name) => void named(name));
}

/** What became of a job once it has had its time; null when it was never handed over, or is not known. */
async function becameOf(writing: Writing, name: string): Promise<ReadonlyMap<string, WriteOutcome> | null> {
  for (let look = 0; look < 5; look += 1) {
    writing.wind(LONG_MS);
    const seen = await makerOf(writing).look(name);
    if (seen.kind === 'running') continue;
    return seen.kind === 'over' ? new Map((await Array.fromAsync(seen.outcomes())).flatMap((bunch) => [...bunch])) : null;
  }
  throw new Error('the job does not end');
}

const bulkObjects = ({ connector }: Tried) =>
  writtenOf(connector).flatMap(({ object, traits: { write } }) => (write?.bulk === undefined ? [] : [{ object, key: write.bulk.key }]));

describe.each(EVERY_CONNECTOR.filter((tried) => bulkObjects(tried).length > 0))('$label', (tried) => {
  test.each(bulkObjects(tried))(
    '$object: what a job has made is what was written, and shows the key of its create',
    async ({ object, key }) => {
      const writing = await openWriting(tried, object);
      const creates = [1, 2, 3, 4, 5].map((n) => writing.create(n));
      let name = '';
      await handOver(writing, creates, (told) => {
        name = told;
      });
      const became = must(await becameOf(writing, name), 'what became of it');
      const ask = { ...writing.ask, fields: [...writing.ask.fields, key] };
      for (const { key: own, fields } of creates) {
        const { id } = done(became.get(own));
        expect((await writing.port.read.byIds([id], ask))[0]).toMatchObject({ fields: { ...fields, [key]: own } });
      }
    },
  );

  // The same code makes them all: what may befall it is tried with one of them.
  const { object } = must(bulkObjects(tried)[0], 'an object');

  test('few are left to the other way, and so are those of an account without the key', async () => {
    expect(await makerOf(await openWriting(tried, object)).begin(1)).toBeNull();
    expect(await makerOf(await openWriting(tried, object, tried.bench.withoutKey)).begin(MANY)).toBeNull();
  });

  test.each(FAULTS)(
    'when a request of a job %s, whichever, a look tells the truth, and a repeat makes nothing twice',
    async (_name, fault) => {
      const writing = await openWriting(tried, object);
      for (let at = 0; ; at += 1) {
        const before = new Set(writing.hands.all(object, 'all'));
        const creates = [1, 2, 3].map((n) => writing.create(3 * at + n));
        const hasMet = befall(writing.open, fault(at));
        const told: string[] = [];
        let became: ReadonlyMap<string, WriteOutcome> | null = null;
        try {
          await handOver(writing, creates, (name) => told.push(name));
          became = await becameOf(writing, must(told[0], 'a name'));
        } catch (error) {
          expect(error instanceof HubError && error.recovery).toBeOneOf(PASSING);
        }
        if (!hasMet()) return expect(at).toBeGreaterThan(3);
        became ??= told[0] === undefined ? null : await becameOf(writing, told[0]);
        const made = () => writing.hands.all(object, 'all').filter((id) => !before.has(id));
        expect(made()).toHaveLength(became === null ? 0 : creates.length);
        for (const { key } of creates) if (became !== null) expect(made()).toContain(done(became.get(key)).id);
        for (const outcome of await writing.newWriter().apply(creates, writing.ask)) done(outcome);
        expect(made()).toHaveLength(creates.length);
      }
    },
  );
});
