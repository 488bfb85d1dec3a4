import { HELD_BY, type OwnField, type Standing } from '../../../src/contract/provision.ts';
import type { VendorField } from '../http/wire.ts';
import { fieldTypeOf } from '../schema/values.ts';

/** What stands under a name: what the integration user is shown of it, or that it is there and hidden from this user. */
export type Found = { readonly shown: VendorField | undefined; readonly hidden: boolean };

const KEY_MIN = 36;
const ELSEWHERE = 'Rename or delete that field in Salesforce (Setup, Object Manager) and run this again, or map the field to another name';

const unfit = (reason: string, advice: string = ELSEWHERE): Standing => ({ state: 'unfit', reason, advice });
const lacking = (right: string): Standing => ({ state: 'incomplete', lacks: [right] });

/** How one of the hub's own fields stands. */
export function standingOf(own: OwnField, { shown, hidden }: Found): Standing {
  if (shown !== undefined) return misfitOf(own, shown) ?? rightsOn(shown);
  if (!/^[A-Za-z](?:_?[A-Za-z0-9])*__c$/.test(own.name) || own.name.length > NAME_MAX)
    return unfit(
      `Salesforce has no names like "${own.name}": they hold A-Z, a-z, 0-9, and single _, and end in __c`,
      'Map the field to another name',
    );
  return hidden ? lacking('the right to see it') : { state: 'missing' };
}

/** With `__c`. */
const NAME_MAX = 43;

const rightsOn = ({ updateable }: VendorField): Standing => (updateable ? { state: 'fits' } : lacking('the right to edit it'));

/** Why what is there is something else; null when it is not. */
function misfitOf(own: OwnField, shown: VendorField): Standing | null {
  const type = fieldTypeOf(shown.type);
  if (type === null || !HELD_BY[own.type].includes(type))
    return unfit(
      `it is ${shown.type} there and has to be ${own.type}: what Syncline writes would be refused or read back as another value`,
    );
  if (shown.calculated) return unfit('it is worked out by a formula there, so nothing can be written to it');
  return keyMisfit(own, shown) ?? valueMisfit(own, shown);
}

function keyMisfit({ unique }: OwnField, shown: VendorField): Standing | null {
  if (shown.unique && !unique) return unfit('it keeps its values unique, and two people may well have the same');
  if (!unique) return null;
  if (!shown.unique || !shown.externalId)
    return unfit(
      'it is no unique external id, so two records could have one key',
      'Make it External ID and Unique in Salesforce (Setup, Object Manager)',
    );
  return shown.length < KEY_MIN ? unfit(`it holds ${shown.length} characters, and a key has ${KEY_MIN}`) : null;
}

function valueMisfit({ decimals, choices }: OwnField, shown: VendorField): Standing | null {
  if (decimals !== null && shown.scale < decimals)
    return unfit(`it keeps ${shown.scale} digits behind the point, and ${decimals} are written`, 'Give it more in Salesforce');
  const options = new Set(shown.options.map(({ value }) => value));
  const lacks = shown.restrictedPicklist ? (choices ?? []).filter(({ value }) => !options.has(value)) : [];
  if (lacks.length === 0) return null;
  return unfit(
    `its list is closed and lacks ${lacks.map(({ value }) => value).join(', ')}`,
    'Add these values in Salesforce (Setup, Object Manager), for each record type, or open the list',
  );
}
