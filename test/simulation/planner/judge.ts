import type { FieldValue } from '../../../src/contract/records.ts';
import type { Line } from '../../../src/mapping/mapping.ts';
import { sameValue } from '../../../src/merge/same.ts';
import { type Edit, originsOf } from './chronicle.ts';
import type { Link, Rec } from './hub.ts';
import { OBJECT } from './model.ts';
import type { Row, System } from './systems.ts';
import type { World } from './world.ts';

/** Does everything that is due, again and again; how many rounds wrote something. One more than `most` when it did not end. */
export function settleDown(world: World, most: number): number {
  const all = [...world.systems.keys()];
  for (let round = 0; round <= most; round += 1) {
    for (const at of all) world.look(at);
    world.hub.reconcile();
    // Every system is written to, also after the first had something. What is seen then, right before a write, may make something else due.
    const isQuiet = !all.map((at) => world.send(at, 'answered')).includes(true);
    if (isQuiet && !world.hasUnfollowed() && world.hub.isIdle()) return round;
  }
  return most + 1;
}

/** Each promise that the world does not keep once it has come to rest, as a sentence. */
export function broken(world: World): readonly string[] {
  return [
    ...world.chronicle.wrongs,
    ...disagreements(world),
    ...strangersLeft(world),
    ...forgotten(world),
    ...doubled(world),
    ...deadLinks(world),
  ];
}

/** Looks at everything once more: whatever is written, changed, or held because of it was not quiet. */
export function noise(world: World): readonly string[] {
  const { hub, chronicle } = world;
  const before = { changes: chronicle.changes, holds: countHolds(world), records: hub.records.size };
  for (const system of world.systems) {
    for (const id of system.rows.keys()) system.unseen.add(id);
  }
  for (const key of hub.byRemote.keys()) hub.lookAgain(key);
  const rounds = settleDown(world, 1);
  const told: string[] = [];
  if (rounds > 0) told.push('is silent: something is written although nothing happened');
  if (chronicle.changes > before.changes) told.push('is silent: something changed although nothing happened');
  if (countHolds(world) !== before.holds) told.push('is silent: holds came or went although nothing happened');
  if (hub.records.size !== before.records) told.push('is silent: records came although nothing happened');
  return told;
}

const countHolds = ({ hub }: World): number => [...hub.holds.values()].flat().length + hub.ambiguous.size;

function* linked(world: World): Generator<{ system: System; row: Row; link: Link; record: Rec }> {
  for (const system of world.systems) {
    for (const row of system.rows.values()) {
      const link = world.hub.linkOf(system.spec.name, row.id);
      const record = link === undefined ? undefined : world.hub.records.get(world.hub.resolve(link.recordId));
      if (link !== undefined && record !== undefined) yield { system, row, link, record };
    }
  }
}

const isPart = ({ state }: Link): boolean => state === 'in_sync' || state === 'waiting' || state === 'failing';

/** Values of records that take part which differ between the hub and a system, and that no hold names. */
function disagreements(world: World): readonly string[] {
  const told: string[] = [];
  for (const { system, row, link, record } of linked(world)) {
    if (row.gone !== 'no') continue;
    const holds = world.hub.holdsOf(link.id);
    if (!isPart(link) && !(link.state === 'held' && holds.every(({ kind }) => kind !== 'removal' && kind !== 'refused_record'))) continue;
    for (const line of world.hub.streams.get(`${system.spec.name}|${OBJECT}`)?.lines ?? []) {
      if (
        world.chronicle.limited.has(`${system.spec.name} ${line.hub}`) ||
        line.ref !== null ||
        holds.some(({ field }) => field === line.hub)
      )
        continue;
      const [hub, shown] = [record.fields[line.hub] ?? null, row.values[line.remote] ?? null];
      // Of a system that does not answer with the record, nobody can tell whether it makes a blank or an option of the hub's value, or a person has
      // cleared, chosen, or copied it once more: what is typed otherwise is never the same twice.
      const isRepeated =
        shown === null || line.hub === 'stage' || originsOf(shown).some((one) => world.chronicle.copied.has(`${line.hub} ${one}`));
      if (isRepeated && system.spec.answers === 'id' && link.base[line.hub] !== hub) continue;
      if (!agree(line, hub, { shown, made: (value) => system.kept(line.remote, value) }))
        told.push(`converges: ${line.hub} of ${record.id} is ${JSON.stringify(hub)}, and ${row.id} shows ${JSON.stringify(shown)}`);
    }
  }
  return told;
}

