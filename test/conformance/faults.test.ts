import { describe, expect, test } from 'vitest';
import type { AnyPort } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Create, Present, WriteOutcome } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { type Memory, openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf, type Tried } from './every.ts';
import { fieldsToTry, sampleRecord, type Targets } from './samples.ts';
import { mappedFields, openStage } from './stage.ts';

const FAULTS: readonly (readonly [name: string, fault: (skip: number) => Fault])[] = [
  ['is refused for pace', (skip) => ({ on: '*', skip, answer: 429 })],
  ['meets a server in trouble', (skip) => ({ on: '*', skip, answer: 503 })],
  ['is lost on the way', (skip) => ({ on: '*', skip, lose: 'before' })],
  ['loses its answer', (skip) => ({ on: '*', skip, lose: 'after' })],
];
const PASSING = ['retry', 'wait', 'look_again'];

const sorted = (ids: Iterable<string>) => [...ids].sort();

/** Reads on after every failure, from the cursor that was stored last, until two reads bring nothing new. */
async function readThrough(memory: Memory, open: () => AnyPort, scope: string): Promise<readonly HubError[]> {
  const errors: HubError[] = [];
  for (let quiet = 0; quiet < 2; ) {
    const before = memory.held.size;
    try {
      await memory.read(open(), scope);
      quiet = memory.held.size === before ? quiet + 1 : 0;
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      errors.push(error);
      if (error.recovery === 'read_afresh') memory.forget(scope);
      if (errors.length > 5) throw error;
    }
  }
  return errors;
}

