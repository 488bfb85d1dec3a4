import type { FieldValue } from '../../../src/contract/records.ts';
import type { Edit } from './chronicle.ts';
import { isFrozen, type Left } from './left.ts';
import { editOf } from './shape.ts';
import type { World } from './world.ts';

/** No edit is forgotten, and none comes back from the past. */
export function judgeEdits(world: World, left: Left): void {
  const named = namedEdits(left);
  const isFinal = left.records.some(({ fields }) => Object.values(fields).some((value) => world.chronicle.copied.has(editOf(value) ?? -1)));
  if (isFinal) world.chronicle.reached.add('a false conflict was suppressed');
  const byNth = new Map(world.chronicle.edits.map((edit) => [edit.nth, edit]));
  if (world.isCalm) judgeConflicts(world, left, byNth);
  for (const edit of world.chronicle.edits) {
    if (!isKept(world, left, edit, named))
      world.chronicle.broken.push(
        `loses nothing: edit ${edit.nth} (${edit.clears ? 'a blank' : 'a value'} for ${edit.field} of person ${edit.person} in system ${edit.system}) is neither final, nor replaced knowingly, nor named`,
      );
  }
  for (const { before, after, field, system } of world.chronicle.written) {
    if (
      before === null ||
      after === null ||
      before === after ||
      named.has(before) ||
      world.chronicle.blind.has(before) ||
      world.chronicle.copied.has(after)
    )
      continue;
    if (ancestors(byNth, before).has(after))
      world.chronicle.broken.push(`never goes back: ${field} in system ${system} went from edit ${before} back to edit ${after}`);
  }
  for (const { after, person, field, system } of world.chronicle.written) {
    const origin = after === null ? undefined : byNth.get(after);
    if (after !== null && (origin?.field !== field || origin.person !== person))
      world.chronicle.broken.push(
        `stays inside: ${field} of person ${person} in system ${system} got edit ${after}, which was of ${origin?.field} of person ${origin?.person}`,
      );
  }
}

/** Whoever replaced a value that he saw is in no conflict with it: by time alone, nobody may be told so, nor asked. */
function judgeConflicts({ chronicle, shape }: World, left: Left, byNth: ReadonlyMap<number, Edit>): void {
  const pairs = [
    ...left.changes.flatMap(({ fields }) =>
      Object.entries(fields).flatMap(([field, line]) =>
        line.lost !== undefined &&
        line.settled?.direction === 'both' &&
        line.settled.rule.kind === 'newest' &&
        line.settled.took === undefined
          ? [{ field, one: line.lost.value, other: line.new }]
          : [],
      ),
    ),
    ...left.holds.flatMap(({ kind, field, detail }) =>
      kind === 'conflict' ? [{ field, one: detail.hub as FieldValue, other: detail.remote as FieldValue }] : [],
    ),
  ];
  for (const { field, one, other } of pairs) {
    const [a, b] = [editOf(one), editOf(other)];
    // An automation that writes over an edit is one more editor, who may come between.
    const isAutomated = shape.connectors.some(({ automation }) => automation?.field === field);
    if (isAutomated || a === null || b === null || chronicle.copied.has(a) || chronicle.copied.has(b)) continue;
    if (ancestors(byNth, a).has(b) || ancestors(byNth, b).has(a))
      chronicle.broken.push(
        `is silent: ${field} was told to be in conflict between edits ${a} and ${b}, one of which replaced the other knowingly`,
      );
  }
}

/** Edits that a change names as lost, or that an open hold shows. */
function namedEdits(left: Left): ReadonlySet<number> {
  const lost = left.changes.flatMap(({ fields }) =>
    Object.values(fields).flatMap((line) => (line.lost === undefined ? [] : [editOf(line.lost.value)])),
  );
  const held = left.holds.flatMap(({ detail }) => Object.values(detail).map((value) => editOf(value as never)));
  return new Set([...lost, ...held].filter((nth) => nth !== null));
}

