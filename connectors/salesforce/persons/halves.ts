import { PERSON_MARK } from '../object-types.ts';
import type { Room } from '../room.ts';
import type { Types } from '../schema/values.ts';

/** What a query has to ask for, and to leave out, in an org that has person accounts: what stands for a person is read as a contact, and as that alone. */
export type Halves = { readonly columns: readonly string[]; readonly words: readonly string[] };

const NONE: Halves = { columns: [], words: [] };

/** Whether the org has person accounts, by what is remembered of its schema, which spares a call. */
export async function hasPersons({ type, schema }: Pick<Room, 'type' | 'schema'>, types: Types): Promise<boolean> {
  return type.persons !== null && (await schema.typesOf([], types))[PERSON_MARK] === 'boolean';
}

export async function halvesFor(room: Pick<Room, 'type' | 'schema'>, types: Types): Promise<Halves> {
  if (!(await hasPersons(room, types))) return NONE;
  return room.type.persons === 'account' ? { columns: [], words: [`${PERSON_MARK} = false`] } : { columns: [PERSON_MARK], words: [] };
}
