import { HubError } from '../../src/contract/errors.ts';
import { chunk } from '../../src/kernel/lists.ts';
import type { HubSpot } from './client.ts';
import { refusedRow } from './errors.ts';
import type { ObjectType, Reference } from './object-types.ts';
import { parseRefusal } from './refusal.ts';
import { compareIds } from './search.ts';
import { identifier, list, object } from './shapes.ts';

const READ_MAX = 1000;
const CREATE_MAX = 2000;
const ARCHIVE_MAX = 100;

type Target = { readonly id: string; readonly primary: boolean };
export type Pair = { readonly from: string; readonly to: string };

/** The associated records of each id, the primary one marked: one request for each thousand ids. Ids without any are left out. */
export async function readAssociations(hubspot: HubSpot, type: ObjectType, { ids, to }: { ids: readonly string[]; to: Reference }) {
  const found = new Map<string, Target[]>();
  let wanted: readonly { id: string; after?: string }[] = ids.map((id) => ({ id }));
  while (wanted.length > 0) {
    const more: { id: string; after: string }[] = [];
    for (const inputs of chunk(wanted, READ_MAX)) {
      const { body } = await hubspot.ask(hubspot.paths.associations(type.name, to.to, '/batch/read'), { inputs });
      more.push(...collect(body, to, found));
    }
    wanted = more;
  }
  return found;
}

// Adds one answer to `found`, and says whose lists go on.
function collect(body: unknown, to: Reference, found: Map<string, Target[]>): { id: string; after: string }[] {
  const more: { id: string; after: string }[] = [];
  for (const raw of list(object(body, 'associations').results ?? [], 'associations.results')) {
    const result = object(raw, 'association');
    const id = identifier(object(result.from, 'association.from').id, 'association.from.id');
    const targets = list(result.to ?? [], 'association.to').map((target) => parseTarget(target, to));
    found.set(id, [...(found.get(id) ?? []), ...targets]);
    const { next } = object(result.paging ?? {}, 'association.paging');
    if (next !== undefined && next !== null) more.push({ id, after: identifier(object(next, 'paging.next').after, 'paging.next.after') });
  }
  return more;
}

function parseTarget(raw: unknown, { primaryTypeId }: Reference): Target {
  const { toObjectId, associationTypes } = object(raw, 'association.to');
  const types = list(associationTypes ?? [], 'association.associationTypes').map((type) => object(type, 'association type'));
  const primary = types.some(({ category, typeId }) => category === 'HUBSPOT_DEFINED' && Number(typeId) === primaryTypeId);
  return { id: identifier(toObjectId, 'association.toObjectId'), primary };
}

/** The one that a reference shows: the primary, else the oldest (so that the answer does not depend on HubSpot's order), else none. */
export function chosenTarget(targets: readonly Target[]): string | null {
  const primary = targets.find((target) => target.primary);
  return primary?.id ?? targets.map(({ id }) => id).sort(compareIds)[0] ?? null;
}

/** How a create names its reference inline. */
export function inlineAssociation(to: Reference, id: string) {
  return { to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: to.primaryTypeId }] };
}

/** Makes each pair associated, as the primary one. Returns the refusals, by `from`. */
export async function associate(hubspot: HubSpot, type: ObjectType, { pairs, to }: { pairs: readonly Pair[]; to: Reference }) {
  const failed = new Map<string, HubError>();
  for (const part of chunk(pairs, CREATE_MAX)) {
    const inputs = part.map((pair) => ({ from: { id: pair.from }, ...inlineAssociation(to, pair.to) }));
    const { body } = await hubspot.tell(hubspot.paths.associations(type.name, to.to, '/batch/create'), { inputs });
    for (const [from, error] of refusedPairs(body, part, to)) failed.set(from, error);
  }
  return failed;
}

// A refusal names the id that it could not use, on whichever side; one that names none of ours speaks for all of them.
function refusedPairs(body: unknown, pairs: readonly Pair[], to: Reference): [string, HubError][] {
  const refusals = list(object(body, 'associations').errors ?? [], 'associations.errors').map(parseRefusal);
  return refusals.flatMap((refusal) => {
    const named = pairs.filter(({ from, to }) => refusal.ids.some((id) => id === from || id === to));
    const { message, kind, code } = refusedRow(`associate with ${to.to}`, refusal);
    const error = new HubError(kind === 'gone' ? 'record_rejected' : kind, message, {
      fields: [to.field],
      ...(code === undefined ? {} : { code }),
    });
    return (named.length > 0 ? named : pairs).map(({ from }): [string, HubError] => [from, error]);
  });
}

/** Takes associations away, whatever their labels; what is not there is no error. */
export async function dissociate(hubspot: HubSpot, type: ObjectType, { pairs, to }: { pairs: readonly Pair[]; to: Reference }) {
  for (const part of chunk(pairs, ARCHIVE_MAX)) {
    const inputs = part.map((pair) => ({ from: { id: pair.from }, to: [{ id: pair.to }] }));
    await hubspot.tell(hubspot.paths.associations(type.name, to.to, '/batch/archive'), { inputs });
  }
}
