import type { HubSpot } from './client.ts';
import type { ObjectType, Reference } from './object-types.ts';
import { identifier, list, object, textOr } from './shapes.ts';

/** A kind of association that somebody in the portal, or an app, has named. */
export type Label = { readonly category: string; readonly typeId: number; readonly label: string };

/** The labels that the associations of one object type can carry. */
export type Labels = {
  /** By name, as they were read last. */
  all(): Promise<ReadonlyMap<string, Label>>;
  /** By name, as they are now. */
  fresh(): Promise<ReadonlyMap<string, Label>>;
};

const NAMED: ReadonlySet<unknown> = new Set(['USER_DEFINED', 'INTEGRATOR_DEFINED']);

/** The labels of one object type, for as long as the connector is open. */
export function openLabels(hubspot: HubSpot, type: ObjectType): Labels {
  let current: Promise<ReadonlyMap<string, Label>> | null = null;
  const fresh = () => {
    const reading = type.reference === null ? Promise.resolve(new Map<string, Label>()) : readLabels(hubspot, type, type.reference);
    current = reading;
    // A refusal is not the answer for ever: the next caller asks again.
    reading.catch(() => {
      if (current === reading) current = null;
    });
    return reading;
  };
  return { all: () => current ?? fresh(), fresh };
}

async function readLabels(hubspot: HubSpot, type: ObjectType, { to }: Reference): Promise<ReadonlyMap<string, Label>> {
  const { body } = await hubspot.get(hubspot.paths.associations(type.name, to, '/labels'));
  const types = list(object(body, 'labels').results, 'labels.results').flatMap((raw) => parseLabel(raw) ?? []);
  return new Map(types.map((one) => [one.label, one]));
}

/** The label that an association type is, or null for the types that HubSpot itself has. */
export function parseLabel(raw: unknown): Label | null {
  const { category, typeId, label } = object(raw, 'association type');
  const name = textOr(label, null);
  if (name === null || typeof category !== 'string' || !NAMED.has(category)) return null;
  return { category, typeId: Number(identifier(typeId, 'association typeId')), label: name };
}
