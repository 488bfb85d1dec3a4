import type { HubSpot } from './client.ts';
import { KEY_PROPERTY, type ObjectType, OWNER_FIELD, OWNER_PROPERTY } from './object-types.ts';
import type { Owners } from './owners.ts';
import { type Properties, readProperties } from './properties.ts';

/** All that the code of one object works with. */
export type Room = {
  readonly hubspot: HubSpot;
  readonly type: ObjectType;
  readonly owners: Owners;
  /** The schema as it was read last; read at first use, so that a quiet poll does not pay for it. */
  properties(): Promise<Properties>;
  /** The schema as it is now. */
  freshProperties(): Promise<Properties>;
};

/** Opens the room of one object type. */
export function openRoom(hubspot: HubSpot, type: ObjectType, owners: Owners): Room {
  let current: Promise<Properties> | null = null;
  const fresh = (): Promise<Properties> => {
    const reading = readProperties(hubspot, type.name);
    current = reading;
    // A refusal is not the answer for ever: the next caller asks again.
    reading.catch(() => {
      if (current === reading) current = null;
    });
    return reading;
  };
  return { hubspot, type, owners, properties: () => current ?? fresh(), freshProperties: fresh };
}

/** The HubSpot properties behind some asked fields. */
export function propertiesBehind({ reference }: ObjectType, fields: readonly string[]): readonly string[] {
  const names = fields.filter((field) => field !== reference?.field).map((field) => (field === OWNER_FIELD ? OWNER_PROPERTY : field));
  return names.length === 0 ? ['hs_object_id'] : [...new Set(names)];
}

/** The reference of the type when it is among the asked fields, else null. */
export function askedReference({ reference }: ObjectType, fields: readonly string[]) {
  return reference !== null && fields.includes(reference.field) ? reference : null;
}

/** Whether the portal keeps the hub's own key unique, so that a create can be repeated and looked up. */
export function keepsKey(properties: Properties): boolean {
  return properties.get(KEY_PROPERTY)?.unique === true;
}
