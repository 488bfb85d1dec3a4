import { HubError } from '../../../src/contract/errors.ts';
import type { Fields } from '../../../src/contract/records.ts';
import { OWNER_FIELD, OWNER_PROPERTY } from '../object-types.ts';
import { isVirtual, type Room } from '../room.ts';
import { encode } from '../schema/values.ts';
import { readWishes, type Wish } from '../ties/wishes.ts';

/** A write in HubSpot's words. */
export type Encoded = { readonly properties: Readonly<Record<string, string>>; readonly wishes: readonly Wish[] };

/** Some fields in HubSpot's words, or the reason why they cannot be said. */
export async function encodeFields(room: Room, fields: Fields): Promise<Encoded | HubError> {
  const schema = await room.properties();
  const properties: Record<string, string> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (isVirtual(room.type, field)) continue;
    if (field === OWNER_FIELD) {
      const id = await ownerIdOf(room, value === null ? '' : String(value).trim().toLowerCase());
      if (id === undefined) return unknownOwner();
      properties[OWNER_PROPERTY] = id;
    } else properties[field] = encode(schema.get(field)?.type ?? 'text', value);
  }
  const wishes = await readWishes(room, fields);
  return wishes instanceof HubError ? wishes : { properties, wishes };
}

// Whom HubSpot does not know gives way to the fallback, where the operator named one.
async function ownerIdOf({ owners, hubspot: { fallbackOwner } }: Room, email: string): Promise<string | undefined> {
  if (email === '') return '';
  const ids = await owners.ids();
  const id = ids.get(email);
  if (id !== undefined || fallbackOwner === null) return id;
  const fallback = ids.get(fallbackOwner);
  if (fallback === undefined) throw new HubError('misconfigured', `The fallback owner ${fallbackOwner} is no active owner in HubSpot`);
  return fallback;
}

function unknownOwner(): HubError {
  const message = 'HubSpot has no active owner with this e-mail address';
  return new HubError('record_rejected', message, { fields: [OWNER_FIELD], code: 'INVALID_OWNER' });
}
