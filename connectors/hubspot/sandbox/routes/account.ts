import { type Limits, TIME_ZONE } from '../access/limits.ts';
import { demandScope } from '../access/scopes.ts';
import { objectTypeOf } from '../portal/object-types.ts';
import type { Portal, PortalOwner } from '../portal/portal.ts';
import { LIFECYCLE_STAGES } from '../schema/contact-properties.ts';
import { notFound } from '../wire/refusal.ts';
import { type Api, type Call, pagingTo, pathPart, queryLimit } from '../wire/requests.ts';

function showOwner({ userId, createdAt, ...owner }: PortalOwner) {
  return { ...owner, type: 'PERSON', userId, userIdIncludingInactive: userId, createdAt, updatedAt: createdAt, archived: false };
}

function listOwners(portal: Portal, c: Call): Response {
  demandScope(portal.switches.missingScopes, 'crm.objects.owners.read');
  const limit = queryLimit(c, { initial: 100, max: 100 });
  const email = c.req.query('email');
  const after = Number(c.req.query('after') ?? 0);
  const archived = c.req.query('archived') === 'true';
  const found = archived
    ? []
    : portal.owners.filter((owner) => (email === undefined || owner.email === email) && Number(owner.id) >= after);
  return c.json({ results: found.slice(0, limit).map(showOwner), ...pagingTo(c, found[limit]?.id ?? null) });
}

function getOwner(portal: Portal, c: Call): Response {
  demandScope(portal.switches.missingScopes, 'crm.objects.owners.read');
  const id = pathPart(c, 'id');
  const byUser = c.req.query('idProperty') === 'userId';
  const owner = portal.owners.find((one) => (byUser ? String(one.userId) : one.id) === id);
  if (owner === undefined) throw notFound();
  return c.json(showOwner(owner));
}

function lifecyclePipeline(createdAt: string) {
  const stages = LIFECYCLE_STAGES.map((id, displayOrder) => ({
    id,
    label: id,
    displayOrder,
    metadata: {},
    archived: false,
    createdAt,
    updatedAt: createdAt,
  }));
  return {
    id: 'contacts-lifecycle-pipeline',
    label: 'Lifecycle Stage Pipeline',
    displayOrder: 0,
    stages,
    archived: false,
    createdAt,
    updatedAt: createdAt,
  };
}

/** Who and what the account is: its details, its use of the day, its owners, and its pipelines. */
export function accountRoutes(api: Api, portal: Portal, limits: Limits): void {
  const openedAt = portal.now().toISOString();
  api.get('/account-info/v3/details', (c) =>
    c.json({
      portalId: portal.id,
      accountType: 'STANDARD',
      timeZone: TIME_ZONE,
      companyCurrency: 'EUR',
      additionalCurrencies: [],
      utcOffset: '+01:00',
      utcOffsetMilliseconds: 3_600_000,
      uiDomain: 'app-eu1.hubspot.com',
      dataHostingLocation: 'eu1',
    }),
  );
  api.get('/account-info/v3/api-usage/daily/private-apps', (c) =>
    c.json({ results: [{ name: 'private-apps-api-calls-daily', fetchStatus: 'SUCCESS', ...limits.usage() }] }),
  );
  api.get('/crm/v3/owners', (c) => listOwners(portal, c));
  api.get('/crm/v3/owners/:id', (c) => getOwner(portal, c));
  api.get('/crm/v3/pipelines/:type', (c) => {
    objectTypeOf(pathPart(c, 'type'));
    return c.json({ results: [lifecyclePipeline(openedAt)] });
  });
  api.get('/crm/v3/pipelines/:type/:id', (c) => {
    objectTypeOf(pathPart(c, 'type'));
    const pipeline = lifecyclePipeline(openedAt);
    if (pipeline.id !== pathPart(c, 'id')) throw notFound();
    return c.json(pipeline);
  });
}
