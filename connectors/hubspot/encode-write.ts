import { HubError } from '../../src/contract/errors.ts';
import type { Fields, FieldValue } from '../../src/contract/records.ts';
import type { Label } from './labels.ts';
import { OWNER_FIELD, OWNER_PROPERTY } from './object-types.ts';
import type { Room } from './room.ts';
import { parseEntries } from './ties.ts';
import { encode } from './values.ts';

/**
 * A write in HubSpot's words. `reference`: the id to associate as the primary one, null for none; `references`: all ids to associate, with
 * their labels; undefined when the write does not speak of it.
 */
export type Encoded = {
  readonly properties: Readonly<Record<string, string>>;
  readonly reference: string | null | undefined;
  readonly references: ReadonlyMap<string, readonly Label[]> | undefined;
};

/** Some fields in HubSpot's words, or the reason why they cannot be said. */
export async function encodeFields(room: Room, fields: Fields): Promise<Encoded | HubError> {
  const schema = await room.properties();
  const properties: Record<string, string> = {};
  let reference: Encoded['reference'];
  let references: Encoded['references'];
  for (const [field, value] of Object.entries(fields)) {
    if (field === room.type.reference?.field) {
      if (value !== null && typeof value !== 'string') return refusal(field, `${field} must be an id`);
      reference = value === '' ? null : value;
    } else if (field === room.type.reference?.many) {
      const encoded = await encodeTies(room, field, value);
      if (encoded instanceof HubError) return encoded;
      references = encoded;
    } else if (field === OWNER_FIELD) {
      const id = value === null || value === '' ? '' : (await room.owners.ids()).get(String(value).trim().toLowerCase());
      if (id === undefined) return refusal(field, 'HubSpot has no active owner with this e-mail address', 'INVALID_OWNER');
      properties[OWNER_PROPERTY] = id;
    } else properties[field] = encode(schema.get(field)?.type ?? 'text', value);
  }
  return { properties, reference, references };
}

function refusal(field: string, message: string, code?: string): HubError {
  return new HubError('record_rejected', message, { fields: [field], ...(code === undefined ? {} : { code }) });
}

async function encodeTies(room: Room, field: string, value: FieldValue): Promise<ReadonlyMap<string, readonly Label[]> | HubError> {
  const entries = parseEntries(value);
  if ('wrong' in entries) return refusal(field, `${field} must be a list of ids, each alone or with #label, and not ${entries.wrong}`);
  const names = [...entries.values()].flatMap((labels) => [...labels]);
  const labels = await labelsNamed(room, names);
  const unknown = names.find((name) => !labels.has(name));
  if (unknown !== undefined)
    return refusal(field, `HubSpot has no association label "${unknown}" for ${field}: make it there, or correct it`, 'UNKNOWN_LABEL');
  return new Map([...entries].map(([id, some]) => [id, [...some].flatMap((name) => labels.get(name) ?? [])]));
}

// A label that is not among those that were read may have been made since.
async function labelsNamed({ labels }: Room, names: readonly string[]): Promise<ReadonlyMap<string, Label>> {
  if (names.length === 0) return new Map();
  const known = await labels.all();
  return names.every((name) => known.has(name)) ? known : labels.fresh();
}
