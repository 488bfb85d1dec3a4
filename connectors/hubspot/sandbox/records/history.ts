import { type Portal, sourceOf, type Table } from '../portal/portal.ts';
import type { Stored, Version } from './records.ts';
import type { Values } from './values.ts';

/** What a property held first: from the creation on, in the name of who created the record. */
function firstVersion(portal: Portal, record: Stored, name: string): readonly Version[] {
  const value = record.properties[name];
  return value === undefined ? [] : [version(portal, { value, at: record.createdAt, by: Number(record.properties.hs_created_by_user_id) })];
}

function version(portal: Portal, { value, at, by }: { readonly value: string; readonly at: string; readonly by: number }): Version {
  return { value, timestamp: at, ...sourceOf(portal, by), updatedByUserId: by };
}

/** The versions of each property once `values` are written over `before`; the oldest are forgotten. */
export function versionsAfter(
  portal: Portal,
  { type }: Table,
  change: { readonly before: Stored; readonly values: Values; readonly at: string; readonly by: number },
): Stored['versions'] {
  const { before, values, at, by } = change;
  const depth = type.name === 'contacts' ? portal.switches.historyDepthContacts : portal.switches.historyDepthOthers;
  const versions = new Map(before.versions);
  for (const [name, value] of values) {
    const older = versions.get(name) ?? firstVersion(portal, before, name);
    versions.set(name, [version(portal, { value: value ?? '', at, by }), ...older].slice(0, depth));
  }
  return versions;
}

/** What these properties were, newest first. */
export function historyOf(portal: Portal, record: Stored, names: readonly string[]): Readonly<Record<string, readonly Version[]>> {
  return Object.fromEntries(names.map((name) => [name, record.versions.get(name) ?? firstVersion(portal, record, name)]));
}