async function openWrites(tried: Tried, object: string) {
  const stage = await openStage(tried);
  const port = stage.connect().port(object);
  const refs = tried.connector.manifest.objects[object]?.refs ?? {};
  const targets: Targets = Object.fromEntries(Object.entries(refs).map(([field, to]) => [field, stage.hands.all(to, 'all')]));
  const fields = fieldsToTry(await port.fields('all'), await mappedFields(tried.connector.manifest.id, object), targets);
  const ask = openMemory({ fields: fields.map(({ name }) => name) }).ask('all');
  const create = (n: number): Create => ({
    verb: 'create',
    key: `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    fields: sampleRecord(fields, n, targets),
  });
  const read = async (ids: readonly string[]) =>
    (await stage.connect().port(object).read.byIds(ids, ask)).flatMap((one) => (one.kind === 'present' ? [one] : []));
  /** A writer of a new process, which has learnt nothing yet. */
  const writer = () => must(stage.connect().port(object).write, 'a writer');
  return { ...stage, ask, create, read, writer };
}

function writablesOf({ connector }: Tried): readonly { readonly object: string; readonly recallMs: number }[] {
  return objectsOf(connector).flatMap(({ object, traits: { write } }) =>
    write === undefined ? [] : [{ object, recallMs: write.recallMs }],
  );
}

async function settled(work: Promise<readonly WriteOutcome[]>): Promise<readonly WriteOutcome[] | HubError> {
  return work.catch((error: unknown) => {
    if (error instanceof HubError) return error;
    throw error;
  });
}

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  describe.each(objectsOf(tried.connector))('$object', ({ object }) => {
    test.each(FAULTS)('whichever request of a read %s, reading on from the stored cursor leaves nothing out', async (_name, fault) => {
      let failed = 0;
      for (let at = 0; at < 6; at += 1) {
        const { hands, connect, open } = await openStage(tried);
        const scope = hands.crowd(object);
        const memory = openMemory({ fields: await mappedFields(tried.connector.manifest.id, object) });
        open.fail(fault(at));
        const errors = await readThrough(memory, () => connect().port(object), scope);
        for (const { recovery } of errors) expect(PASSING).toContain(recovery);
        failed += errors.length;
        expect(sorted(memory.held.keys())).toEqual(sorted(hands.all(object, scope)));
      }
      expect(failed).toBeGreaterThan(2);
    });

    test('records that are deleted while everything is being read take no others with them', async ({ skip }) => {
      const { hands, connect, wind } = await openStage(tried);
      skip(hands.remove === undefined, 'nobody can delete there');
      const scope = hands.crowd(object);
      const memory = openMemory();
      await memory.read(connect().port(object), scope, { pages: 1 });
      for (const id of [...memory.held.keys()].slice(-40)) hands.remove?.(object, id);
      const removed = [...memory.held.keys()].slice(-40);
      wind(1_000);
      await readThrough(memory, () => connect().port(object), scope);
      const kept = [...memory.held.keys()].filter((id) => !removed.includes(id));
      expect(sorted(kept)).toEqual(sorted(hands.all(object, scope)));
    });
  });

  // What is read-only has no such cases.
  describe.each(writablesOf(tried))('$object', ({ object, recallMs }) => {
    test.each(FAULTS)('whichever request of some creates %s, what is said of each is true', async (_name, fault) => {
      const requests = await requestsOf(tried, object, ({ create }) => [create(1), create(2), create(3)]);
      for (let at = 0; at < requests; at += 1) {
        const { hands, open, writer, ask, create, read, now, wind } = await openWrites(tried, object);
        const before = new Set(hands.all(object, 'all'));
        const since = now().toISOString();
        wind(1_000);
        const creates = [create(1), create(2), create(3)];
        open.fail(fault(at));
        const said = await settled(writer().apply(creates, ask));
        wind(recallMs);
        const made = hands.all(object, 'all').filter((id) => !before.has(id));
        const recalled = await writer().recall(creates, since, ask);
        expect(sorted(recalled.flatMap((one) => one?.id ?? []))).toEqual(sorted(made));
        if (said instanceof HubError) {
          expect(PASSING).toContain(said.recovery);
          if (said.isRefusal) expect(made).toEqual([]);
        } else {
          for (const [n, outcome] of said.entries())
            await expectTrue(outcome, { recalled: recalled[n] ?? null, create: must(creates[n], 'a create'), read });
        }
      }
    });

    test.each(FAULTS)(
      'whichever request of some updates %s, what is said of each is true, and saying it again brings it about',
      async (_name, fault) => {
        for (let at = 0; at < MOST_REQUESTS; at += 1) {
          const { open, writer, ask, create, read } = await openWrites(tried, object);
          const ids = (await writer().apply([create(2), create(4), create(6)], ask)).flatMap((outcome) =>
            outcome.done ? [outcome.id] : [],
          );
          const seen = await read(ids);
          // The second goes backwards, and all get another reference.
          const wanted = [create(3), create(1), create(7)].map(({ fields }) => fields);
          const updates = () =>
            seen.map(
              (one, n) => ({ verb: 'update', id: one.id, ifVersion: one.version, fields: wanted[n] ?? {}, seen: one.fields }) as const,
            );
            open.fail(fault(at));
          const said = await settled(writer().apply(updates(), ask));
            const after = await read(ids);
          if (said instanceof HubError) {
            expect(PASSING).toContain(said.recovery);
            if (said.isRefusal) expect(after.map(({ fields }) => fields)).toEqual(seen.map(({ fields }) => fields));
          } else {
            for (const [n, outcome] of said.entries()) {
              if (outcome.done) expect(after[n]?.fields).toEqual(wanted[n]);
              else expect(PASSING).toContain(outcome.error.recovery);
            }
          }
          const again = await writer().apply(updates(), ask);
          expect(again.map(({ done }) => done)).toEqual([true, true, true]);
          expect((await read(ids)).map(({ fields }) => fields)).toEqual(wanted);
          }
      },
    );
  });
});

type Truth = { readonly recalled: Present | null; readonly create: Create; read(ids: readonly string[]): Promise<readonly Present[]> };

async function expectTrue(outcome: WriteOutcome, { recalled, create, read }: Truth): Promise<void> {
  if (outcome.done) {
    expect((await read([outcome.id])).map(({ fields }) => fields)).toEqual([create.fields]);
    expect(recalled?.id).toBe(outcome.id);
    return;
  }
  expect(PASSING).toContain(outcome.error.recovery);
  // Made, and not known: only a look may follow.
  if (recalled !== null) expect(outcome.error.kind).toBe('stale_write');
}
