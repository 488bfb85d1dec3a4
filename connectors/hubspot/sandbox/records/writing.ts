import type { ObjectType } from '../portal/object-types.ts';
import { type Portal, type Table, tiesOf } from '../portal/portal.ts';
import { LIFECYCLE_STAGES } from '../schema/contact-properties.ts';
import type { End } from '../ties/associations.ts';
import type { Values } from './checking.ts';
import type { Stored, Version } from './records.ts';

type Properties = Readonly<Record<string, string>>;

const NO_VERSIONS: Stored['versions'] = new Map();

/** What is worked out from a record's own values; empty when there is nothing to work it out from. */
function workOut(type: ObjectType, properties: Properties): Readonly<Record<string, string | undefined>> {
  if (type.name !== 'contacts') return {};
  const { email, firstname, lastname, phone, mobilephone } = properties;
  return {
    hs_email_domain: email?.split('@')[1],
    hs_full_name_or_email: [firstname, lastname].filter((name) => name !== undefined).join(' ') || email,
    hs_calculated_phone_number: phone?.replace(/[^\d+]/g, '') || undefined,
    hs_searchable_calculated_phone_number: phone?.replace(/\D/g, '') || undefined,
    hs_searchable_calculated_mobile_number: mobilephone?.replace(/\D/g, '') || undefined,
  };
}

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

function withValues(before: Properties, values: Iterable<readonly [string, string | null | undefined]>): Properties {
  const changes = new Map(values);
  const kept = Object.entries(before).filter(([name]) => !changes.has(name));
  const set = [...changes].flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries([...kept, ...set]);
}

function stamped(type: ObjectType, properties: Properties, { at, by, staged }: { at: string; by: number; staged: boolean }): Properties {
  const stage = staged ? properties.lifecyclestage : undefined;
  return withValues(properties, [
    ...Object.entries(workOut(type, properties)),
    [type.modified, at],
    ['hs_lastmodifieddate', at],
    ['hs_updated_by_user_id', String(by)],
    ...(stage !== undefined && LIFECYCLE_STAGES.includes(stage) ? [[`hs_lifecyclestage_${stage}_date`, at] as const] : []),
  ]);
}

/** A record that did not exist before, as of `createdAt`; it is not kept yet. */
export function newRecord(type: ObjectType, values: Values, { id, createdAt, by }: { id: string; createdAt: string; by: number }): Stored {
  const written = withValues({ hs_object_id: id, createdate: createdAt, hs_created_by_user_id: String(by) }, values);
  const named = type.name === 'contacts' ? { ...written, hs_all_contact_vids: id } : written;
  const properties = stamped(type, named, { at: createdAt, by, staged: true });
  return { id, properties, createdAt, updatedAt: createdAt, archivedAt: null, versions: NO_VERSIONS };
}

/** Creates a record with values that were checked. */
export function createRecord(portal: Portal, type: ObjectType, { values, by }: { values: Values; by: number }): Stored {
  const table = portal.table(type);
  const record = newRecord(type, values, { id: table.records.nextId(), createdAt: portal.now().toISOString(), by });
  table.records.insert(record);
  claimAll(table, record);
  return keep(portal, table, record);
}

/** The next modified date of a record: never the same twice, even when two writes fall into one millisecond. */
export function nextTouch(portal: Portal, record: Stored): string {
  return new Date(Math.max(portal.now().getTime(), Date.parse(record.updatedAt) + 1)).toISOString();
}

function versionsAfter(before: Stored, values: Values, at: string): Stored['versions'] {
  const versions = new Map(before.versions);
  for (const [name, value] of values) {
    const first = before.properties[name];
    const older: readonly Version[] =
      versions.get(name) ?? (first === undefined ? [] : [{ value: first, timestamp: before.createdAt, sourceType: 'API' }]);
    versions.set(name, [{ value: value ?? '', timestamp: at, sourceType: 'INTEGRATION' }, ...older]);
  }
  return versions;
}

/** Changes a record with values that were checked, in the name of a user. What is already so is no change, and moves nothing. */
export function changeRecord(
  portal: Portal,
  type: ObjectType,
  { before, values, by }: { before: Stored; values: Values; by: number },
): Stored {
  const changed = new Map([...values].filter(([name, value]) => (before.properties[name] ?? null) !== value));
  if (changed.size === 0) return before;
  const table = portal.table(type);
  const updatedAt = nextTouch(portal, before);
  const properties = stamped(type, withValues(before.properties, changed), { at: updatedAt, by, staged: changed.has('lifecyclestage') });
  releaseAll(table, before);
  const record = { ...before, properties, updatedAt, versions: versionsAfter(before, changed, updatedAt) };
  claimAll(table, record);
  return keep(portal, table, record);
}

/** Moves the modified date and nothing else, as the vendor's own jobs do. `at` lets many records share one moment. */
export function touchRecord(portal: Portal, table: Table, { record, at }: { record: Stored; at: string }): Stored {
  return keep(portal, table, {
    ...record,
    updatedAt: at,
    properties: { ...record.properties, [table.type.modified]: at, hs_lastmodifieddate: at },
  });
}

function primaryCompanyOf(portal: Portal, contact: End, companies: ObjectType): string | null {
  const primary = portal.associations.primaryOf(contact, companies);
  return primary !== null && tiesOf(portal, contact, companies).some(({ id }) => id === primary) ? primary : null;
}

/** Brings `associatedcompanyid` in step with the primary company; whether the modified date moves is a switch. */
export function followTies(portal: Portal, ends: readonly End[], companies: ObjectType): void {
  for (const end of ends) {
    const table = portal.table(end.type);
    const before = table.records.live(end.id);
    if (before === undefined) continue;
    const primary = end.type.name === 'contacts' ? primaryCompanyOf(portal, end, companies) : null;
    const moved = (before.properties.associatedcompanyid ?? null) !== primary;
    const properties = withValues(before.properties, [['associatedcompanyid', primary]]);
    const record = moved ? keep(portal, table, { ...before, properties }) : before;
    if (portal.switches.associationBumps) touchRecord(portal, table, { record, at: nextTouch(portal, record) });
  }
}
