import { describe, expect, test } from 'vitest';
import type { AnyPort } from '../../src/contract/connector.ts';
import type { Observation } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { type Memory, openMemory } from '../support/memory.ts';
import { type Hands, mergerOf, type Switches } from './bench.ts';
import { EVERY_CONNECTOR, objectsOf, type Tried } from './every.ts';
import { follow, type Leads, leadsOf } from './leads.ts';
import { mappedFields, openStage, type Stage, scopesOf } from './stage.ts';

type Presence = Stage & {
  readonly port: AnyPort;
  readonly memory: Memory;
  readonly scopes: readonly string[];
  readonly fields: readonly string[];
  /** Looks again and again for half an hour, until what was looked for is told; all that was shown. */
  lookFor(scope: string, isTold: (shown: readonly Observation[]) => boolean): Promise<readonly Observation[]>;
};

type Hand = keyof Pick<Hands, 'remove' | 'restore' | 'merge'>;
type Skip = (condition: boolean, note: string) => void;
const MISSING: Readonly<Record<Hand, string>> = {
  remove: 'nobody can delete there',
  restore: 'what is deleted there does not come back',
  merge: 'nobody can merge there',
};

/** A stage on which everything was read once, in the mapped fields that this account shows; left out where a hand is missing that it takes. */
async function openPresence(
  { tried, object, mood }: { tried: Tried; object: string; mood: Switches },
  takes: readonly Hand[] = [],
  skip: Skip = () => undefined,
): Promise<Presence> {
  const stage = await openStage(tried, mood);
  const able = { ...stage.hands, merge: mergerOf(stage.hands, object) };
  for (const hand of takes) skip(able[hand] === undefined, MISSING[hand]);
  const port = stage.connect().port(object);
  const scopes = await scopesOf(port);
  const { refs = {}, read } = must(tried.connector.manifest.objects[object], object);
  const shown = (await port.fields(scopes[0] ?? 'all')).map(({ name }) => name);
  const wanted = [...(await mappedFields(tried.connector.manifest.id, object)), ...Object.keys(refs)];
  const fields = [...new Set(wanted)].filter((name) => shown.includes(name));
  const memory = openMemory({ fields });
  for (const scope of scopes) await memory.read(port, scope);
  stage.wind(5_000);
  return {
    ...stage,
    ...{ port, memory, scopes, fields },
    async lookFor(scope, isTold) {
      const all: Observation[] = [];
      stage.wind(read.settleMs + 5_000);
      // An index may be later than the manifest promises; the looks that reach further find it.
      for (let late = 0; late < 60; late += 1) {
        all.push(...(await memory.read(stage.connect().port(object), scope)));
        if (isTold(all)) break;
        stage.wind(30_000);
      }
      return all;
    },
  };
}

/** What a session that has seen nothing is told of these ids: each lost one is followed to what lives on. */
async function leadsById(port: AnyPort, memory: Memory, ids: readonly string[]): Promise<Leads> {
  const leads = new Map<string, string>();
  for (let open = ids, steps = 0; open.length > 0 && steps < 5; steps += 1) {
    const seen = await port.read.byIds(open, memory.ask('all'));
    const lost = seen.flatMap((one) => (one.kind === 'gone' ? [one] : []));
    for (const [id, next] of leadsOf(lost)) leads.set(id, next);
    open = lost.flatMap(({ mergedInto }) => (mergedInto === undefined ? [] : [mergedInto.id]));
  }
  return leads;
}

/** Names of people may be looked up by and by. */
const unsigned = ({ changedBy: _by, ...rest }: Observation) => rest;
const MOODS = EVERY_CONNECTOR.flatMap((tried) =>
  [{}, ...tried.bench.moods].map((mood) => ({ tried, mood, named: `${tried.label} ${JSON.stringify(mood)}` })),
);

