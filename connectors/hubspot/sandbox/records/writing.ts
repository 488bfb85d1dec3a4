import type { ObjectType } from '../portal/object-types.ts';
import { type Portal, sourceOf, type Table } from '../portal/portal.ts';
import { LIFECYCLE_STAGES } from '../schema/contact-properties.ts';
import { versionsAfter } from './history.ts';
import { claimAll, keep, nextTouch, type Properties, releaseAll, withValues } from './keeping.ts';
import type { Stored } from './records.ts';
import type { Values } from './values.ts';
import { workOut } from './worked-out.ts';

const NO_VERSIONS: Stored['versions'] = new Map();

function stamped(portal: Portal, type: ObjectType, properties: Properties, ways: { at: string; by: number; staged: boolean }): Properties {
  const { at, by, staged } = ways;
  const stage = staged ? properties.lifecyclestage : undefined;
  return withValues(properties, [
    ...Object.entries(workOut(portal.pipelines, type, properties)),
    [type.modified, at],
    ['hs_lastmodifieddate', at],
    ['hs_updated_by_user_id', String(by)],
    ...(stage !== undefined && LIFECYCLE_STAGES.includes(stage) ? [[`hs_lifecyclestage_${stage}_date`, at] as const] : []),
  ]);
}

/** A record that did not exist before, as of `createdAt`; it is not kept yet. */
export function newRecord(portal: Portal, type: ObjectType, made: { values: Values; id: string; createdAt: string; by: number }): Stored {
  const { values, id, createdAt, by } = made;
  const written = withValues({ hs_object_id: id, [type.created]: createdAt, hs_created_by_user_id: String(by) }, values);
  const named = type.name === 'contacts' ? { ...written, hs_all_contact_vids: id } : written;
  const properties = stamped(portal, type, named, { at: createdAt, by, staged: true });
  return { id, properties, createdAt, updatedAt: createdAt, archivedAt: null, versions: NO_VERSIONS };
}

/** Creates a record with values that were checked. */
export function createRecord(portal: Portal, type: ObjectType, { values, by }: { values: Values; by: number }): Stored {
  const table = portal.table(type);
  const record = newRecord(portal, type, { values, id: table.records.nextId(), createdAt: portal.now().toISOString(), by });
  table.records.insert(record);
  claimAll(table, record);
  portal.news.tell({ kind: 'creation', type, id: record.id, source: sourceOf(portal, by) });
  return keep(portal, table, record);
}

type Change = { readonly before: Stored; readonly values: Values; readonly by: number };

/** Changes a record with values that were checked, in the name of a user. What is already so is no change, and moves nothing. */
export function changeRecord(portal: Portal, type: ObjectType, { before, values, by }: Change): Stored {
  const changed = new Map([...values].filter(([name, value]) => (before.properties[name] ?? null) !== value));
  if (changed.size === 0) return before;
  const table = portal.table(type);
  const updatedAt = nextTouch(portal, before);
  const staged = changed.has('lifecyclestage');
  const properties = stamped(portal, type, withValues(before.properties, changed), { at: updatedAt, by, staged });
  releaseAll(table, before);
  const record = {
    ...before,
    properties,
    updatedAt,
    versions: versionsAfter(portal, table, { before, values: changed, at: updatedAt, by }),
  };
  claimAll(table, record);
  tellChanges(portal, table, { record, names: changed.keys(), by });
  return keep(portal, table, record);
}

function tellChanges(portal: Portal, { type }: Table, change: { record: Stored; names: Iterable<string>; by: number }): void {
  const { record, names, by } = change;
  const source = sourceOf(portal, by);
  for (const name of names)
    portal.news.tell({ kind: 'propertyChange', type, id: record.id, source, name, value: record.properties[name] ?? '' });
}
