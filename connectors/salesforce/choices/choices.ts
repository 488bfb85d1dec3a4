import { type Choice, type ChoiceAdder, type ChoiceList, type Closed, LIST_CLOSED } from '../../../src/contract/choices.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { VendorField } from '../http/wire.ts';
import { fieldsOwner, OWNER_FIELD } from '../object-types.ts';
import { isVirtual, type Room } from '../room.ts';
import { customFieldsNamed } from '../schema/tooling.ts';
import { type FieldMetadata, parseFieldMetadata, withValues } from './metadata.ts';

/** Adds values to the custom picklists of one object. */
export function openChoiceAdder(room: Room): ChoiceAdder {
  return { look: async (field) => (await read(room, field)).list, add: (field, choices) => add(room, field, choices) };
}

/** The values of a picklist; `definition`: what it is defined by, where values can be added to it. */
type Found = { readonly list: ChoiceList; readonly definition: { readonly path: string; readonly metadata: FieldMetadata } | null };

/**
 * Salesforce takes a definition for the whole of it, knows no version of it, and puts values out of use that are missing in it: so it is read right
 * before, and sent back as it came with ours behind.
 */
async function add(room: Room, field: string, choices: readonly Choice[]): Promise<readonly Choice[]> {
  const { list, definition } = await read(room, field);
  const lacking = choices.filter(({ value }) => !list.choices.some((one) => one.value === value));
  if (list.closed !== null || definition === null)
    throw new HubError('misconfigured', list.closed?.reason ?? `${field} cannot be changed`, { code: LIST_CLOSED, fields: [field] });
  if (lacking.length === 0) return list.choices;
  refuseParted(field, definition.metadata, lacking);
  await room.client.send({ method: 'PATCH', path: definition.path, body: { Metadata: withValues(definition.metadata, lacking) } });
  const shown = (await room.schema.refresh()).get(field)?.options ?? [];
  const missed = lacking.find(({ value }) => !shown.some((one) => one.value === value));
  if (missed === undefined) return shown;
  // Somebody who changed the field in the same moment has put theirs in the place of ours.
  throw new HubError('stale_write', `Salesforce took the new values of ${field}, and does not show them: somebody else may change it too`, {
    fields: [field],
  });
}

/** Several values of one record are kept as one text, in which a semicolon parts them. */
function refuseParted(field: string, { several }: FieldMetadata, choices: readonly Choice[]): void {
  if (!several || !choices.some(({ value }) => value.includes(';'))) return;
  throw new HubError('record_rejected', `${field} takes several values, so none of them can hold a semicolon`, { fields: [field] });
}

async function read(room: Room, field: string): Promise<Found> {
  const shown = (await room.schema.refresh()).get(field);
  const choices = shown?.options ?? [];
  const closed = closedByName(room, field) ?? closedBy(field, shown);
  if (closed !== null) return { list: { choices, closed }, definition: null };
  const { client, type } = room;
  const name = field.replace(/__c$/, '');
  const id = (await customFieldsNamed(client, fieldsOwner(type), [name])).get(name)?.id;
  if (id === undefined)
    return { list: { choices, closed: closedAs('fixed', `${field} is no custom field of ${type.name}`) }, definition: null };
  const path = `/tooling/sobjects/CustomField/${id}`;
  const metadata = parseFieldMetadata((await client.send({ method: 'GET', path })).body);
  return { list: { choices, closed: closedByDefinition(field, metadata) }, definition: { path, metadata } };
}

const closedAs = (because: Closed, reason: string) => ({ because, reason });

/** Fields whose choices are no values of a picklist. */
function closedByName({ type }: Room, field: string): ChoiceList['closed'] {
  if (field === OWNER_FIELD) return closedAs('kept_elsewhere', 'Who can own a record is decided by the users of the org');
  return isVirtual(type, field) ? closedAs('no_list', `${field} leads to other records and has no values to choose from`) : null;
}

function closedBy(field: string, shown: VendorField | undefined): ChoiceList['closed'] {
  if (shown === undefined) return closedAs('no_list', `Salesforce has no field ${field} here, or hides it from the integration user`);
  if (shown.type !== 'picklist' && shown.type !== 'multipicklist') return closedAs('no_list', `${field} is ${shown.type} in Salesforce`);
  // What is refused there all the same is refused by a record type.
  if (!shown.restrictedPicklist) return closedAs('no_list', `${field} takes any value: its list is not restricted to the values in it`);
  if (/^\w+?__\w+__c$/.test(field)) return closedAs('packaged', `${field} belongs to an installed package`);
  return field.endsWith('__c')
    ? null
    : closedAs('fixed', `${field} is a standard field of Salesforce; its values are kept in Setup, Object Manager`);
}

function closedByDefinition(field: string, { sharedAs, ruledBy }: FieldMetadata): ChoiceList['closed'] {
  if (sharedAs !== null)
    return closedAs('shared', `${field} takes its values from the global value set ${sharedAs}, which other fields have as well`);
  return ruledBy === null ? null : closedAs('dependent', `Which values of ${field} go with which of ${ruledBy} is decided in Setup`);
}