/** Whether a system shows the hub's value as far as it can: what it makes of it without the mapping knowing is no difference. */
function agree(line: Line, hub: FieldValue, { shown, made }: { shown: FieldValue; made(value: FieldValue): FieldValue }): boolean {
  const decoded = line.codec.decode(shown);
  if (decoded.ok && sameValue(hub, decoded.value)) return true;
  const encoded = line.codec.encode(hub);
  if (!encoded.ok) return false;
  const returned = line.codec.decode(made(encoded.value));
  // White space around a text is nothing to a mapping, so what was typed off with some is the same.
  return sameValue(made(encoded.value), shown) || (decoded.ok && returned.ok && sameValue(returned.value, decoded.value));
}

/** Records of systems that are tied to nobody, though nothing says why. */
function strangersLeft(world: World): readonly string[] {
  return world.systems.flatMap((system) =>
    system.live().flatMap((row) => {
      const key = `${system.spec.name} ${row.id}`;
      if (world.hub.byRemote.has(key) || world.hub.ambiguous.has(key) || world.hub.excluded.has(key) || world.hub.unlinked.has(key))
        return [];
      return [`accounts: ${row.id} is tied to nobody, and nothing says why`];
    }),
  );
}

/** Links to what is not there any more. */
function deadLinks(world: World): readonly string[] {
  const told: string[] = [];
  for (const { row, link } of linked(world)) {
    if (row.gone === 'merged' && isPart(link))
      told.push(`accounts: a link still stands for ${row.id}, which was merged into ${row.mergedInto}`);
    if (row.gone === 'deleted' && isPart(link)) told.push(`accounts: a link still stands for ${row.id}, which is deleted`);
  }
  return told;
}

/** Edits that are not final, that nobody who saw them has replaced, and that no change or hold names. */
function forgotten(world: World): readonly string[] {
  return world.chronicle.edits.flatMap((edit) => {
    const { chronicle } = world;
    if (chronicle.isReplaced(edit) || chronicle.named.has(`${edit.field} ${edit.origin}`)) return [];
    return isAccountedFor(world, edit)
      ? []
      : [`loses nothing: ${edit.field} ${edit.origin} of ${edit.rowId} is nowhere, and nobody replaced it`];
  });
}

function isAccountedFor(world: World, edit: Edit): boolean {
  if (edit.field === 'boss' || edit.field === 'stage' || world.chronicle.limited.has(`${edit.system} ${edit.field}`)) return true;
  const system = world.systems.find(({ spec }) => spec.name === edit.system);
  const row = system?.resolve(edit.rowId);
  if (system === undefined || row === undefined || system.hidden.has(edit.field)) return true;
  const link = world.hub.linkOf(edit.system, row.id);
  // What is told apart by a person or kept out is not lost, nor what people deleted before the hub ever held it.
  if (link === undefined) return true;
  const record = world.hub.records.get(world.hub.resolve(link.recordId));
  if (row.gone !== 'no' && !world.chronicle.held.has(`${record?.id} ${edit.field} ${edit.origin}`)) return true;
  if (record === undefined || record.archived !== null) return true;
  if (originsOf(record.fields[edit.field] ?? null).includes(edit.origin)) return true;
  // A link that was put aside when two records became one says nothing about the joined one.
  if (link.state === 'excluded' || link.recordId !== record.id) return true;
  const links = world.hub.byRecord.get(record.id) ?? [];
  return links.some((one) => world.hub.holdsOf(one.id).some(({ kind, field }) => field === edit.field || kind === 'removal'));
}

/** Records that the hub made more than once in a system, and records that it made again after people had deleted them. */
function doubled(world: World): readonly string[] {
  const { chronicle, hub } = world;
  const seen = new Map<string, string>();
  return chronicle.makings.flatMap(({ system, rowId, recordId }) => {
    const row = world.systems.find(({ spec }) => spec.name === system)?.rows.get(rowId);
    const key = `${system} ${recordId}`;
    // What people deleted before the hub knew of it is found by nobody who looks for it, and may be made again.
    if (row === undefined || row.gone !== 'no' || row.wasRemoved) return [];
    const other = seen.get(key);
    seen.set(key, rowId);
    return other === undefined ? [] : [`duplicates nothing: ${hub.resolve(recordId)} was made in ${system} as ${other} and as ${rowId}`];
  });
}
