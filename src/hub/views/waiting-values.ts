import { sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import type { Choice, ChoiceList } from '../../contract/choices.ts';
import type { HubError } from '../../contract/errors.ts';
import type { FieldValue } from '../../contract/records.ts';
import type { Db } from '../database.ts';
import type { From } from './systems.ts';

/** A value that a field over there has no choice for, in the words of over there, and how many records wait for it. */
export type MissingChoice = { readonly value: string; readonly records: number };

/** A field over there that lacks choices. `field` is its name there, and `hubField` what it is to the hub. */
export type LackingField = {
  readonly connection: From;
  readonly object: string;
  readonly hubObject: string;
  readonly hubField: string;
  readonly field: string;
  readonly label: string;
  /** The right that it takes to add choices there, as the vendor calls it; null where the hub can add none. Whether the field takes more shows when it is looked at. */
  readonly needs: string | null;
  readonly records: number;
  readonly values: readonly MissingChoice[];
};

/** A field as it stands over there, with what waits for it. `there`: the field has that choice, and records were refused all the same. */
export type FieldChoices = Omit<LackingField, 'values'> & {
  readonly choices: readonly Choice[];
  readonly closed: ChoiceList['closed'];
  readonly values: readonly (MissingChoice & { readonly there: boolean })[];
  /** How many choices were added, and how many records are tried again; 0 where nobody asked for that. */
  readonly added: number;
  readonly retried: number;
};
export type FieldChoicesFound = { readonly ok: true; readonly found: FieldChoices } | { readonly ok: false; readonly error: HubError };

/** A value that the hub holds and cannot write. `refused`: the vendor has said so, and not only the schema that it shows. */
export type WaitingValue = {
  readonly connectionId: string;
  readonly object: string;
  readonly field: string;
  readonly value: FieldValue;
  readonly refused: boolean;
  readonly records: number;
};

/** The cause by which values are held that no choice stands for. */
export const LACKS_CHOICE = causeOf({ kind: 'refused_field', detail: { because: 'unknown_choice' } });
const MOST_VALUES = 1000;

/** The values that wait because a field over there has no choice for them; those that most records wait for first. */
export async function waitingValues(db: Db, connectionId: string | null): Promise<readonly WaitingValue[]> {
  const { rows } = await sql<WaitingValue>`
    select connection_id as "connectionId", object, field, detail -> 'value' as value, coalesce(detail ->> 'by' = 'vendor', false) as refused, count(*)::int as records
    from hold
    where closed_at is null and kind = 'refused_field' and cause = ${LACKS_CHOICE} and connection_id is not null and field is not null
      and (${connectionId}::uuid is null or connection_id = ${connectionId}::uuid)
    group by 1, 2, 3, 4, 5 order by records desc, "connectionId", object, field, value limit ${MOST_VALUES}`.execute(db);
  return rows;
}
