import type { RecordDetail, Value } from '../api.ts';
import { spaced } from '../names.ts';

export const CATEGORIES = ['basic', 'interaction', 'behaviour', 'feedback'] as const;
export type Category = (typeof CATEGORIES)[number];

type Explained = NonNullable<RecordDetail['explanation']>['fields'][number];
export type Side = Explained['sides'][number];
/** A value that gave way, and the journal line that it can be taken back from. */
export type Lost = {
  readonly value: Value;
  readonly by: string;
  readonly at: string;
  readonly changeId: string;
  readonly rule: string | null;
};
export type ToldField = {
  readonly field: string;
  readonly label: string;
  readonly category: Category;
  readonly value: Value;
  readonly from: { readonly name: string; readonly at: string } | null;
  readonly lost: readonly Lost[];
  readonly sides: readonly Side[];
  readonly origin: Explained['origin'];
  /** Whether the engine has told why it is what it is. */
  readonly isExplained: boolean;
};

/** Every field of a record with where its value came from; from the engine's explanation, or without one from the record itself. */
export function toldFields(record: RecordDetail): readonly ToldField[] {
  const names = namesIn(record);
  const explained = record.explanation?.fields ?? [];
  if (explained.length > 0) return explained.map((field) => fromExplained(field, record, names));
  return Object.entries(record.fields).map(([field, value]) => ({
    field,
    value,
    label: spaced(field),
    category: 'basic',
    from: stampOf(record, field),
    lost: lostIn(record, field),
    sides: [],
    origin: null,
    isExplained: false,
  }));
}

function fromExplained(field: Explained, record: RecordDetail, names: ReadonlyMap<string, string>): ToldField {
  const nameOf = (by: string) => names.get(by) ?? by;
  const stamp =
    stampOf(record, field.field) ??
    (field.from === null || isEmpty(field.value) ? null : { name: nameOf(field.from.by), at: field.from.at });
  const lost = field.lost
    .filter((each) => !isSame(each.value, field.value))
    .map(({ value, by, at, changeId, rule }) => ({ value, by: nameOf(by), at, changeId, rule }));
  return {
    field: field.field,
    label: field.label,
    category: field.category,
    value: field.value,
    from: stamp,
    lost,
    sides: field.sides,
    origin: field.origin,
    isExplained: true,
  };
}

// What stands again is no longer lost.
const isSame = (one: Value, other: Value): boolean => JSON.stringify(one) === JSON.stringify(other);
const isEmpty = (value: Value): boolean => value === null || value === '';

function stampOf(record: RecordDetail, field: string) {
  const value = record.fields[field];
  // What was never filled in came from nowhere; what was cleared has a stamp of its own.
  const stamp = record.stamps[field] ?? (value === null ? undefined : record.stamps['*']);
  return stamp === undefined || value === undefined ? null : { name: stamp.byName, at: stamp.at };
}

function lostIn(record: RecordDetail, field: string): readonly Lost[] {
  return record.journal.items.flatMap((change) =>
    change.fields.flatMap(({ field: name, lost, rule }) =>
      name === field && lost?.restorable === true && !isSame(lost.value, record.fields[field] ?? null)
        ? [{ value: lost.value, by: lost.byName, at: lost.at, changeId: change.id, rule }]
        : [],
    ),
  );
}

// The engine may speak of a connection by its id; people know it by its name.
function namesIn(record: RecordDetail): ReadonlyMap<string, string> {
  const links = record.links.map(({ connection }) => [connection.id, connection.name] as const);
  const stamps = Object.values(record.stamps).map(({ by, byName }) => [by, byName] as const);
  return new Map([...links, ...stamps, ['hub', 'Syncline']]);
}
