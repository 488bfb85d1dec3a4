import { HubError } from '../../../src/contract/errors.ts';
import type { Write } from '../../../src/contract/records.ts';
import type { FaultName } from './api.ts';
import { editOf, FIELDS, type Field } from './shape.ts';
import { personOf, type Row, type Vendor } from './vendor.ts';

/** What the vendor says about one row of a batch; `at` is which one, since its answers come in any order. */
type Result = {
  readonly at: number;
  readonly row: Row | null;
  readonly view?: Pick<Row, 'values' | 'changedAtMs' | 'version'>;
  readonly error?: HubError;
};

/** How long before a write its look may have been, where the vendor guards nothing. */
const FRESH_MS = 1_500;

/** Carries out a batch as the vendor does: row by row, some of them refused, and watches that the hub keeps its promises. */
export function applyRows(
  vendor: Vendor,
  writes: readonly Write[],
  { fault, sentMs }: { fault: FaultName | null; sentMs: number },
): readonly Result[] {
  checkBatch(vendor, writes, sentMs);
  const stop = fault === 'partial' || fault === 'partial_lost' ? Math.floor(writes.length / 2) : writes.length;
  const refused = fault === 'row_refused' ? 0 : -1;
  const results = writes.map((write, at): Result => {
    if (at >= stop) return { at, row: null, error: new HubError('rate_limited', 'the rest of the batch came too soon') };
    if (at === refused && write.verb === 'update')
      return { at, row: null, error: new HubError('record_rejected', 'a validation rule says no') };
    try {
      const row = applyRow(vendor, write, sentMs);
      return { at, row, view: { values: row.values, changedAtMs: row.changedAtMs, version: row.version } };
    } catch (error) {
      if (error instanceof HubError) return { at, row: null, error };
      throw error;
    }
  });
  if (fault === 'missing_result') return results.slice(1);
  if (results.length > 1) vendor.chronicle.reached.add('results came in another order');
  return [...results].reverse();
}

function checkBatch(vendor: Vendor, writes: readonly Write[], sentMs: number): void {
  const { chronicle, shape, system } = vendor;
  if (writes.length > shape.batchMax) chronicle.broken.push(`limits: a batch of ${writes.length} for system ${system}`);
  if (new Set(writes.map(({ verb }) => verb)).size > 1) chronicle.broken.push('contract: a batch of several verbs');
  const ids = writes.flatMap((write) => ('id' in write ? [write.id] : []));
  if (new Set(ids).size < ids.length) chronicle.broken.push('contract: one record twice in a batch');
  // What was on its way by then arrives late, and nobody can call it back.
  if (sentMs >= (pausedSince.get(vendor) ?? Number.POSITIVE_INFINITY))
    chronicle.broken.push(`stays inside: system ${system} was written to while it was paused`);
}

const pausedSince = new WeakMap<Vendor, number>();
/** Notes that the connection is switched off: from now on nothing may be sent to be written. */
export function pause(vendor: Vendor, isPaused: boolean): void {
  if (isPaused) pausedSince.set(vendor, vendor.schedule.nowMs());
  else pausedSince.delete(vendor);
}

function applyRow(vendor: Vendor, write: Write, sentMs: number): Row {
  switch (write.verb) {
    case 'create':
      return create(vendor, write);
    case 'update':
      return update(vendor, write, sentMs);
    case 'delete':
      return remove(vendor, write.id, sentMs);
    case 'merge':
      throw new HubError('not_allowed', 'this vendor merges by hand only');
  }
}

