import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Value } from '../store/row.ts';
import type { Caller } from './input.ts';

/** What a write by `caller` stamps a record with. */
export function stampOf(stamp: number, caller: Pick<Caller, 'userId'>) {
  return { LastModifiedDate: stamp, LastModifiedById: caller.userId, SystemModstamp: stamp };
}

/** A row with every stored field of its object, as a new record has them. */
export function blank(schema: ObjectSchema): Record<string, Value> {
  const stored = [...schema.fields.values()].filter(({ computed }) => computed === null);
  return Object.fromEntries(stored.map(({ name, initial }) => [name, initial]));
}