describe.each(MOODS)('$named', ({ tried, mood }) => {
  describe.each(objectsOf(tried.connector))('$object', ({ object, traits }) => {
    const place = { tried, object, mood };

    test('a deleted record is told as the manifest says, and is gone when asked for', async ({ skip }) => {
      const { memory, port, scopes, hands, lookFor } = await openPresence(place, ['remove'], skip);
      const scope = must(scopes[0], 'a scope');
      const id = must(hands.all(object, scope)[2], 'a record');
      hands.remove?.(object, id);
      const isReported = traits.read.removals === 'reported';
      const shown = await lookFor(scope, (all) => !isReported || all.some((one) => one.id === id && one.kind === 'gone'));
      expect(shown.findLast((one) => one.id === id)?.kind).toBe(isReported ? 'gone' : undefined);
      const [gone, ...more] = await port.read.byIds([id], memory.ask(scope));
      expect([gone, more]).toEqual([expect.objectContaining({ kind: 'gone', id, changedAt: expect.any(String) }), []]);
      expect(gone).not.toHaveProperty('mergedInto');
    });

    test('ids that are listed alone are those of all that is there, in every scope, and not of what was deleted', async ({ skip }) => {
      skip(traits.read.census === undefined, 'the vendor lists no ids alone');
      const { memory, port, scopes, hands } = await openPresence(place, ['remove'], skip);
      const removed = must(hands.all(object, must(scopes[0], 'a scope'))[2], 'a record');
      hands.remove?.(object, removed);
      for (const scope of scopes) {
        const ids = (await Array.fromAsync(must(port.read.ids, 'a census')(memory.ask(scope)))).flat();
        expect(hands.all(object, scope).filter((id) => !ids.includes(id))).toEqual([]);
        expect(ids).not.toContain(removed);
      }
    });

    test('a record that comes back is present again, and no older than its absence', async ({ skip }) => {
      const { memory, port, hands, wind, lookFor } = await openPresence(place, ['remove', 'restore'], skip);
      const id = must(hands.all(object, 'all')[2], 'a record');
      hands.remove?.(object, id);
      wind(traits.read.settleMs + 5_000);
      await memory.read(port, 'all');
      const gone = must((await port.read.byIds([id], memory.ask('all')))[0], 'its absence');
      expect(gone.kind).toBe('gone');
      wind(5_000);
      hands.restore?.(object, id);
      const isBack = (one: Observation) => one.id === id && one.kind === 'present' && one.changedAt >= gone.changedAt;
      const shown = await lookFor('all', (all) => all.some(isBack));
      expect(shown.filter(isBack).length).toBeGreaterThan(0);
      expect(await port.read.byIds([id], memory.ask('all'))).toEqual([memory.one(id)]);
    });

    test('a merged record leads to what it lives on as, by a look and by id', async ({ skip }) => {
      const { memory, port, hands, lookFor } = await openPresence(place, ['merge'], skip);
      const [stays = '', lost = ''] = hands.all(object, 'all').slice(4);
      const left = must(hands.merge, 'a hand that merges')(object, stays, lost);
      const gone = [stays, lost].filter((id) => id !== left);
      const shown = await lookFor('all', (all) => gone.every((id) => leadsOf(all).has(id)));
      for (const id of [stays, lost]) expect(follow(leadsOf(shown), id)).toBe(left);
      const seen = await port.read.byIds([lost, left], memory.ask('all'));
      expect(seen).toMatchObject([
        { kind: 'gone', id: lost, mergedInto: { object } },
        { kind: 'present', id: left },
      ]);
      const leads = await leadsById(port, memory, [stays, lost]);
      for (const id of [stays, lost]) expect(follow(leads, id)).toBe(left);
    });

    test.for([
      ['with a look between them', true],
      ['with no look between them', false],
    ] as const)('two merges in a row lead all that were lost to the last, %s', async ([_name, looks], { skip }) => {
      const { memory, port, hands, wind, lookFor } = await openPresence(place, ['merge'], skip);
      const merge = must(mergerOf(hands, object), 'a hand that merges');
      const [first = '', second = '', third = ''] = hands.all(object, 'all').slice(4);
      const between = merge(first, second);
      wind(10_000);
      const early = looks ? await lookFor('all', (all) => follow(leadsOf(all), second) === between) : [];
      const left = merge(third, between);
      const lost = [...new Set([first, second, between, third])].filter((id) => id !== left);
      const isWhole = (late: readonly Observation[]) => lost.every((id) => follow(leadsOf([...early, ...late]), id) === left);
      expect(isWhole(await lookFor('all', isWhole))).toBe(true);
      const leads = await leadsById(port, memory, lost);
      for (const id of lost) expect(follow(leads, id)).toBe(left);
      expect(await port.read.byIds([left], memory.ask('all'))).toMatchObject([{ kind: 'present', id: left }]);
    });

    test('a read from the start, by a hub that knows nothing, shows every record that lives, as it is and with its references', async () => {
      const { connect, memory, port, scopes, hands, wind, fields } = await openPresence(place);
      const scope = must(scopes[0], 'a scope');
      const [deleted = '', back = '', stays = '', lost = ''] = hands.all(object, scope).slice(5);
      hands.remove?.(object, deleted);
      if (hands.restore !== undefined) {
        hands.remove?.(object, back);
        hands.restore(object, back);
      }
      mergerOf(hands, object)?.(stays, lost);
      hands.edit(object, scope);
      wind(2 * 60 * 60_000);
      const living = hands.all(object, scope);
      const ask = { ...memory.ask(scope), known: async () => new Set<string>() };
      const pages = await Array.fromAsync(connect().port(object).read.changes(null, ask));
      const shown = pages.flatMap(({ seen }) => seen);
      const ids = shown.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      // Responses arrive, and are finished, while it goes on.
      expect(living.filter((id) => !ids.includes(id))).toEqual([]);
      expect(ids.filter((id) => !hands.all(object, scope).includes(id))).toEqual([]);
      if (traits.nature === 'event') return;
      const byId = await port.read.byIds(ids, ask);
      expect(byId.map(unsigned)).toEqual(shown.map(unsigned));
      const refs = Object.keys(traits.refs ?? {}).filter((one) => fields.includes(one));
      const values = refs.map((name) => shown.map((one) => (one.kind === 'present' ? one.fields[name] : undefined)));
      const slots = tried.bench.slots?.[object] ?? [];
      for (const [at, some] of values.entries()) if (!slots.includes(refs[at] ?? '')) expect(some).not.toContain(undefined);
      if (refs.length > 0) expect(values.flat().some((value) => value != null && String(value) !== '')).toBe(true);
    });

    test('who changed a record is told beside its fields, and never among them', async () => {
      const { memory, port, scopes, hands, fields, lookFor } = await openPresence(place);
      const scope = must(scopes[0], 'a scope');
      const { id } = hands.edit(object, scope);
      const shown = await lookFor(scope, (all) => all.some((one) => one.id === id));
      const seen = [...memory.held.values(), ...shown, ...(await port.read.byIds([id], memory.ask(scope)))];
      for (const one of seen) {
        if (one.changedBy !== undefined) expect(one.changedBy.trim()).not.toBe('');
        const names = one.kind === 'present' ? Object.keys(one.fields) : [];
        expect(names).not.toContain('changedBy');
        if (traits.nature === 'entity') expect(names.filter((name) => !fields.includes(name))).toEqual([]);
      }
    });
  });
});
