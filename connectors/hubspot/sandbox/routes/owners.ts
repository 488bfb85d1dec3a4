import type { PortalOwner } from '../portal/owners.ts';
import type { Portal } from '../portal/portal.ts';
import { notFound } from '../wire/refusal.ts';
import { type Api, type Call, demandRight, pagingTo, pathPart, queryLimit } from '../wire/requests.ts';

/** Somebody who has left has no user any more, only the one that there was. */
function showOwner({ userId, archived, ...owner }: PortalOwner) {
  return { ...owner, userId: archived ? null : userId, userIdIncludingInactive: userId, archived };
}

function listOwners(portal: Portal, c: Call): Response {
  const limit = queryLimit(c, { initial: 100, max: 100 });
  const email = c.req.query('email')?.toLowerCase();
  const after = Number(c.req.query('after') ?? 0);
  const archived = c.req.query('archived') === 'true';
  const found = portal.owners
    .all()
    .filter((one) => one.archived === archived && (email === undefined || one.email === email) && Number(one.id) >= after);
  return c.json({ results: found.slice(0, limit).map(showOwner), ...pagingTo(c, found[limit]?.id ?? null) });
}

function getOwner(portal: Portal, c: Call): Response {
  const id = pathPart(c, 'id');
  const byUser = c.req.query('idProperty') === 'userId';
  const archived = c.req.query('archived') === 'true';
  const owner = portal.owners.all().find((one) => one.archived === archived && (byUser ? String(one.userId) : one.id) === id);
  if (owner === undefined) throw notFound();
  return c.json(showOwner(owner));
}

/** Who looks after the records; nobody is made or changed here. */
export function ownerRoutes(api: Api, portal: Portal): void {
  const SCOPE = ['crm.objects.owners.read'];
  api.get('/crm/v3/owners', (c) => {
    demandRight(c, SCOPE);
    return listOwners(portal, c);
  });
  api.get('/crm/v3/owners/:id', (c) => {
    demandRight(c, SCOPE);
    return getOwner(portal, c);
  });
}
