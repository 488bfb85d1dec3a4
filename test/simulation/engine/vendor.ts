import { HubError } from '../../../src/contract/errors.ts';
import type { Fields, FieldValue } from '../../../src/contract/records.ts';
import { between } from '../../../src/sandbox/random.ts';
import type { Chronicle } from './chronicle.ts';
import type { Schedule } from './schedule.ts';
import { type ConnectorShape, FIELDS, type Field, LOSSES } from './shape.ts';

type Shown = {
  readonly version: number;
  readonly changedAtMs: number;
  readonly values: Readonly<Record<Field, FieldValue>>;
  readonly visibleMs: number;
};
/** One record over there. `shown` is what its index has had, and has not shown yet. */
export type Row = {
  readonly id: string;
  readonly person: number | null;
  readonly key: string | null;
  readonly createdAtMs: number;
  readonly madeBy: 'hub' | 'person';
  readonly recallableMs: number;
  values: Record<Field, FieldValue>;
  changedAtMs: number;
  version: number;
  deleted: 'by a person' | 'by the hub' | null;
  mergedInto: string | null;
  shown: Shown[];
  /** Whether the hub has stored that it saw it, or has made it. */
  isKnown: boolean;
  /** When the hub last read it, before its next write: in the simulation's time. */
  lookedMs: number;
  /** When each field was last typed in, and by which edit. */
  typedMs: Partial<Record<Field, { readonly atMs: number; readonly nth: number; readonly clears: boolean }>>;
};

export type VendorParts = {
  readonly shape: ConnectorShape;
  readonly system: number;
  readonly skewMs: number;
  readonly schedule: Schedule;
  readonly chronicle: Chronicle;
  readonly random: () => number;
  /** Sends out that a record has changed, in whatever way. */
  tell(remoteId: string): void;
};

/** A vendor that lives in memory: its rows, and the rules by which it keeps them. Time is the vendor's own, which may be wrong by a day. */
export type Vendor = VendorParts & {
  readonly rows: Map<string, Row>;
  nowMs(): number;
  create(values: Fields, by: { readonly person: number | null; readonly key: string | null; readonly madeBy: Row['madeBy'] }): Row;
  /** Changes some fields; `stampMs` lets a bulk edit give all its rows one time. */
  change(row: Row, values: Partial<Record<Field, FieldValue>>, stampMs?: number): void;
  remove(row: Row, by: NonNullable<Row['deleted']>): void;
  restore(row: Row): void;
  merge(winner: Row, loser: Row): Row;
  live(person: number): readonly Row[];
  /** In the vendor's names, what of `asked` a row holds. */
  show(values: Readonly<Record<Field, FieldValue>>, asked: readonly string[]): Fields;
  /** What its index shows of each row now, deleted or not; lagging. */
  index(): readonly {
    readonly row: Row;
    readonly values: Readonly<Record<Field, FieldValue>>;
    readonly changedAtMs: number;
    readonly version: number;
  }[];
  fieldOf(remote: string): Field | undefined;
};

