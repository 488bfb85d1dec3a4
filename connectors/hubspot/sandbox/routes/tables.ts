import { objectScopes, type Right } from '../access/scopes.ts';
import type { Portal, Table } from '../portal/portal.ts';
import { notFound } from '../wire/refusal.ts';
import { type Call, demandRight, pathPart } from '../wire/requests.ts';

/** The table that the path names, when the caller may read or write it; what can only be read has no paths to write by. */
export function tableOf(portal: Portal, c: Call, right: Right): Table {
  const type = portal.types.named(pathPart(c, 'type'));
  if (right === 'write' && !type.writable) throw notFound();
  demandRight(c, objectScopes(type, right, c.get('version')));
  return portal.table(type);
}
