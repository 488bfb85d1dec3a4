import { objectScopes } from '../access/scopes.ts';
import type { ObjectType } from '../portal/object-types.ts';
import type { Portal, tiesOf } from '../portal/portal.ts';
import type { AssociationType } from '../ties/association-types.ts';
import type { End } from '../ties/associations.ts';
import { readTypeId } from '../ties/inline-ties.ts';
import { type Knot, label, tie } from '../ties/tying.ts';
import { invalid } from '../wire/refusal.ts';
import { type Call, demandRight, pathPart } from '../wire/requests.ts';
import { array, object, type Shape, text } from '../wire/shapes.ts';

export const PAGE_MAX = 500;

export type Pair = { readonly from: ObjectType; readonly to: ObjectType };
type Ends = { readonly from: End; readonly to: End };

export function pairOf(portal: Portal, c: Call, right: 'read' | 'write'): Pair {
  const pair = { from: portal.types.named(pathPart(c, 'from')), to: portal.types.named(pathPart(c, 'to')) };
  for (const type of [pair.from, pair.to]) demandRight(c, objectScopes(type, right, c.get('version')));
  return pair;
}

export function idOf(raw: unknown, what: string): string {
  return text(object(raw, what).id, `${what}.id`);
}

/** Both ends, when they are there: an id that was merged away is not. */
export function demandEnds(portal: Portal, { from, to }: Pair, ids: { fromId: string; toId: string }): Ends {
  const ends = { from: { type: from, id: ids.fromId }, to: { type: to, id: ids.toId } };
  const lost = [ends.from, ends.to].find((end) => portal.table(end.type).records.live(end.id) === undefined);
  if (lost === undefined) return ends;
  throw invalid(`${lost.type.singular.toUpperCase()}=${lost.id} is not valid`, {
    subCategory: 'crm.associations.INVALID_IDENTIFIER',
    context: { id: [lost.id] },
  });
}

function showType({ category, typeId, label }: AssociationType): Shape {
  return { category, typeId, label };
}

type Ties = ReturnType<typeof tiesOf>;
export function showTies(portal: Portal, { from, to }: Pair, ties: Ties): readonly Shape[] {
  return ties.map(({ id, typeIds }) => ({
    toObjectId: Number(id),
    associationTypes: typeIds.map((typeId) => showType(portal.associations.typeOf(from, to, typeId))),
  }));
}

export function pageOf(ties: Ties, after: string | undefined, limit: number): { readonly page: Ties; readonly next: string | null } {
  const rest = after === undefined ? ties : ties.filter(({ id }) => Number(id) >= Number(after));
  return { page: rest.slice(0, limit), next: rest[limit]?.id ?? null };
}

export function readTypeIds(raw: unknown): readonly number[] {
  const typeIds = array(raw, 'types').map(readTypeId);
  if (typeIds.length === 0) throw invalid('An association needs a type');
  return typeIds;
}

export function labelPair(portal: Portal, knot: Knot, typeIds: readonly number[]): Shape {
  const { from, to } = knot;
  label(portal, knot, typeIds);
  const labels = typeIds.flatMap((typeId) => portal.associations.typeOf(from.type, to.type, typeId).label ?? []);
  return { fromObjectTypeId: from.type.typeId, fromObjectId: from.id, toObjectTypeId: to.type.typeId, toObjectId: to.id, labels };
}

/** The unlabelled tie shows in both directions. */
export function tiePair(portal: Portal, knot: Knot): readonly Shape[] {
  const { from, to } = knot;
  const type = tie(portal, knot);
  const spec = (associationTypeId: number) => ({ associationCategory: type.category, associationTypeId });
  return [
    { from: { id: from.id }, to: { id: to.id }, associationSpec: spec(type.typeId) },
    { from: { id: to.id }, to: { id: from.id }, associationSpec: spec(type.inverseId) },
  ];
}
