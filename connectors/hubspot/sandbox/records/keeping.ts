import type { Portal, Table } from '../portal/portal.ts';
import type { Stored } from './records.ts';

export type Properties = Readonly<Record<string, string>>;

/** Everything that a record owns alone: its keys, and for contacts the further addresses too. */
export function uniqueValues({ schema, type }: Table, { properties }: Stored): readonly (readonly [name: string, value: string])[] {
  const own = Object.entries(properties).filter(([name]) => schema.isKey(name));
  const further = type.key === null ? [] : (properties.hs_additional_emails ?? '').split(';').filter((one) => one !== '');
  return [...own, ...further.map((email) => ['email', email] as const)];
}

export function claimAll(table: Table, record: Stored): void {
  for (const [name, value] of uniqueValues(table, record)) table.records.claim(name, value, record.id);
}

export function releaseAll(table: Table, record: Stored): void {
  for (const [name, value] of uniqueValues(table, record)) table.records.release(name, value, record.id);
}

/** Makes `after` the record, for direct reads at once and for search when its lag is over. */
export function keep(portal: Portal, table: Table, after: Stored): Stored {
  table.records.replace(after);
  table.index.note(after.id, after.archivedAt === null ? after : null, portal.now().getTime());
  return after;
}

/** The values before with the changes in them; what is cleared is absent. */
export function withValues(before: Properties, values: Iterable<readonly [string, string | null | undefined]>): Properties {
  const changes = new Map(values);
  const kept = Object.entries(before).filter(([name]) => !changes.has(name));
  const set = [...changes].flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries([...kept, ...set]);
}

/** The next modified date of a record: never the same twice, even when two writes fall into one millisecond. */
export function nextTouch(portal: Portal, record: Stored): string {
  return new Date(Math.max(portal.now().getTime(), Date.parse(record.updatedAt) + 1)).toISOString();
}

/** Moves the modified date and nothing else, as the vendor's own jobs do. `at` lets many records share one moment. */
export function touchRecord(portal: Portal, table: Table, { record, at }: { record: Stored; at: string }): Stored {
  return keep(portal, table, {
    ...record,
    updatedAt: at,
    properties: { ...record.properties, [table.type.modified]: at, hs_lastmodifieddate: at },
  });
}
