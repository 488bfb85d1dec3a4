import { type Portal, sourceOf } from '../portal/portal.ts';
import type { AssociationType } from './association-types.ts';
import type { End } from './associations.ts';
import { followTies } from './following.ts';

/** Two records that are tied, or untied, and the user who does it. */
export type Knot = { readonly from: End; readonly to: End; readonly by: number };

function tell(portal: Portal, { from, to, by }: Knot, how: { readonly removed: boolean; readonly isPrimary: boolean }): void {
  portal.news.tell({ kind: 'associationChange', type: from.type, id: from.id, to, source: sourceOf(portal, by), ...how });
}

/** Ties two records without a label; labels that are there stay. */
export function tie(portal: Portal, knot: Knot): AssociationType {
  const type = portal.associations.tie(knot.from, knot.to);
  followTies(portal, [knot.from, knot.to]);
  tell(portal, knot, { removed: false, isPrimary: false });
  return type;
}

/** Gives the tie of two records exactly these labels; another company may lose its place as the primary one. */
export function label(portal: Portal, knot: Knot, typeIds: readonly number[]): void {
  const { from, to } = knot;
  const before = portal.associations.primaryOf(from, to.type);
  portal.associations.label(from, to, typeIds);
  const dethroned = before === null || before === to.id ? [] : [{ type: to.type, id: before }];
  followTies(portal, [from, to, ...dethroned]);
  tell(portal, knot, { removed: false, isPrimary: portal.associations.primaryOf(from, to.type) === to.id });
}

/** Takes labels away; without the unlabelled type nothing is left. */
export function unlabel(portal: Portal, knot: Knot, typeIds: readonly number[]): void {
  const { from, to } = knot;
  const wasPrimary = portal.associations.primaryOf(from, to.type) === to.id;
  portal.associations.unlabel(from, to, typeIds);
  followTies(portal, [from, to]);
  tell(portal, knot, { removed: true, isPrimary: wasPrimary });
}

export function untie(portal: Portal, knot: Knot): void {
  const { from, to } = knot;
  if (!portal.associations.areTied(from, to)) return;
  const wasPrimary = portal.associations.primaryOf(from, to.type) === to.id;
  portal.associations.untie(from, to);
  followTies(portal, [from, to]);
  tell(portal, knot, { removed: true, isPrimary: wasPrimary });
}
