import { HubError } from '../../src/contract/errors.ts';
import type { FieldValue, Present } from '../../src/contract/records.ts';
import { indexBy } from '../../src/kernel/lists.ts';
import { OWNER_FIELD, OWNER_PROPERTY } from './object-types.ts';
import type { Properties } from './properties.ts';
import type { Room } from './room.ts';
import { shift } from './times.ts';
import { decode } from './values.ts';
import type { VendorRecord } from './wire.ts';

/** What the reference of a record shows; undefined when nothing was shown of it. */
export type ReferenceOf = (record: VendorRecord) => string | null | undefined;

/** Records as observations: only asked fields, and only those that HubSpot showed. */
export async function observeRecords(
  room: Room,
  records: readonly VendorRecord[],
  options: { fields: readonly string[]; referenceOf?: ReferenceOf },
) {
  if (records.length === 0) return [];
  const { fields, referenceOf = () => undefined } = options;
  const properties = await room.properties();
  const emails = fields.includes(OWNER_FIELD) ? await room.owners.emails(ownerIds(records)) : new Map<string, string>();
  const readers = fields.map((field) => [field, readerOf(room, field, { properties, emails, referenceOf })] as const);
  return records.map((record): Present => {
    const seen: Record<string, FieldValue> = {};
    for (const [field, read] of readers) {
      const value = read(record);
      if (value !== undefined) seen[field] = value;
    }
    return { kind: 'present', id: record.id, changedAt: record.updatedAt, version: null, fields: seen };
  });
}

type By = { readonly properties: Properties; readonly emails: ReadonlyMap<string, string>; readonly referenceOf: ReferenceOf };

function readerOf(room: Room, field: string, { properties, emails, referenceOf }: By): (record: VendorRecord) => FieldValue | undefined {
  // Contacts have a plain property `company` too; the reference goes before it.
  if (field === room.type.reference?.field) return referenceOf;
  if (field === OWNER_FIELD) return (record) => ownerOf(record, emails);
  const type = properties.get(field)?.type ?? 'text';
  return (record) => {
    const value = record.properties[field];
    return value === undefined ? undefined : decode(type, value);
  };
}

// Somebody whom HubSpot does not name is not the same as nobody.
function ownerOf({ properties }: VendorRecord, emails: ReadonlyMap<string, string>): string | null | undefined {
  const id = properties[OWNER_PROPERTY];
  if (id === undefined) return undefined;
  return id === null || id === '' ? null : emails.get(id);
}

/**
 * What a write showed, by id. Showing it may take a request of its own (an owner who was never seen); when that is refused the write is
 * done all the same, so nothing is shown rather than the write called undone.
 */
export async function observeWritten(
  room: Room,
  records: readonly VendorRecord[],
  options: { fields: readonly string[]; referenceOf: ReferenceOf },
) {
  try {
    const observed = await observeRecords(room, records, options);
    return indexBy(
      observed.map((one) => withoutClaim(one, room, options.fields)),
      ({ id }) => id,
    );
  } catch (error) {
    if (error instanceof HubError) return new Map<string, Present>();
    throw error;
  }
}

// Somebody may have edited the record right before our write, in a field that the answer leaves out. An answer that does not show every
// field must not pass for the whole version, or the next read would take that edit for known: it counts as the moment before.
function withoutClaim(observed: Present, room: Room, fields: readonly string[]): Present {
  const isWhole = fields.every((field) => field in observed.fields || field === room.type.reference?.field);
  return isWhole ? observed : { ...observed, changedAt: shift(observed.changedAt, -1) };
}

function ownerIds(records: readonly VendorRecord[]): ReadonlySet<string> {
  return new Set(records.flatMap(({ properties }) => properties[OWNER_PROPERTY] || []));
}
