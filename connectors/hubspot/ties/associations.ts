import { HubError } from '../../../src/contract/errors.ts';
import { chunk, groupBy } from '../../../src/kernel/lists.ts';
import type { HubSpot } from '../http/client.ts';
import { refusedRow } from '../http/errors.ts';
import { parseRefusal } from '../http/refusal.ts';
import { identifier, list, object } from '../http/shapes.ts';
import type { ObjectType } from '../object-types.ts';
import type { Reference, TypeSpec } from '../references.ts';
import { parseLabel, parseTypeSpec } from './labels.ts';
import type { Tie } from './ties.ts';

const READ_MAX = 1000;
const CREATE_MAX = 2000;
const ARCHIVE_MAX = 100;

export type Pair = { readonly from: string; readonly to: string };
export type TypedPair = Pair & { readonly types: readonly TypeSpec[] };

/** The ties of each id: one request for each thousand ids. Ids without any are left out. */
export async function readAssociations(hubspot: HubSpot, type: ObjectType, { ids, to }: { ids: readonly string[]; to: Reference }) {
  const found = new Map<string, Tie[]>();
  let wanted: readonly { id: string; after?: string }[] = [...new Set(ids)].map((id) => ({ id }));
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
function collect(body: unknown, to: Reference, found: Map<string, Tie[]>): { id: string; after: string }[] {
  const more: { id: string; after: string }[] = [];
  for (const raw of list(object(body, 'associations').results ?? [], 'associations.results')) {
    const result = object(raw, 'association');
    const id = identifier(object(result.from, 'association.from').id, 'association.from.id');
    const ties = list(result.to ?? [], 'association.to').map((tie) => parseTie(tie, to));
    found.set(id, [...(found.get(id) ?? []), ...ties]);
    const { next } = object(result.paging ?? {}, 'association.paging');
    if (next !== undefined && next !== null) more.push({ id, after: identifier(object(next, 'paging.next').after, 'paging.next.after') });
  }
  return more;
}

function parseTie(raw: unknown, { primary, plain }: Reference): Tie {
  const { toObjectId, associationTypes } = object(raw, 'association.to');
  const types = list(associationTypes ?? [], 'association.associationTypes').map((one) => ({
    spec: parseTypeSpec(one),
    label: parseLabel(one),
  }));
  return {
    id: identifier(toObjectId, 'association.toObjectId'),
    primary: types.some(({ spec }) => isOne(spec, primary)),
    labels: types.flatMap(({ label }) => label ?? []),
    further: types.filter(({ spec, label }) => label === null && !isOne(spec, primary) && !isOne(spec, plain)).map(({ spec }) => spec),
  };
}

function isOne({ associationCategory, associationTypeId }: TypeSpec, wanted: TypeSpec | null): boolean {
  return associationCategory === wanted?.associationCategory && associationTypeId === wanted.associationTypeId;
}

/** Gives each pair exactly these types. Returns the refusals, by `from`. */
export async function associate(hubspot: HubSpot, type: ObjectType, { pairs, to }: { pairs: readonly TypedPair[]; to: Reference }) {
  const failed = new Map<string, HubError>();
  for (const part of chunk(pairs, CREATE_MAX)) {
    const inputs = part.map(typedInput);
    const { body } = await hubspot.tell(hubspot.paths.associations(type.name, to.to, '/batch/create'), { inputs });
    for (const [from, error] of refusedPairs(body, part, to)) failed.set(from, error);
  }
  return failed;
}

const typedInput = ({ from, to, types }: TypedPair) => ({ from: { id: from }, to: { id: to }, types });

// A refusal names the id that it could not use, on whichever side; one that names none of ours speaks for all of them.
function refusedPairs(body: unknown, pairs: readonly Pair[], to: Reference): [string, HubError][] {
  const refusals = list(object(body, 'associations').errors ?? [], 'associations.errors').map(parseRefusal);
  return refusals.flatMap((refusal) => {
    const named = pairs.filter(({ from, to }) => refusal.ids.some((id) => id === from || id === to));
    const { message, kind, code } = refusedRow(`associate with ${to.to}`, refusal);
    const error = new HubError(kind === 'gone' ? 'record_rejected' : kind, message, {
      fields: [to.field ?? to.many],
      ...(code === undefined ? {} : { code }),
    });
    return (named.length > 0 ? named : pairs).map(({ from }): [string, HubError] => [from, error]);
  });
}

/** Takes these types away from each pair, and leaves it associated; what is not there is no error. */
export async function unlabel(hubspot: HubSpot, type: ObjectType, { pairs, to }: { pairs: readonly TypedPair[]; to: Reference }) {
  for (const part of chunk(pairs, CREATE_MAX)) {
    await hubspot.tell(hubspot.paths.associations(type.name, to.to, '/batch/labels/archive'), { inputs: part.map(typedInput) });
  }
}

/** Takes associations away, whatever their labels; what is not there is no error. */
export async function dissociate(hubspot: HubSpot, type: ObjectType, { pairs, to }: { pairs: readonly Pair[]; to: Reference }) {
  const inputsByFrom = [...groupBy(pairs, ({ from }) => from)].map(([id, some]) => ({
    from: { id },
    to: some.map((pair) => ({ id: pair.to })),
  }));
  for (const inputs of chunk(inputsByFrom, ARCHIVE_MAX)) {
    await hubspot.tell(hubspot.paths.associations(type.name, to.to, '/batch/archive'), { inputs });
  }
}
