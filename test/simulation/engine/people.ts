import { HubError } from '../../../src/contract/errors.ts';
import type { FieldValue } from '../../../src/contract/records.ts';
import { decide, type HoldDecision, setFields } from '../../../src/sync/steward/steward.ts';
import type { Chronicle } from './chronicle.ts';
import type { SimDatabase } from './database.ts';
import type { Deed } from './history.ts';
import { editOf, FIELDS, type Field, typed } from './shape.ts';
import type { Row, Vendor } from './vendor.ts';
import type { Worker } from './worker.ts';

export type Stagehands = {
  readonly vendors: readonly Vendor[];
  readonly chronicle: Chronicle;
  readonly query: SimDatabase['query'];
  readonly steward: Worker;
};

/** Lets somebody do something; what makes no sense any more does nothing. */
export async function act(hands: Stagehands, deed: Deed): Promise<void> {
  switch (deed.do) {
    case 'create':
    case 'twin':
      return create(hands, deed);
    case 'edit':
      return onRow(hands, deed, (vendor, row) =>
        type(hands, vendor, row, { field: deed.field, nth: deed.nth, value: typed(deed.nth, deed.field, deed.style) }),
      );
    case 'clear':
      return onRow(hands, deed, (vendor, row) => type(hands, vendor, row, { field: deed.field, nth: deed.nth, value: null }));
    case 'copy':
      return copy(hands, deed);
    case 'bulk':
      return bulk(hands, deed);
    case 'hub_edit':
      return editHub(hands, deed);
    case 'delete':
      return onRow(hands, deed, (vendor, row) => vendor.remove(row, 'by a person'));
    case 'restore':
      return restore(hands, deed);
    case 'merge':
      return merge(hands, deed);
    case 'decide':
      return decideSomething(hands, deed);
  }
}

const vendorOf = (hands: Stagehands, system: number): Vendor | undefined => hands.vendors[system];

function onRow(hands: Stagehands, deed: { system: number; person: number }, run: (vendor: Vendor, row: Row) => void): void {
  const vendor = vendorOf(hands, deed.system);
  const row = vendor?.live(deed.person)[0];
  if (vendor !== undefined && row !== undefined) run(vendor, row);
}

function create(hands: Stagehands, deed: Extract<Deed, { do: 'create' | 'twin' }>): void {
  const vendor = vendorOf(hands, deed.system);
  if (vendor === undefined || vendor.live(deed.person).length > (deed.do === 'twin' ? 1 : 0)) return;
  const values: Partial<Record<Field, FieldValue>> = { email: `p${deed.person}@x.test`, last_name: `Person${deed.person}` };
  // A record may be made with several values; each is an edit of its own, of a blank that nobody had filled in.
  const edits = deed.filled.map((field, i) => ({ field, nth: deed.nth * 1000 + i }));
  for (const { field, nth } of edits) values[field] = typed(nth, field, 1);
  try {
    const others = hands.vendors.flatMap(({ rows }) => [...rows.values()].filter(({ person }) => person === deed.person));
    const row = vendor.create(values, { person: deed.person, key: null, madeBy: 'person' });
    if (others.every(({ deleted }) => deleted !== null)) for (const other of others) hands.chronicle.past.add(other.id);
    for (const { field, nth } of edits) note(hands, vendor, row, { field, nth, saw: null, value: values[field] ?? null });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
  }
}

function type(
  hands: Stagehands,
  vendor: Vendor,
  row: Row,
  { field, nth, value }: { field: Field; nth: number; value: FieldValue },
  stampMs?: number,
): void {
  const saw = editOf(row.values[field]);
  if (value === null && row.values[field] === null) return;
  note(hands, vendor, row, { field, nth, saw, value });
  vendor.change(row, { [field]: value }, stampMs);
}

type Typed = { readonly field: Field; readonly nth: number; readonly saw: number | null; readonly value: FieldValue };

function note(hands: Stagehands, vendor: Vendor, row: Row, edit: Typed): void {
  const atMs = vendor.schedule.nowMs();
  const clears = edit.value === null;
  row.typedMs[edit.field] = { atMs, nth: edit.nth, clears };
  const last = hands.chronicle.written.findLast(({ rowId, field }) => rowId === row.id && field === edit.field);
  const isOverUnread = last !== undefined && last.after === edit.saw && row.lookedMs <= last.atMs;
  hands.chronicle.edits.push({ ...edit, clears, isOverUnread, person: row.person ?? 0, system: vendor.system, rowId: row.id, atMs });
}

/** Somebody types into one system what he sees in another, before the hub has brought it there. */
function copy(hands: Stagehands, deed: Extract<Deed, { do: 'copy' }>): void {
  const source = vendorOf(hands, deed.from)?.live(deed.person)[0];
  onRow(hands, deed, (vendor, row) => {
    const value = source?.values[deed.field] ?? null;
    const nth = editOf(value);
    if (source === row || value === null || nth === null || nth === editOf(row.values[deed.field])) return;
    hands.chronicle.copied.add(nth);
    const typed = row.typedMs[deed.field];
    // A blank has no number of its own: it is that of whoever emptied the field.
    hands.chronicle.replaced.add(editOf(row.values[deed.field]) ?? (typed?.clears === true ? typed.nth : 0));
    vendor.change(row, { [deed.field]: value });
  });
}

