import { HubError } from '../../../src/contract/errors.ts';
import type { Create, FieldValue, Update, Fields as Values } from '../../../src/contract/records.ts';
import { unfit } from '../http/errors.ts';
import type { User } from '../http/wire.ts';
import { KEY_FIELD } from '../manifest.ts';
import { OWNER_COLUMN, OWNER_FIELD } from '../object-types.ts';
import { type Room, slotNamed } from '../room.ts';
import { type Fields, hasKey } from '../schema/schema.ts';
import { type Encoded, encode } from '../schema/values.ts';
import { entriesOf, roleIn } from '../ties/change-rows.ts';
import type { Slot } from '../ties/slots.ts';

export type Filling = Create | Update;
export type Body = Readonly<Record<string, unknown>>;
type Kind = Pick<Room, 'type' | 'fallbackOwner'>;
type Known = { readonly fields: Fields; readonly users: readonly User[]; readonly roles: ReadonlySet<string> | null };

/** What it takes to put some writes into Salesforce's words: the users only where one of them names an owner. */
export async function knownFor(room: Room, writes: readonly Filling[]): Promise<Known> {
  const { schema } = room;
  const fields = await schema.fields();
  const namesOwner = writes.some(({ fields: { [OWNER_FIELD]: owner } }) => typeof owner === 'string' && owner !== '');
  return { fields, users: namesOwner ? await schema.users.list() : [], roles: await rolesFor(room, writes) };
}

/** The roles that there are, where a write names one. */
async function rolesFor({ type: { tie }, tieSchema }: Room, writes: readonly Filling[]): Promise<Known['roles']> {
  if (tie?.role == null || !writes.some(({ fields }) => entriesOf(fields[tie.field]).some((entry) => roleIn(entry) !== null))) return null;
  const options = (await tieSchema?.fields())?.get(tie.role)?.options ?? [];
  return new Set(options.map(({ value }) => value));
}

/** Why the records that a write wants to be tied to cannot be, or null. */
function tieMisfit({ type: { tie } }: Kind, write: Filling, roles: Known['roles']): HubError | null {
  const wished = tie === null ? [] : entriesOf(write.fields[tie.field]);
  if (tie === null || wished.length === 0) return null;
  if (write.verb === 'create') return unfit(tie.field, 'a new record is tied to others once it is there');
  const strange = wished.find((entry) => !entry.startsWith(tie.prefix) || (tie.role === null && roleIn(entry) !== null));
  if (strange !== undefined) return unfit(tie.field, `Salesforce cannot keep ${strange} there`);
  const unknown = wished.map(roleIn).find((role) => role !== null && roles?.has(role) !== true);
  return unknown == null ? null : unfit(tie.field, `Salesforce has no role "${unknown}" for them: add it there, or correct it`);
}

/** The row of a write: with the hub's key where the org has room for it; or the error of the first field that does not fit. */
export function encodeWrite(kind: Kind, write: Filling, known: Known): Body | HubError {
  const fields = encodeFields(kind, write, known);
  if (fields instanceof HubError) return fields;
  const attributes = { type: kind.type.name };
  if (write.verb === 'update') return { attributes, id: write.id, ...fields };
  return { attributes, ...fields, ...(hasKey(known.fields) ? { [KEY_FIELD]: write.key } : {}) };
}

function encodeFields(kind: Kind, write: Filling, { fields, users, roles }: Known): Body | HubError {
  const misfit = tieMisfit(kind, write, roles);
  if (misfit !== null) return misfit;
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(write.fields)) {
    if (slotNamed(kind.type, name) !== undefined || name === kind.type.tie?.field) continue;
    const isOwner = name === OWNER_FIELD;
    // A new record without an owner gets the org's default one.
    if (isOwner && write.verb === 'create' && (value === null || value === '')) continue;
    const encoded = isOwner ? encodeOwner(value, users, kind.fallbackOwner) : encode(value, fields.get(name));
    if (!encoded.ok) return unfit(name, encoded.reason);
    body[isOwner ? OWNER_COLUMN : name] = encoded.value;
  }
  const slots = encodeSlots(kind, write);
  return slots instanceof HubError ? slots : { ...body, ...slots };
}

// Whom Salesforce does not know gives way to the fallback, where the operator named one.
function encodeOwner(value: FieldValue, users: readonly User[], fallbackOwner: string | null): Encoded {
  if (typeof value !== 'string' || value === '') return { ok: false, reason: 'a record has to have an owner' };
  const named = usersWith(users, value.trim().toLowerCase());
  if (named.length > 1) return { ok: false, reason: 'several active users have this e-mail' };
  const [user = fallbackAmong(users, fallbackOwner)] = named;
  return user === undefined ? { ok: false, reason: 'no active user has this e-mail' } : { ok: true, value: user.id };
}

const usersWith = (users: readonly User[], address: string) => users.filter(({ email }) => email?.toLowerCase() === address);

function fallbackAmong(users: readonly User[], fallbackOwner: string | null): User | undefined {
  if (fallbackOwner === null) return undefined;
  const [fallback, ...more] = usersWith(users, fallbackOwner);
  if (fallback !== undefined && more.length === 0) return fallback;
  throw new HubError('misconfigured', `The fallback owner ${fallbackOwner} is not one active user in Salesforce`);
}

/** The columns that several fields of ours share. One holds one record: a second is refused, by the name of its field, and never dropped. */
function encodeSlots({ type: { slots } }: Kind, write: Filling): Body | HubError {
  const body: Record<string, unknown> = {};
  for (const column of new Set(slots.map((slot) => slot.column))) {
    const sharing = slots.filter((slot) => slot.column === column);
    const named = sharing.filter(({ field }) => write.fields[field] !== undefined);
    if (named.length === 0) continue;
    const wanted = sharing.flatMap((slot) => entriesOf(wishOf(slot, write)).map((id) => ({ id, slot })));
    const strange = wanted.find(({ id, slot }) => id.includes('#') || !id.startsWith(slot.prefix));
    if (strange !== undefined) return unfit(strange.slot.field, `Salesforce cannot keep ${strange.id} there: it takes ids without labels`);
    const refused = wanted.length > 1 ? wanted.findLast(({ slot }) => named.includes(slot)) : undefined;
    if (refused !== undefined)
      return unfit(refused.slot.field, `Salesforce has room for one record in ${column}, and this would be another`);
    body[column] = wanted[0]?.id ?? null;
  }
  return body;
}

function wishOf({ field }: Slot, { fields, ...write }: Filling): FieldValue {
  const seen: Values = 'seen' in write ? write.seen : {};
  return fields[field] ?? (field in fields ? null : (seen[field] ?? null));
}
