import { HubError } from '../../../src/contract/errors.ts';
import type { FieldValue, Present } from '../../../src/contract/records.ts';
import { indexBy } from '../../../src/kernel/lists.ts';
import { asRefusal } from '../http/errors.ts';
import type { VendorRecord } from '../http/wire.ts';
import { CHANGED_BY_PROPERTY, OWNER_FIELD, OWNER_PROPERTY } from '../object-types.ts';
import type { Reference } from '../references.ts';
import type { Room } from '../room.ts';
import type { Properties } from '../schema/properties.ts';
import { decode } from '../schema/values.ts';
import type { Shown } from '../ties/ties.ts';
import { compareIds } from './search.ts';
import { shift } from './times.ts';

/** What is known of one of a record's references; undefined when nothing was shown of it. */
export type TiesOf = (record: VendorRecord, reference: Reference) => Shown | undefined;

/** Records as observations: only asked fields, and only those that HubSpot showed. */
export async function observeRecords(
  room: Room,
  records: readonly VendorRecord[],
  options: { fields: readonly string[]; tiesOf?: TiesOf },
) {
  if (records.length === 0) return [];
  const { fields, tiesOf = () => undefined } = options;
  const properties = await room.properties();
  const emails = fields.includes(OWNER_FIELD) ? await room.owners.emails(ownerIds(records)) : new Map<string, string>();
  const nameOf = await userNames(room, records, fields);
  const readers = fields.map((field) => [field, readerOf(room, field, { properties, emails, tiesOf })] as const);
  return records.map((record): Present => {
    const seen: Record<string, FieldValue> = {};
    for (const [field, read] of readers) {
      const value = read(record);
      if (value !== undefined) seen[field] = value;
    }
    return { kind: 'present', id: record.id, changedAt: record.updatedAt, version: null, fields: seen, ...historyOf(record, nameOf) };
  });
}

type By = { readonly properties: Properties; readonly emails: ReadonlyMap<string, string>; readonly tiesOf: TiesOf };

function readerOf(room: Room, field: string, { properties, emails, tiesOf }: By): (record: VendorRecord) => FieldValue | undefined {
  // Contacts have a plain property `company` too; the reference goes before it.
  const reference = room.type.references.find((one) => field === one.field || field === one.many);
  if (reference !== undefined)
    return (record) => (field === reference.many ? tiesOf(record, reference)?.many : tiesOf(record, reference)?.one);
  if (field === OWNER_FIELD) return (record) => ownerOf(record, emails, room.hubspot.fallbackOwner);
  const type = properties.get(field)?.type ?? 'text';
  return (record) => {
    const value = record.properties[field];
    return value === undefined ? undefined : decode(type, value);
  };
}

// Somebody whom HubSpot does not name is not the same as nobody; and of what the fallback owner has, nothing is said.
function ownerOf(
  { properties }: VendorRecord,
  emails: ReadonlyMap<string, string>,
  fallbackOwner: string | null,
): string | null | undefined {
  const id = properties[OWNER_PROPERTY];
  if (id === undefined) return undefined;
  const email = id === null || id === '' ? null : emails.get(id);
  return email !== null && email === fallbackOwner ? undefined : email;
}

/**
 * What a write showed, by id. Showing it may take a request of its own (an owner who was never seen); when that is refused the write is
 * done all the same, so nothing is shown rather than the write called undone.
 */
export async function observeWritten(
  room: Room,
  records: readonly VendorRecord[],
  options: { fields: readonly string[]; tiesOf: TiesOf; unsaid: readonly string[] },
) {
  try {
    const observed = await observeRecords(room, records, options);
    return indexBy(
      observed.map((one) => withoutClaim(one, options)),
      ({ id }) => id,
    );
  } catch (error) {
    if (error instanceof HubError) return new Map<string, Present>();
    throw error;
  }
}

// Somebody may have edited the record right before our write, in a field that the answer leaves out. An answer that does not show every
// field must not pass for the whole version, or the next read would take that edit for known: it counts as the moment before.
// What does not move the modified date may be left unsaid.
function withoutClaim(observed: Present, { fields, unsaid }: { fields: readonly string[]; unsaid: readonly string[] }): Present {
  const isWhole = fields.every((field) => field in observed.fields || unsaid.includes(field));
  return isWhole ? observed : { ...observed, changedAt: shift(observed.changedAt, -1) };
}

// Ids of former records, and who changed it last: what HubSpot tells of a record beside its fields.
function historyOf({ id, properties }: VendorRecord, nameOf: (userId: string) => string): Pick<Present, 'changedBy' | 'formerIds'> {
  const absorbed = [...parseIds(properties.hs_merged_object_ids), ...parseIds(properties.hs_calculated_merged_vids)];
  const formerIds = [...new Set(absorbed)].filter((one) => one !== id).sort(compareIds);
  const userId = properties[CHANGED_BY_PROPERTY];
  return { ...(userId ? { changedBy: nameOf(userId) } : {}), ...(formerIds.length === 0 ? {} : { formerIds }) };
}

// `1;2`, or with the time of each merge: `1:1700000000000;2:1700000000000`.
function parseIds(shown: string | null | undefined): readonly string[] {
  return (shown ?? '').split(';').flatMap((one) => /^\s*(\d+)(?::|\s*$)/.exec(one)?.[1] ?? []);
}

/**
 * Users by the names of the owners that they are. Owners are read for it only where their addresses are asked for, so that the name of a
 * user costs nothing, and its lack fails nothing.
 */
async function userNames({ owners }: Room, records: readonly VendorRecord[], fields: readonly string[]): Promise<(id: string) => string> {
  const isWanted = fields.includes(OWNER_FIELD) && records.some(({ properties }) => properties[CHANGED_BY_PROPERTY]);
  if (isWanted) await owners.all().catch(asRefusal);
  return (id) => owners.nameOfUser(id) ?? `user ${id}`;
}

function ownerIds(records: readonly VendorRecord[]): ReadonlySet<string> {
  return new Set(records.flatMap(({ properties }) => properties[OWNER_PROPERTY] || []));
}
