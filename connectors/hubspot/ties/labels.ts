import type { HubSpot } from '../http/client.ts';
import { identifier, list, object, textOr } from '../http/shapes.ts';
import type { ObjectType } from '../object-types.ts';
import type { Reference, TypeSpec } from '../references.ts';

/** A kind of association that somebody in the portal, or an app, has named. */
export type Label = { readonly category: string; readonly typeId: number; readonly label: string };

/** The kinds of association that two object types can have: those with names, and the one without, where the portal told it. */
export type TieKinds = { readonly named: ReadonlyMap<string, Label>; readonly plain: TypeSpec | null };

/** The labels that the associations of one object type can carry. */
export type Labels = {
  /** As they were read last. */
  all(to: Reference): Promise<TieKinds>;
  /** As they are now. */
  fresh(to: Reference): Promise<TieKinds>;
};

const NAMED: ReadonlySet<unknown> = new Set(['USER_DEFINED', 'INTEGRATOR_DEFINED']);

/** The labels of one object type, for as long as the connector is open. */
export function openLabels(hubspot: HubSpot, type: ObjectType): Labels {
  const current = new Map<string, Promise<TieKinds>>();
  const fresh = (to: Reference) => {
    const reading = readKinds(hubspot, type, to);
    current.set(to.to, reading);
    // A refusal is not the answer for ever: the next caller asks again.
    reading.catch(() => {
      if (current.get(to.to) === reading) current.delete(to.to);
    });
    return reading;
  };
  return { all: (to) => current.get(to.to) ?? fresh(to), fresh };
}

async function readKinds(hubspot: HubSpot, type: ObjectType, { to }: Reference): Promise<TieKinds> {
  const { body } = await hubspot.get(hubspot.paths.associations(type.name, to, '/labels'));
  const kinds = list(object(body, 'labels').results, 'labels.results');
  const named = kinds.flatMap((raw) => parseLabel(raw) ?? []);
  const [plain] = kinds.filter((raw) => textOr(object(raw, 'association type').label, null) === null).map(parseTypeSpec);
  return { named: new Map(named.map((one) => [one.label, one])), plain: plain ?? null };
}

/** The label that an association type is, or null for the types that HubSpot itself has. */
export function parseLabel(raw: unknown): Label | null {
  const { category, typeId, label } = object(raw, 'association type');
  const name = textOr(label, null);
  if (name === null || typeof category !== 'string' || !NAMED.has(category)) return null;
  return { category, typeId: Number(identifier(typeId, 'association typeId')), label: name };
}

/** An association type as HubSpot shows it, in the words of a write. */
export function parseTypeSpec(raw: unknown): TypeSpec {
  const { category, typeId } = object(raw, 'association type');
  return { associationCategory: textOr(category, 'HUBSPOT_DEFINED'), associationTypeId: Number(identifier(typeId, 'association typeId')) };
}