function create(vendor: Vendor, write: Extract<Write, { verb: 'create' }>): Row {
  const values = valuesOf(vendor, write.fields);
  const row = vendor.create(values, { person: null, key: write.key, madeBy: 'hub' });
  note(vendor, row, { before: {}, after: values });
  const { chronicle, system, rows } = vendor;
  const others = [...rows.values()].filter((one) => one.person === row.person && one !== row);
  if (row.person === null || chronicle.handmade.has(row.person)) return row;
  const removed = others.find(
    (one) => one.deleted === 'by a person' && one.isKnown && one.mergedInto === null && !chronicle.past.has(one.id),
  );
  if (removed !== undefined)
    chronicle.broken.push(
      `never goes back: person ${row.person} was deleted in system ${system} as ${removed.id}, and the hub made it again`,
    );
  if (others.some((one) => one.madeBy === 'hub' && one.deleted === null))
    chronicle.broken.push(`duplicates nothing: the hub made person ${row.person} once more in system ${system}`);
  return row;
}

function update(vendor: Vendor, write: Extract<Write, { verb: 'update' }>, sentMs: number): Row {
  const { shape, chronicle, schedule } = vendor;
  const row = vendor.rows.get(write.id);
  if (row === undefined || row.deleted !== null) throw new HubError('gone', 'it was deleted');
  if (shape.guard === 'version' && write.ifVersion !== null && write.ifVersion !== String(row.version)) {
    chronicle.reached.add('a version guard refused a write');
    throw new HubError('stale_write', 'it has moved on');
  }
  const values = valuesOf(vendor, write.fields);
  const before = row.values;
  for (const field of Object.keys(values) as Field[]) checkLook(vendor, row, { field, sentMs });
  vendor.change(row, values);
  note(vendor, row, { before, after: values });
  if (schedule.nowMs() - sentMs > 20_000) chronicle.reached.add('a write that took effect late');
  return row;
}

/** Nobody's edit is written over unseen. Where the vendor guards nothing that can happen, but only to a look that was fresh. */
function checkLook({ shape, chronicle, system }: Vendor, row: Row, { field, sentMs }: { field: Field; sentMs: number }): void {
  const last = row.typedMs[field];
  const stands = last !== undefined && (last.clears ? row.values[field] === null : editOf(row.values[field]) === last.nth);
  if (last === undefined || !stands || last.atMs <= row.lookedMs || shape.guard !== 'none') return;
  if (sentMs - row.lookedMs <= FRESH_MS) chronicle.blind.add(last.nth);
  else
    chronicle.broken.push(
      `looks first: system ${system} was written to ${sentMs - row.lookedMs} ms after the last look, over edit ${last.nth}`,
    );
}

function remove(vendor: Vendor, id: string, sentMs: number): Row {
  const row = vendor.rows.get(id);
  if (row === undefined) throw new HubError('gone', 'it was deleted');
  if (row.deleted !== null) return row;
  for (const field of FIELDS) checkLook(vendor, row, { field, sentMs });
  vendor.chronicle.reached.add('the hub removed a record');
  vendor.remove(row, 'by the hub');
  return row;
}

/** In the hub's names; a field that is not mapped, or not for going out, is a broken promise. */
function valuesOf(
  vendor: Vendor,
  fields: Write extends infer W ? (W extends { fields: infer F } ? F : never) : never,
): Partial<Record<Field, Row['values'][Field]>> {
  const { chronicle, shape, system } = vendor;
  return Object.fromEntries(
    Object.entries(fields).flatMap(([remote, value]) => {
      const field = vendor.fieldOf(remote);
      if (field === undefined || shape.fields[field].direction === 'in' || shape.fields[field].direction === 'off') {
        chronicle.broken.push(`stays inside: ${remote} of system ${system} is not the hub's to write`);
        return [];
      }
      return [[field, value] as const];
    }),
  );
}

function note(vendor: Vendor, row: Row, { before, after }: { before: Partial<Row['values']>; after: Partial<Row['values']> }): void {
  for (const field of Object.keys(after) as Field[]) {
    vendor.chronicle.written.push({
      system: vendor.system,
      rowId: row.id,
      person: personOf(row.values),
      field,
      atMs: vendor.schedule.nowMs(),
      before: editOf(before[field]),
      after: editOf(after[field]),
      value: after[field] ?? null,
    });
  }
}
