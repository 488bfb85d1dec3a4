import type { VendorRecord } from '../http/wire.ts';
import { KEY_PROPERTY } from '../object-types.ts';
import { readRecords } from '../read/read-records.ts';
import { keepsKey, type Room } from '../room.ts';

type Values = Readonly<Record<string, string | null>>;

/** The e-mail address of a record as HubSpot compares it, or null. */
export function emailOf({ email }: Values): string | null {
  return email ? email.trim().toLowerCase() : null;
}

/** Records by a unique property, read directly: the answer names the value it was found by. */
export async function readByKey(
  room: Room,
  keys: readonly string[],
  properties: readonly string[],
): Promise<ReadonlyMap<string, VendorRecord>> {
  const { records } = await readRecords(room, keys, { properties: [...properties, KEY_PROPERTY], idProperty: KEY_PROPERTY });
  return new Map(
    records.flatMap((record) => (record.properties[KEY_PROPERTY] ? [[record.properties[KEY_PROPERTY], record] as const] : [])),
  );
}

/** Contacts by any of their addresses, in lower case; HubSpot finds a contact by its additional addresses too. */
export async function readByEmail(
  room: Room,
  emails: readonly string[],
  properties: readonly string[],
): Promise<ReadonlyMap<string, VendorRecord>> {
  const wanted = [...properties, 'email', 'hs_additional_emails'];
  const { records } = await readRecords(room, emails, { properties: wanted, idProperty: 'email' });
  return new Map(records.flatMap((record) => addressesOf(record).map((address) => [address, record] as const)));
}

function addressesOf({ properties }: VendorRecord): readonly string[] {
  const additional = properties.hs_additional_emails?.split(';') ?? [];
  return [...additional, properties.email ?? ''].map((address) => address.trim().toLowerCase()).filter((address) => address !== '');
}

/** For each refused create, the id of the record that already has its key or its e-mail address, or null. */
export async function findTwins(room: Room, rows: readonly Values[]): Promise<readonly (string | null)[]> {
  if (rows.length === 0) return [];
  const keys = rows.flatMap((row) => row[KEY_PROPERTY] ?? []);
  const byKey = keepsKey(await room.properties()) && keys.length > 0 ? await readByKey(room, keys, []) : new Map<string, VendorRecord>();
  const left = rows.filter((row) => !byKey.has(row[KEY_PROPERTY] ?? ''));
  const emails = room.type.uniqueBy === 'email' ? left.flatMap((row) => emailOf(row) ?? []) : [];
  const byEmail = emails.length > 0 ? await readByEmail(room, emails, []) : new Map<string, VendorRecord>();
  return rows.map((row) => (byKey.get(row[KEY_PROPERTY] ?? '') ?? byEmail.get(emailOf(row) ?? ''))?.id ?? null);
}
