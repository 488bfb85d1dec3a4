import { HubError } from '../../src/contract/errors.ts';
import type { Fields } from '../../src/contract/records.ts';
import { OWNER_FIELD, OWNER_PROPERTY } from './object-types.ts';
import type { Room } from './room.ts';
import { encode } from './values.ts';

/** A write in HubSpot's words. `reference`: the id to associate, null for none, undefined when the write does not speak of it. */
export type Encoded = { readonly properties: Readonly<Record<string, string>>; readonly reference: string | null | undefined };

/** Some fields in HubSpot's words, or the reason why they cannot be said. */
export async function encodeFields(room: Room, fields: Fields): Promise<Encoded | HubError> {
  const schema = await room.properties();
  const properties: Record<string, string> = {};
  let reference: string | null | undefined;
  for (const [field, value] of Object.entries(fields)) {
    if (field === room.type.reference?.field) {
      if (value !== null && typeof value !== 'string')
        return new HubError('record_rejected', `${field} must be an id`, { fields: [field] });
      reference = value === '' ? null : value;
    } else if (field === OWNER_FIELD) {
      const id = value === null || value === '' ? '' : (await room.owners.ids()).get(String(value).trim().toLowerCase());
      if (id === undefined) {
        return new HubError('record_rejected', 'HubSpot has no active owner with this e-mail address', {
          code: 'INVALID_OWNER',
          fields: [field],
        });
      }
      properties[OWNER_PROPERTY] = id;
    } else properties[field] = encode(schema.get(field)?.type ?? 'text', value);
  }
  return { properties, reference };
}