/** What somebody had seen when he typed it in, and what those before him had. */
function ancestors(byNth: ReadonlyMap<number, Edit>, nth: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (let saw = byNth.get(nth)?.saw ?? null; saw !== null && !found.has(saw); saw = byNth.get(saw)?.saw ?? null) found.add(saw);
  return found;
}

/**
 * Whether a value that stands was typed over a blank where what was cleared elsewhere had never come: its author saw the very blank that
 * the clear has left.
 */
function isTypedOverBlank({ chronicle }: World, clear: Edit, { one, value }: { one: Edit; value: FieldValue }): boolean {
  const nth = editOf(value);
  const byNth = new Map(chronicle.edits.map((edit) => [edit.nth, edit]));
  if (nth === null || !(nth === one.nth || ancestors(byNth, nth).has(one.nth))) return false;
  return !chronicle.written.some(
    ({ rowId, field, after, atMs }) => rowId === one.rowId && field === clear.field && after === clear.saw && atMs <= one.atMs,
  );
}

/** Whether the hub has ever known of an edit: then its journal has it, as a value that came, that gave way, or that lost. */
const wasKnown = ({ changes }: Left, nth: number): boolean =>
  changes.some(({ fields }) =>
    Object.values(fields).some((line) => [line.new, line.old, line.lost?.value].some((value) => editOf(value) === nth)),
  );

function isKept(world: World, left: Left, edit: Edit, named: ReadonlySet<number>): boolean {
  const { chronicle, vendors, shape } = world;
  if (chronicle.blind.has(edit.nth) || chronicle.replaced.has(edit.nth)) return true;
  const later = chronicle.edits.filter((one) => one.person === edit.person && one.field === edit.field && one.nth !== edit.nth);
  const row = edit.system === 'hub' ? undefined : vendors[edit.system]?.rows.get(edit.rowId);
  if (edit.system !== 'hub' && (row === undefined || row.deleted !== null)) return true;
  const link = left.links.find((one) =>
    edit.system === 'hub' ? one.record_id === edit.rowId : one.remote_id === edit.rowId && one.state !== 'gone',
  );
  // Nobody knows yet whose record this is, or the hub has let it go: what is in it stays there.
  if (link === undefined || link.state === 'excluded') return true;
  const record = left.records.find(({ id }) => id === link.record_id);
  if (record === undefined || record.gone) return true;
  // A person has been asked about the field, and it stands as it is until he has answered.
  if (left.holds.some((hold) => isFrozen(hold, record.id, edit.field))) return true;
  const value = record.fields[edit.field] ?? null;
  if (edit.clears) {
    if (shape.nulls[edit.field] !== 'clear' || value === null) return true;
    // A field that was emptied before the hub ever saw what stood in it looks like one that never held anything.
    if (edit.saw !== null && !wasKnown(left, edit.saw)) return true;
    // A system that is given nothing shows a blank beside the hub's value, whoever emptied it.
    const only = edit.system === 'hub' ? undefined : vendors[edit.system]?.shape.fields[edit.field].direction;
    if (only === 'in' && row?.values[edit.field] === null) return true;
    const lost = left.changes.some(({ record_id, fields }) => record_id === record.id && fields[edit.field]?.lost?.value === null);
    const held = left.holds.some((hold) => hold.record_id === record.id && hold.field === edit.field);
    return (
      lost || held || later.some((one) => one.saw === null && (one.atMs >= edit.atMs || isTypedOverBlank(world, edit, { one, value })))
    );
  }
  if (editOf(value) === edit.nth || named.has(edit.nth)) return true;
  // What does not flow in stands where it was typed.
  const shown = row !== undefined && editOf(row.values[edit.field]) === edit.nth;
  if (shown && edit.system !== 'hub' && vendors[edit.system]?.shape.fields[edit.field].direction === 'out') return true;
  return later.some((one) => one.saw === edit.nth);
}
