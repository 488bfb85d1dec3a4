import { HubError } from '../../../src/contract/errors.ts';
import type { Fields, FieldValue } from '../../../src/contract/records.ts';
import type { Reference } from '../references.ts';
import type { Room } from '../room.ts';
import type { TieWish } from './change-ties.ts';
import type { Label } from './labels.ts';
import { parseEntries } from './ties.ts';

/** What a write says of one of the references. `to` names the kind without a label, whatever the portal calls it. */
export type Wish = {
  readonly to: Reference;
  /** The id to associate as the primary one, null for none; undefined when the write does not speak of it. */
  readonly primary: string | null | undefined;
  /** All ids to associate, with their labels; undefined when the write does not speak of them. */
  readonly all: ReadonlyMap<string, readonly Label[]> | undefined;
};

/** What some fields say of the references of their record, or the reason why it cannot be said. */
export async function readWishes(room: Room, fields: Fields): Promise<readonly Wish[] | HubError> {
  const wishes: Wish[] = [];
  for (const reference of room.type.references) {
    const [one, many] = [reference.field === null ? undefined : fields[reference.field], fields[reference.many]];
    if (one === undefined && many === undefined) continue;
    if (one !== undefined && one !== null && typeof one !== 'string')
      return wrong(reference.field ?? reference.many, `${reference.field} must be an id`);
    const all = many === undefined ? undefined : await readAll(room, reference, many);
    if (all instanceof HubError) return all;
    wishes.push({ to: await withPlain(room, reference), primary: one === '' ? null : one, all });
  }
  return wishes;
}

// A portal's own types have a number of their own for the plain tie.
async function withPlain({ labels }: Room, reference: Reference): Promise<Reference> {
  return reference.plain === null ? { ...reference, plain: (await labels.all(reference)).plain } : reference;
}

async function readAll(room: Room, to: Reference, value: FieldValue): Promise<ReadonlyMap<string, readonly Label[]> | HubError> {
  const entries = parseEntries(value);
  if ('wrong' in entries) return wrong(to.many, `${to.many} must be a list of ids, each alone or with #label, and not ${entries.wrong}`);
  const names = [...entries.values()].flatMap((labels) => [...labels]);
  const labels = await labelsNamed(room, to, names);
  const unknown = names.find((name) => !labels.has(name));
  if (unknown !== undefined)
    return wrong(to.many, `HubSpot has no association label "${unknown}" for ${to.many}: make it there, or correct it`, 'UNKNOWN_LABEL');
  return new Map([...entries].map(([id, some]) => [id, [...some].flatMap((name) => labels.get(name) ?? [])]));
}

// A label that is not among those that were read may have been made since.
async function labelsNamed({ labels }: Room, to: Reference, names: readonly string[]): Promise<ReadonlyMap<string, Label>> {
  if (names.length === 0) return new Map();
  const { named } = await labels.all(to);
  return names.every((name) => named.has(name)) ? named : (await labels.fresh(to)).named;
}

function wrong(field: string, message: string, code?: string): HubError {
  return new HubError('record_rejected', message, { fields: [field], ...(code === undefined ? {} : { code }) });
}

/** A wish together with what the hub knew of the ties when it was decided. */
export function wishOver({ to: { field, many }, primary, all }: Wish, seen: Fields): TieWish {
  const former = field === null ? undefined : seen[field];
  const known = seen[many] === undefined ? undefined : parseEntries(seen[many]);
  return {
    primary,
    all,
    former: typeof former === 'string' && former !== '' ? former : null,
    known: known !== undefined && 'wrong' in known ? undefined : known,
  };
}

/** The fields by which some wishes were said, for a refusal of what they ask for. */
export function fieldsOfWishes(wishes: Iterable<Wish>): readonly string[] {
  const fields = [...wishes].flatMap(({ to, primary, all }) => [
    ...(primary === undefined || to.field === null ? [] : [to.field]),
    ...(all === undefined ? [] : [to.many]),
  ]);
  return [...new Set(fields)];
}
