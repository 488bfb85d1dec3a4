import { channel } from 'node:diagnostics_channel';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AnyPort } from '../../src/contract/connector.ts';
import type { Observation } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { type Memory, openMemory } from '../support/memory.ts';
import type { Switches } from './bench.ts';
import { damaged, fromTheFuture } from './cursors.ts';
import { EVERY_CONNECTOR, objectsOf, type Tried } from './every.ts';
import { errorOf, mappedFields, openStage, type Stage, scopesOf } from './stage.ts';

type Reading = Stage & { readonly port: AnyPort; readonly memory: Memory; readonly scopes: readonly string[]; calls(): number };

async function openReading(tried: Tried, object: string, switches: Switches = {}): Promise<Reading> {
  const stage = await openStage(tried, switches);
  const { session, port } = stage.connect();
  const memory = openMemory({ fields: await mappedFields(tried.connector.manifest.id, object) });
  return { ...stage, port: port(object), memory, scopes: await scopesOf(port(object)), calls: () => session.calls() };
}

/** Names of people may be looked up by and by. */
const unsigned = ({ changedBy: _by, ...rest }: Observation) => rest;
const sorted = (ids: Iterable<string>) => [...ids].sort();

/** Reads a scope one page a session, each from the cursor of the one before, until two reads in a row bring nothing. */
async function readInSteps({ memory, connect }: Reading, object: string, scope: string): Promise<number> {
  let steps = 0;
  for (let quiet = 0; quiet < 2; steps += 1) {
    const held = memory.held.size;
    await memory.read(connect().port(object), scope, { pages: 1 });
    quiet = memory.held.size === held ? quiet + 1 : 0;
    if (steps > 100) throw new Error('the read does not come to an end');
  }
  return steps;
}

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  const { connector, bench } = tried;
  describe.each(objectsOf(connector))('$object', ({ object, traits }) => {
    test('reading everything shows every record once', async () => {
      const { memory, port, scopes, hands } = await openReading(tried, object);
      for (const scope of scopes) {
        const shown = await memory.read(port, scope);
        expect(sorted(shown.map(({ id }) => id))).toEqual(sorted(hands.all(object, scope)));
      }
      expect(memory.held.size).toBeGreaterThan(0);
    });

    test('reading that stops after any page goes on from its cursor, in another session, and nothing is left out', async () => {
      const reading = await openReading(tried, object);
      const scope = reading.hands.crowd(object);
      expect(await readInSteps(reading, object, scope)).toBeGreaterThan(4);
      expect(sorted(reading.memory.held.keys())).toEqual(sorted(reading.hands.all(object, scope)));
    });

    test('a page is no larger than the manifest says, and the total is right where it is told', async () => {
      const { port, memory, hands } = await openReading(tried, object);
      const scope = hands.crowd(object);
      for await (const { seen, total } of port.read.changes(null, memory.ask(scope))) {
        expect(seen.length).toBeLessThanOrEqual(traits.read.pageMax);
        if (total !== undefined) expect(total).toBe(hands.all(object, scope).length);
      }
    });

    test('when nothing changed, a look shows nothing new and takes one call a scope', async () => {
      const { memory, port, scopes, calls, wind } = await openReading(tried, object);
      for (const scope of scopes) await memory.read(port, scope);
      wind(60 * 60_000);
      for (const scope of scopes) await memory.read(port, scope);
      const held = new Map(memory.held);
      const before = calls();
      for (let look = 0; look < 3; look += 1) {
        wind(60_000);
        for (const scope of scopes) {
          for (const one of await memory.read(port, scope)) expect(one).toEqual(held.get(one.id));
        }
      }
      expect(calls() - before).toBe(3 * scopes.length);
    });

    test('a second read from the start, in another session, shows the same', async () => {
      const { memory, port, scopes, connect } = await openReading(tried, object);
      const everything = { ...memory.ask('all'), known: async () => new Set<string>() };
      for (const scope of scopes) {
        const shown = await memory.read(port, scope);
        const again = await Array.fromAsync(
          connect()
            .port(object)
            .read.changes(null, { ...everything, scope }),
        );
        const held = new Map(shown.map((one) => [one.id, one]));
        expect(new Map(again.flatMap(({ seen }) => seen.map((one) => [one.id, one])))).toEqual(held);
      }
    });

    test('a great many records that came at one instant are all in the next looks, whichever page they end on', async () => {
      const { memory, port, scopes, hands, wind, now } = await openReading(tried, object);
      for (const scope of scopes) await memory.read(port, scope);
      wind(60_000);
      const scope = hands.crowd(object, now());
      wind(traits.read.settleMs + 1_000);
      // Twice: what came late is in the second.
      for (let look = 0; look < 2; look += 1) await memory.read(port, scope);
      expect(sorted(memory.held.keys())).toEqual(sorted(scopes.flatMap((one) => hands.all(object, one))));
    });

    test('what was edited there is in the next look, and nothing else is new', async () => {
      const { memory, port, scopes, hands, wind } = await openReading(tried, object);
      for (const scope of scopes) await memory.read(port, scope);
      for (let edits = 0; edits < 3; edits += 1) {
        wind(5_000);
        const scope = must(scopes[edits % scopes.length], 'a scope');
        const { id, field, value } = hands.edit(object, scope);
        wind(traits.read.settleMs + 1_000);
        const held = new Map(memory.held);
        const shown = await memory.read(port, scope);
        const isNew = (one: Observation) => JSON.stringify(unsigned(one)) !== JSON.stringify(unsigned(held.get(one.id) ?? one));
        expect(shown.map((one) => one.id)).toContain(id);
        expect(shown.filter((one) => isNew(one) || !held.has(one.id)).map((one) => one.id)).toEqual([id]);
        if (field !== null) expect(memory.one(id).fields[field]).toEqual(value);
      }
    });

    test('what was edited while everything was being read is shown in the end', async () => {
      const { memory, port, hands, wind } = await openReading(tried, object);
      const scope = hands.crowd(object);
      await memory.read(port, scope, { pages: 1 });
      const { id, field, value } = hands.edit(object, scope);
      await memory.read(port, scope);
      wind(traits.read.settleMs + 1_000);
      await memory.read(port, scope);
      expect(memory.held.has(id)).toBe(true);
      if (field !== null) expect(memory.one(id).fields[field]).toEqual(value);
    });

    test('records by id are one answer an id, in order, and an unknown one is gone', async () => {
      const { memory, port, scopes, hands } = await openReading(tried, object);
      const scope = must(scopes[0], 'a scope');
      const [first = '', second = '', third = ''] = hands.all(object, scope);
      const ids = [third, bench.unknownId(scope), first, second, first];
      const seen = await port.read.byIds(ids, memory.ask(scope));
      expect(seen.map(({ id, kind }) => [id, kind])).toEqual(ids.map((id, at) => [id, at === 1 ? 'gone' : 'present']));
      expect(await port.read.byIds([], memory.ask(scope))).toEqual([]);
    });

    test('odd ids are gone, and spoil no other', async () => {
      const { memory, port, scopes, hands } = await openReading(tried, object);
      const scope = must(scopes[0], 'a scope');
      const good = must(hands.all(object, scope)[0], 'a record');
      const ids = ['', "'", '../..', 'a,b', '佐藤', good];
      expect((await port.read.byIds(ids, memory.ask(scope))).map(({ kind }) => kind)).toEqual([...Array(5).fill('gone'), 'present']);
    });

    test('a record by id is the record that reading shows', async () => {
      const { memory, port, scopes, hands } = await openReading(tried, object);
      const scope = must(scopes[0], 'a scope');
      await memory.read(port, scope);
      const ids = hands.all(object, scope).slice(0, 20);
      expect(await port.read.byIds(ids, memory.ask(scope))).toEqual(ids.map((id) => memory.one(id)));
    });

    test('records are found by their ids also by who names no scope, as a sweep does', async ({ skip }) => {
      skip(traits.scopedBy === null, 'there is but one scope');
      skip(traits.read.removals !== 'by_sweep', 'nothing is swept');
      const { memory, port, scopes, hands } = await openReading(tried, object);
      const ids = scopes.flatMap((scope) => hands.all(object, scope).slice(0, 5));
      const asked = [...ids, bench.unknownId(must(scopes[0], 'a scope'))];
      const seen = await port.read.byIds(asked, memory.ask('all'));
      expect(seen.map(({ id, kind }) => [id, kind])).toEqual(asked.map((id, at) => [id, at < ids.length ? 'present' : 'gone']));
    });

    test('times are ISO in UTC, and ids are told apart', async () => {
      const { memory, port, scopes } = await openReading(tried, object);
      for (const scope of scopes) await memory.read(port, scope);
      for (const { changedAt } of memory.held.values()) expect(changedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    test('only what was asked for is shown', async ({ skip }) => {
      skip(traits.nature === 'event', 'a response comes whole');
      const { port, hands } = await openReading(tried, object);
      const fields = (await mappedFields(connector.manifest.id, object)).slice(0, 2);
      for (const asked of [fields, fields.slice(0, 1), []]) {
        const memory = openMemory({ fields: asked });
        await memory.read(port, 'all', { pages: 1 });
        const [id = ''] = hands.all(object, 'all');
        const seen = [...memory.held.values(), ...(await port.read.byIds([id], memory.ask('all')))];
        for (const one of seen) expect(one.kind === 'present' ? sorted(Object.keys(one.fields)) : []).toEqual(sorted(asked));
      }
    });

    test('every field of the schema can be asked for at once', async ({ skip }) => {
      skip(traits.nature === 'event', 'a response comes whole');
      const { port, hands } = await openReading(tried, object);
      const fields = (await port.fields('all')).map(({ name }) => name);
      const memory = openMemory({ fields });
      await memory.read(port, 'all');
      const [id = ''] = hands.all(object, 'all');
      const whole = Object.keys(memory.one(id).fields);
      expect(whole.length).toBeGreaterThan(10);
      expect(await port.read.byIds([id], memory.ask('all'))).toEqual([memory.one(id)]);
    });

    test('a response is shown whole', async ({ skip }) => {
      skip(traits.nature === 'entity', 'an entity has fields');
      const { memory, port, scopes } = await openReading(tried, object);
      for (const scope of scopes) {
        for (const { id } of await memory.read(port, scope)) {
          const { survey } = must(memory.one(id).response, `the response of ${id}`);
          if (tried.bench.wide?.includes(scope) === true)
            expect(survey).toEqual({ id: expect.stringMatching(/./), name: expect.stringMatching(/./) });
          else expect(survey.id).toBe(scope);
        }
      }
    });

    test('a cursor of another version, a damaged one, and one from the future are expired', async () => {
      const reading = await openReading(tried, object);
      const { memory, connect, hands } = reading;
      const scope = hands.crowd(object);
      await memory.read(reading.port, scope, { pages: 1 });
      const midway = must(memory.cursor(scope), 'a cursor');
      await memory.read(reading.port, scope);
      const after = must(memory.cursor(scope), 'a cursor');
      for (const cursor of [...damaged(midway), ...damaged(after), fromTheFuture(after)]) {
        const first = connect().port(object).read.changes(cursor, memory.ask(scope))[Symbol.asyncIterator]().next();
        const kind = await errorOf(first.then(() => undefined)).then(
          (error) => error.kind,
          () => 'read on',
        );
        expect({ cursor, kind }).toEqual({ cursor, kind: 'cursor_expired' });
      }
    });

    test('the live schema names each field once, and those that the shipped mapping needs', async () => {
      const { port, scopes } = await openReading(tried, object, tried.bench.afterwards);
      for (const scope of scopes) {
        const names = (await port.fields(scope)).map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        const mapped = await mappedFields(connector.manifest.id, object);
        expect(mapped.filter((name) => !names.includes(name))).toEqual([]);
        for (const name of Object.keys(traits.refs ?? {})) expect(names).toContain(name);
      }
    });

    test('what is shown is in the schema, in the type that it tells', async () => {
      const { memory, port, scopes } = await openReading(tried, object);
      for (const scope of scopes) {
        const types = new Map((await port.fields(scope)).map(({ name, type }) => [name, type]));
        const shown = await memory.read(port, scope);
        const fields = shown.flatMap((one) => (one.kind === 'present' ? Object.entries(one.fields) : []));
        const wrong = fields.filter(([name, value]) => value !== null && !fits(types.get(name), value));
        expect(wrong.slice(0, 3).map(([name, value]) => ({ name, value, type: types.get(name) }))).toEqual([]);
      }
    });

    test('when the hub stops between two pages, no further request goes out', async () => {
      const { connect, hands, memory, open } = await openReading(tried, object);
      const scope = hands.crowd(object);
      const stop = new AbortController();
      const pages = connect({ signal: stop.signal }).port(object).read.changes(null, memory.ask(scope))[Symbol.asyncIterator]();
      await pages.next();
      const before = open.calls();
      stop.abort(new Error('the hub stops'));
      await expect(pages.next()).rejects.toThrow();
      expect(open.calls()).toBe(before);
    });

    test('each request is one call, and goes to the given address', async () => {
      const { connect, open, hands } = await openStage(tried);
      const origins = watchOrigins();
      const { session, ports, port } = connect();
      const memory = openMemory({ fields: await mappedFields(connector.manifest.id, object) });
      await ports.identify();
      for (const scope of await scopesOf(port(object))) {
        await port(object).fields(scope);
        await memory.read(port(object), scope);
        await port(object).read.byIds(hands.all(object, scope).slice(0, 3), memory.ask(scope));
      }
      expect(session.calls()).toBe(open.calls());
      expect([...origins]).toEqual([open.origin]);
    });
  });
});

function fits(type: string | undefined, value: unknown): boolean {
  if (type === 'number') return typeof value === 'number';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'choices' || type === 'references') return Array.isArray(value);
  if (type === 'date') return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
  if (type === 'datetime') return typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);
  return type !== undefined && typeof value === 'string';
}

/** The origins that this process talks to from now on, until the test ends. */
function watchOrigins(): ReadonlySet<string> {
  const origins = new Set<string>();
  const requests = channel('undici:request:create');
  const note = (message: unknown) => {
    const { request } = message as { request: { origin: string } };
    origins.add(String(request.origin));
  };
  requests.subscribe(note);
  onTestFinished(() => void requests.unsubscribe(note));
  return origins;
}
