import { type Portal, type Table, tiesOf } from '../portal/portal.ts';
import { historyOf } from './history.ts';
import type { Stored } from './records.ts';

const INLINE_MAX = 500;

/** What a reader wants to see of a record. */
export type View = {
  /** Empty: what the type shows by itself. */
  readonly properties: readonly string[];
  readonly history: readonly string[];
  readonly associations: readonly string[];
};

type Shown = Readonly<Record<string, unknown>>;

function known({ schema }: Table, names: readonly string[]): readonly string[] {
  return names.filter((name) => schema.find(name) !== undefined);
}

function valuesOf(table: Table, record: Stored, names: readonly string[]): Readonly<Record<string, string | null>> {
  const wanted = names.length > 0 ? names : table.type.shown;
  return Object.fromEntries(known(table, wanted).map((name) => [name, record.properties[name] ?? null]));
}

function inlineTies(portal: Portal, table: Table, { record, word }: { record: Stored; word: string }): Shown | null {
  const to = portal.types.named(word);
  const ties = tiesOf(portal, { type: table.type, id: record.id }, to);
  if (ties.length === 0) return null;
  const type = `${table.type.singular}_to_${to.singular}`;
  const next = ties[INLINE_MAX];
  const link = `${portal.origin()}/crm/v4/objects/${table.type.name}/${record.id}/associations/${to.name}`;
  return {
    results: ties.slice(0, INLINE_MAX).map(({ id }) => ({ id, type })),
    ...(next === undefined ? {} : { paging: { next: { after: next.id, link: `${link}?after=${next.id}` } } }),
  };
}

function tiesFor(portal: Portal, table: Table, { record, words }: { record: Stored; words: readonly string[] }): Shown {
  const entries = words.map((word) => [portal.types.named(word).name, inlineTies(portal, table, { record, word })] as const);
  const some = entries.filter(([, ties]) => ties !== null);
  return some.length === 0 ? {} : { associations: Object.fromEntries(some) };
}

function frame(portal: Portal, table: Table, record: Stored): Shown {
  return {
    id: record.id,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    archived: record.archivedAt !== null,
    ...(record.archivedAt === null ? {} : { archivedAt: record.archivedAt }),
    url: `https://app.hubspot.com/contacts/${portal.id}/record/${table.type.typeId}/${record.id}`,
  };
}

/** A record as a read shows it. */
export function showRecord(portal: Portal, table: Table, { record, view }: { record: Stored; view: View }): Shown {
  return {
    ...frame(portal, table, record),
    properties: valuesOf(table, record, view.properties),
    ...(view.history.length > 0 ? { propertiesWithHistory: historyOf(portal, record, known(table, view.history)) } : {}),
    ...tiesFor(portal, table, { record, words: view.associations }),
  };
}

// The answer of a create shows times that were written as epoch milliseconds, unlike every later read.
function asCreated(table: Table, [name, value]: readonly [string, string]): readonly [string, string] {
  const definition = table.schema.find(name);
  const written = definition?.type === 'datetime' && !definition.modificationMetadata.readOnlyValue;
  return [name, written ? String(Date.parse(value)) : value];
}

/** A record as the answer of its create shows it: with everything that it has. */
export function showCreated(portal: Portal, table: Table, record: Stored): Shown {
  const properties = Object.fromEntries(Object.entries(record.properties).map((entry) => asCreated(table, entry)));
  return { ...frame(portal, table, record), properties };
}

/** A record as the answer of an update shows it: what was written, as it is now, and what is worked out. */
export function showUpdated(portal: Portal, table: Table, { record, written }: { record: Stored; written: readonly string[] }): Shown {
  const workedOut = Object.keys(record.properties).filter((name) => table.schema.find(name)?.calculated === true);
  return { ...frame(portal, table, record), properties: valuesOf(table, record, [...new Set([...written, ...workedOut])]) };
}