export function openVendor(parts: VendorParts): Vendor {
  const { shape, schedule, chronicle, random } = parts;
  const rows = new Map<string, Row>();
  const remotes = new Map<string, Field>(FIELDS.map((field) => [shape.fields[field].remote, field]));
  let nextId = 1;
  const nowMs = () => Math.floor((schedule.nowMs() + parts.skewMs) / shape.stampMs) * shape.stampMs;

  /** Later than the row's last change, where an index lags behind: the stamp is all that tells two versions apart there. */
  const stampFor = (row: Row | null) =>
    row !== null && shape.settleMs > 0 ? Math.max(nowMs(), row.changedAtMs + 1) : Math.max(nowMs(), row?.changedAtMs ?? 0);
  const publish = (row: Row) => {
    const lagMs = shape.settleMs === 0 ? 0 : between(random, 0, shape.settleMs - 1);
    if (lagMs > 1_000) chronicle.reached.add('a row shown late, with an older stamp');
    row.shown.push({ version: row.version, changedAtMs: row.changedAtMs, values: row.values, visibleMs: schedule.nowMs() + lagMs });
    if (shape.tells) parts.tell(row.id);
  };
  const kept = (field: Field, value: FieldValue): FieldValue => {
    const stored = LOSSES[shape.fields[field].loss](value);
    return stored === '' ? null : stored;
  };
  const automate = (row: Row) => {
    const { automation } = shape;
    if (automation === null) return;
    const rewrite = () => {
      const value = row.values[automation.field];
      if (row.deleted !== null || typeof value !== 'string' || value === value.toLowerCase()) return;
      chronicle.reached.add('an automation rewrote a write');
      vendor.change(row, { [automation.field]: value.toLowerCase() });
    };
    if (automation.afterMs === 0) rewrite();
    else schedule.at(schedule.nowMs() + automation.afterMs, null, rewrite);
  };

  const vendor: Vendor = {
    ...parts,
    rows,
    nowMs,
    create(values, { person, key, madeBy }) {
      const own = Object.fromEntries(FIELDS.map((field) => [field, kept(field, values[field] ?? null)])) as Record<Field, FieldValue>;
      refuseTwins(own.email, null);
      const row: Row = {
        id: `${shape.id}${parts.system}-${nextId++}`,
        person: person ?? personOf(own),
        key,
        createdAtMs: nowMs(),
        madeBy,
        recallableMs: schedule.nowMs() + (shape.recallMs === 0 ? 0 : between(random, 0, shape.recallMs - 1)),
        values: own,
        changedAtMs: stampFor(null),
        version: 1,
        deleted: null,
        mergedInto: null,
        shown: [],
        isKnown: madeBy === 'hub',
        lookedMs: 0,
        typedMs: {},
      };
      rows.set(row.id, row);
      publish(row);
      automate(row);
      return row;
    },
    change(row, values, stampMs) {
      if (values.email !== undefined) refuseTwins(values.email, row.id);
      row.values = { ...row.values };
      for (const [field, value] of Object.entries(values)) row.values[field as Field] = kept(field as Field, value ?? null);
      row.version += 1;
      row.changedAtMs = Math.max(stampMs ?? 0, stampFor(row));
      publish(row);
      automate(row);
    },
    remove(row, by) {
      row.deleted = by;
      row.version += 1;
      row.changedAtMs = stampFor(row);
      publish(row);
    },
    restore(row) {
      row.deleted = null;
      row.version += 1;
      row.changedAtMs = stampFor(row);
      publish(row);
    },
    merge(winner, loser) {
      const values = Object.fromEntries(FIELDS.map((field) => [field, winner.values[field] ?? loser.values[field]])) as Record<
        Field,
        FieldValue
      >;
      for (const one of shape.mergesAnew ? [winner, loser] : [loser]) vendor.remove(one, 'by a person');
      const kept = shape.mergesAnew ? vendor.create(values, { person: winner.person, key: null, madeBy: 'person' }) : winner;
      if (!shape.mergesAnew) vendor.change(winner, values);
      for (const one of rows.values())
        if (one === loser || one.mergedInto === loser.id || one.mergedInto === winner.id) one.mergedInto = kept.id;
      if (shape.mergesAnew) winner.mergedInto = kept.id;
      return kept;
    },
    live: (person) => [...rows.values()].filter((row) => row.person === person && row.deleted === null),
    show: (values, asked) =>
      Object.fromEntries(
        asked.flatMap((remote) => {
          const field = remotes.get(remote);
          return field === undefined ? [] : [[remote, values[field]] as const];
        }),
      ),
    index() {
      const now = schedule.nowMs();
      return [...rows.values()].flatMap((row) => {
        const seen = row.shown.filter(({ visibleMs }) => visibleMs <= now).sort((a, b) => b.version - a.version)[0];
        return seen === undefined ? [] : [{ row, values: seen.values, changedAtMs: seen.changedAtMs, version: seen.version }];
      });
    },
    fieldOf: (remote) => remotes.get(remote),
  };

  function refuseTwins(email: FieldValue, but: string | null): void {
    if (!shape.uniqueEmail || email === null) return;
    const twin = [...rows.values()].find(
      (row) => row.id !== but && row.deleted === null && String(row.values.email ?? '').toLowerCase() === String(email).toLowerCase(),
    );
    if (twin === undefined) return;
    chronicle.reached.add('the vendor knew the address already');
    if (but === null) throw new HubError('already_there', `${twin.id} has this address`, { existingId: twin.id });
    throw new HubError('record_rejected', `${twin.id} has this address`, { fields: [shape.fields.email.remote] });
  }
  return vendor;
}

/** Whose record this is, by the name that nobody edits. */
export function personOf(values: Readonly<Record<Field, FieldValue>>): number | null {
  const found = /person(\d+)/i.exec(String(values.last_name ?? ''));
  return found === null ? null : Number(found[1]);
}
