import { type Choice, type ChoiceAdder, type ChoiceList, type Closed, LIST_CLOSED } from '../../../src/contract/choices.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { isObject, object, type Raw } from '../http/shapes.ts';
import { OWNER_FIELD } from '../object-types.ts';
import { isVirtual, type Room } from '../room.ts';
import { type Property, parseProperty } from '../schema/properties.ts';

/** How often the list is written anew when somebody else wrote it at the same moment. */
const ROUNDS_MAX = 3;

/** Adds options to the properties of one type. */
export function openChoiceAdder(room: Room): ChoiceAdder {
  return { look: async (field) => (await read(room, field)).list, add: (field, choices) => add(room, field, choices) };
}

/**
 * HubSpot takes the list for the whole of it and knows no version of it: so it is read right before, sent back as it came with ours behind, and read
 * once more, since somebody who wrote in the same moment has put theirs in its place.
 */
async function add(room: Room, field: string, choices: readonly Choice[]): Promise<readonly Choice[]> {
  for (let round = 0; ; round += 1) {
    const { list, options, several } = await read(room, field);
    if (list.closed !== null) throw new HubError('misconfigured', list.closed.reason, { code: LIST_CLOSED, fields: [field] });
    const lacking = choices.filter(({ value }) => !list.choices.some((one) => one.value === value));
    if (lacking.length === 0) return list.choices;
    if (several) refuseParted(field, lacking);
    if (round === ROUNDS_MAX)
      throw new HubError('stale_write', `Somebody else changes the options of ${field} in HubSpot at the same time`, { fields: [field] });
    await room.hubspot.amend(pathTo(room, field), { options: [...options, ...lacking.map(optionAfter(options))] });
  }
}

function optionAfter(options: readonly Raw[]) {
  const last = Math.max(-1, ...options.map(({ displayOrder }) => (typeof displayOrder === 'number' ? displayOrder : -1)));
  return ({ value, label }: Choice, i: number) => ({ value, label, displayOrder: last + 1 + i, hidden: false });
}

/** Several options of one record are kept as one text, in which a semicolon parts them. */
function refuseParted(field: string, choices: readonly Choice[]): void {
  const parted = choices.find(({ value }) => value.includes(';'));
  if (parted === undefined) return;
  throw new HubError('record_rejected', `${field} takes several options, so none of them can hold a semicolon`, { fields: [field] });
}

/** The choices of a property, with its options as they came: they have parts that only HubSpot knows. */
type Found = { readonly list: ChoiceList; readonly options: readonly Raw[]; readonly several: boolean };

async function read(room: Room, field: string): Promise<Found> {
  const closed = closedByName(room, field);
  if (closed !== null) return none(closed);
  const reply = await room.hubspot.find(pathTo(room, field));
  if (reply === null) return none(closedAs('no_list', `HubSpot has no property ${field} here, or hides it from this connection`));
  const raw = object(reply.body, 'property');
  const property = parseProperty(raw);
  const options = Array.isArray(raw.options) ? raw.options.filter(isObject) : [];
  return { list: { choices: property.options ?? [], closed: closedBy(property) }, options, several: property.type === 'choices' };
}

const pathTo = ({ hubspot, type }: Room, field: string): string => hubspot.paths.properties(type.name, `/${encodeURIComponent(field)}`);

type Reasoned = NonNullable<ChoiceList['closed']>;
const closedAs = (because: Closed, reason: string): Reasoned => ({ because, reason });
const none = (closed: Reasoned): Found => ({ list: { choices: [], closed }, options: [], several: false });

/** Fields whose choices are no options of a property. */
function closedByName({ type }: Room, field: string): Reasoned | null {
  if (field === OWNER_FIELD) return closedAs('kept_elsewhere', 'Who can own a record is decided by the users of the HubSpot account');
  if (isVirtual(type, field)) return closedAs('no_list', `${field} leads to other records and has no options`);
  const isOfPipeline = type.pipeline !== null && (field === type.pipeline.of || field === type.pipeline.stage);
  return isOfPipeline ? closedAs('kept_elsewhere', `HubSpot keeps pipelines and their stages in Settings, Objects, Pipelines`) : null;
}

function closedBy({ name, type, fixedOptions }: Property): Reasoned | null {
  if (type !== 'choice' && type !== 'choices') return closedAs('no_list', `${name} is ${type} in HubSpot and has no options`);
  if (fixedOptions === 'kept_elsewhere') return closedAs('kept_elsewhere', `HubSpot takes the options of ${name} from elsewhere`);
  return fixedOptions === 'fixed' ? closedAs('fixed', `HubSpot lets nobody change the options of ${name}`) : null;
}
