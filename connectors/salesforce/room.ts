import { HubError } from '../../src/contract/errors.ts';
import type { Client } from './http/client.ts';
import { type ObjectType, OWNER_COLUMN, OWNER_FIELD } from './object-types.ts';
import type { Schema } from './schema/schema.ts';
import { rowsOf } from './ties/roles.ts';
import type { Slot } from './ties/slots.ts';

/** All that the code of one object works with. */
export type Room = {
  readonly client: Client;
  readonly type: ObjectType;
  readonly schema: Schema;
  /** Of the rows in between that tie its records to others. */
  readonly tieSchema: Schema | null;
  /** Of the accounts that are written where a contact stands for a person account. */
  readonly accountSchema: Schema;
  /** How far before the last poll each one looks. */
  readonly overlapMs: () => number;
  /** How many records have to be left for a job that gathers them. */
  readonly bulkFrom: () => number;
  /** How many new records have to be due for a job that makes them. */
  readonly bulkWritesFrom: () => number;
  /** Who owns what nobody known to Salesforce owns, by e-mail in lower case. */
  readonly fallbackOwner: string | null;
};

/** What of ours a column of theirs is shown as, where several fields may be. */
export function slotNamed({ slots }: ObjectType, field: string): Slot | undefined {
  return slots.find((slot) => slot.field === field);
}

/** Whether something else than a column of the same name stands behind a field. */
export function isVirtual(type: ObjectType, field: string): boolean {
  return field === OWNER_FIELD || field === type.tie?.field || slotNamed(type, field) !== undefined;
}

/** The columns behind some asked fields. */
export function columnsBehind(type: ObjectType, fields: readonly string[]): readonly string[] {
  return [...new Set(fields.flatMap((field) => columnsOf(type, field)))];
}

// Anything that is no API name is refused, so it cannot become SOQL.
function columnsOf(type: ObjectType, field: string): readonly string[] {
  // A queue may have an address, and is nobody all the same.
  if (field === OWNER_FIELD) return type.queues ? ['Owner.Email', OWNER_COLUMN] : ['Owner.Email'];
  if (type.tie?.field === field) return [rowsOf(type.tie)];
  const slot = slotNamed(type, field);
  if (slot !== undefined) return [slot.column];
  if (!/^[A-Za-z]\w*$/.test(field))
    throw new HubError('misconfigured', `${field} is no API name of a Salesforce field`, { fields: [field] });
  return [field];
}

/** The columns that tell what became of a record: whether it lies in the bin, and where it lives on. */
export function fateOf({ merges, conversion }: ObjectType): readonly string[] {
  return ['IsDeleted', ...(merges ? ['MasterRecordId'] : []), ...conversionOf(conversion)];
}

/** The columns that tell it of records which are not in the bin. */
export function fateOfLiving({ conversion }: ObjectType): readonly string[] {
  return conversionOf(conversion);
}

const conversionOf = (conversion: ObjectType['conversion']) => (conversion === null ? [] : [conversion.is, conversion.into]);
