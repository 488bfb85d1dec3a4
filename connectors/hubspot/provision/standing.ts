import { HELD_BY, type OwnField, type Standing } from '../../../src/contract/provision.ts';
import type { Properties, Property } from '../schema/properties.ts';

/** How many properties a portal may make of one type, and how many of those unique. */
const CUSTOM_MAX = 1000;
const UNIQUE_MAX = 10;
const ELSEWHERE = 'Rename or delete that property in HubSpot (Settings, Properties) and run this again, or map the field to another name';

/** How the hub's own fields stand among the properties of one type. `binned`: the names that lie in the bin. */
export function standingsOf(own: readonly OwnField[], properties: Properties, binned: ReadonlySet<string>): readonly Standing[] {
  const made = [...properties.values()].filter(({ custom }) => custom);
  const room = { any: CUSTOM_MAX - made.length, unique: UNIQUE_MAX - made.filter(({ unique }) => unique).length };
  return own.map((field): Standing => {
    const property = properties.get(field.name);
    if (property !== undefined) return compared(field, property);
    const hindrance = hindranceTo(field, binned, room);
    if (hindrance !== null) return hindrance;
    room.any -= 1;
    if (field.unique) room.unique -= 1;
    return { state: 'missing' };
  });
}

const unfit = (reason: string, advice: string) => ({ state: 'unfit', reason, advice }) as const;

function hindranceTo({ name, unique }: OwnField, binned: ReadonlySet<string>, room: { readonly any: number; readonly unique: number }) {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    return unfit(`HubSpot has no names like "${name}": they begin with a-z and hold a-z, 0-9, and _`, 'Map the field to another name');
  if (binned.has(name))
    return unfit(
      'an archived property has this name',
      'Restore it, or delete it for good, in HubSpot (Settings, Properties, Archived), and run this again',
    );
  if (room.any <= 0)
    return unfit(`the portal has ${CUSTOM_MAX} properties of its own here, the most that it may`, 'Delete some in HubSpot');
  if (unique && room.unique <= 0)
    return unfit(
      `the portal has ${UNIQUE_MAX} unique properties here, the most that it may`,
      'Delete one in HubSpot. Without this one a create whose answer is lost is looked for by e-mail address or by its values',
    );
  return null;
}

function compared(field: OwnField, property: Property): Standing {
  if (!HELD_BY[field.type].includes(property.type))
    return unfit(
      `it is ${property.type} there and has to be ${field.type}: what Syncline writes would be refused or read back as another value`,
      ELSEWHERE,
    );
  if (!property.writable) return unfit('it is read-only there, so nothing can be written to it', ELSEWHERE);
  if (field.unique && !property.unique)
    return unfit(
      'it does not keep its values unique, so two records could have one key; HubSpot decides on that only when a property is made',
      ELSEWHERE,
    );
  if (property.unique && !field.unique) return unfit('it keeps its values unique, and two people may well have the same', ELSEWHERE);
  const lacks = lackingChoices(field, property);
  if (lacks.length === 0) return { state: 'fits' };
  const words = lacks.map(({ value }) => `the option ${value}`);
  return property.fixedOptions !== null
    ? unfit(`it lacks ${words.join(', ')}, and its options cannot be changed`, ELSEWHERE)
    : { state: 'incomplete', lacks: words };
}

/** The choices that a property has no option for; none where it takes any text. */
export function lackingChoices({ choices }: OwnField, { type, options }: Property) {
  if (type !== 'choice' && type !== 'choices') return [];
  const had = new Set(options?.map(({ value }) => value));
  return (choices ?? []).filter(({ value }) => !had.has(value));
}
