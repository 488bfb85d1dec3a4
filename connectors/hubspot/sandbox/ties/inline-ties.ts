import type { Portal, Table } from '../portal/portal.ts';
import { invalid } from '../wire/refusal.ts';
import { array, object, text } from '../wire/shapes.ts';
import type { AssociationType } from './association-types.ts';
import type { End } from './associations.ts';
import { label } from './tying.ts';

/** A tie that a create asks for along with the record. */
export type InlineTie = { readonly to: End; readonly typeIds: readonly number[] };

/** The association type that a row means; the type id alone says which objects it ties. */
export function readTypeId(raw: unknown): number {
  const { associationTypeId, associationCategory } = object(raw, 'types[]');
  if (text(associationCategory, 'associationCategory') === '') throw invalid('associationCategory must not be empty');
  const typeId = Number(associationTypeId);
  if (!Number.isInteger(typeId)) throw invalid(`Invalid associationTypeId ${String(associationTypeId)}`);
  return typeId;
}

function typeFrom(portal: Portal, table: Table, typeId: number): AssociationType {
  const types = portal.types.all().flatMap((to) => portal.associations.types(table.type, to));
  const found = types.find((one) => one.typeId === typeId);
  if (found === undefined) throw invalid(`Association type id ${typeId} is not valid from ${table.type.name}`);
  return found;
}

function readTie(portal: Portal, table: Table, raw: unknown): InlineTie {
  const { to, types } = object(raw, 'associations[]');
  const id = text(object(to, 'to').id, 'to.id');
  const found = array(types, 'types').map((one) => typeFrom(portal, table, readTypeId(one)));
  const [first] = found;
  if (first === undefined) throw invalid('An association needs a type');
  const other = portal.types.named(first.to);
  if (portal.table(other).records.live(id) === undefined) {
    throw invalid(`One or more associations are not valid: ${other.singular.toUpperCase()}=${id} is not valid`, {
      subCategory: 'crm.associations.INVALID_IDENTIFIER',
      context: { id: [id] },
    });
  }
  return { to: { type: other, id }, typeIds: found.map((one) => one.typeId) };
}

/** The `associations` of a create, or the refusal of the first that cannot be. */
export function inlineTies(portal: Portal, table: Table, raw: unknown): readonly InlineTie[] {
  return raw === undefined || raw === null ? [] : array(raw, 'associations').map((one) => readTie(portal, table, one));
}

/** Ties a new record to the ones that its create named. */
export function tieInline(portal: Portal, from: End, { ties, by }: { readonly ties: readonly InlineTie[]; readonly by: number }): void {
  for (const { to, typeIds } of ties) label(portal, { from, to, by }, typeIds);
}