/** One edit of every record, all under one stamp. */
function bulk(hands: Stagehands, deed: Extract<Deed, { do: 'bulk' }>): void {
  const vendor = vendorOf(hands, deed.system);
  if (vendor === undefined) return;
  const stampMs = vendor.nowMs();
  let n = 0;
  for (const row of vendor.rows.values()) {
    if (row.deleted !== null) continue;
    type(hands, vendor, row, { field: deed.field, nth: deed.nth * 1000 + n, value: typed(deed.nth * 1000 + n, deed.field, 1) }, stampMs);
    n += 1;
  }
}

async function editHub(hands: Stagehands, deed: Extract<Deed, { do: 'hub_edit' }>): Promise<void> {
  const [record] = await hands.query<{ id: string }>(
    `select id from record where fields ->> 'last_name' = $1 and merged_into is null order by id limit 1`,
    [`Person${deed.person}`],
  );
  if (record === undefined) return;
  const done = await setFields(hands.steward.engine, record.id, { [deed.field]: typed(deed.nth, deed.field, 1) }, 'a steward');
  if (done !== 'changed') return;
  // What he saw is what stood there when he saved, as the journal says.
  const [line] = await hands.query<{ old: FieldValue }>(
    `select fields -> $2 -> 'old' as old from change where record_id = $1 and cause = 'admin' and fields ? $2 order by seq desc limit 1`,
    [record.id, deed.field],
  );
  const before = line?.old ?? null;
  const atMs = (hands.vendors[0] as Vendor).schedule.nowMs();
  hands.chronicle.reached.add('a person edited the hub');
  hands.chronicle.edits.push({
    nth: deed.nth,
    person: deed.person,
    field: deed.field,
    system: 'hub',
    rowId: record.id,
    atMs,
    saw: editOf(before),
    value: typed(deed.nth, deed.field, 1),
    clears: false,
    isOverUnread: false,
  });
}

function restore(hands: Stagehands, deed: { system: number; person: number }): void {
  const vendor = vendorOf(hands, deed.system);
  if (vendor === undefined || vendor.live(deed.person).length > 0) return;
  const row = [...vendor.rows.values()]
    .filter((one) => one.person === deed.person && one.deleted !== null && one.mergedInto === null)
    .at(-1);
  if (row === undefined) return;
  hands.chronicle.reached.add('a record was restored');
  vendor.restore(row);
}

/** Somebody merges two records of one person. */
async function merge(hands: Stagehands, deed: { system: number; person: number }): Promise<void> {
  const vendor = vendorOf(hands, deed.system);
  const [loser, winner] = vendor?.live(deed.person) ?? [];
  if (vendor === undefined || winner === undefined || loser === undefined) return;
  hands.chronicle.reached.add('a person merged two records');
  for (const field of FIELDS) hands.chronicle.replaced.add(editOf(loser.values[field]) ?? 0);
  vendor.merge(winner, loser);
  const pending = await hands.query(`select 1 from link where remote_id = any($1::text[]) and (due or sent is not null)`, [
    [winner.id, loser.id],
  ]);
  if (pending.length > 0) hands.chronicle.reached.add('a record with a pending write was merged');
}

async function decideSomething(hands: Stagehands, deed: Extract<Deed, { do: 'decide' }>): Promise<void> {
  const holds = await hands.query<{ id: string; kind: string; remote_id: string | null; detail: { candidates?: readonly string[] } }>(
    'select id, kind, remote_id, detail from hold where closed_at is null order by id',
  );
  const hold = holds[deed.which % Math.max(1, holds.length)];
  if (hold === undefined) return;
  const candidates = hold.detail.candidates ?? [];
  const decisions: Readonly<Record<string, readonly HoldDecision[]>> = {
    conflict: [{ take: 'hub' }, { take: 'remote' }],
    removal: (['keep', 'archive', 'remove', 'recreate'] as const).map((removal) => ({ removal })),
    merge: [{ merge: true }, { dismiss: true }],
    ambiguous: [...candidates.map((link): HoldDecision => ({ link })), { create: true }, { dismiss: true }],
  };
  const possible = decisions[hold.kind] ?? [{ dismiss: true }];
  const decision = possible[deed.how % possible.length];
  if (decision === undefined) return;
  const done = await decide(hands.steward.engine, hold.id, decision, 'a steward');
  if (['ambiguous', 'removal', 'merge'].includes(hold.kind))
    for (const vendor of hands.vendors) hands.chronicle.handmade.add(vendor.rows.get(hold.remote_id ?? '')?.person ?? 0);
  if (done === 'decided') hands.chronicle.reached.add(`a ${hold.kind} was decided`);
}
