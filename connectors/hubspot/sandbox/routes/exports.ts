import type { Export, Exports } from '../bulk/exports.ts';
import { zipOf } from '../bulk/zip.ts';
import type { Portal } from '../portal/portal.ts';
import { notFound } from '../wire/refusal.ts';
import { type Api, demandRight, pathPart, readBody } from '../wire/requests.ts';
import type { Shape } from '../wire/shapes.ts';

const LINK_MS = 300_000;
const STATES = { PENDING: 'ENQUEUED', PROCESSING: 'PROCESSING', COMPLETE: 'DONE', CANCELED: 'CANCELED' } as const;

const iso = (ms: number): string => new Date(ms).toISOString();

function status(portal: Portal, exports: Exports, one: Export, linkOf: (id: string) => string): Shape {
  const state = exports.state(one);
  const times = { requestedAt: iso(one.askedAtMs), startedAt: iso(one.startsAtMs) };
  if (state !== 'COMPLETE') return { status: state, ...times, completedAt: iso(one.startsAtMs) };
  const completedAt = iso(one.startsAtMs + 2 * portal.switches.bulkStepMs);
  return { status: state, ...times, completedAt, result: linkOf(one.id) };
}

function details(exports: Exports, one: Export): Shape {
  return {
    id: one.id,
    exportName: one.name,
    exportType: one.kind,
    exportState: STATES[exports.state(one)],
    objectType: one.table.type.typeId,
    objectProperties: one.properties,
    recordCount: one.rowCount,
    createdAt: iso(one.askedAtMs),
    updatedAt: iso(one.startsAtMs),
  };
}

/** Exports, and the files that they leave, which anybody with the link can fetch for five minutes. */
export function exportRoutes(api: Api, portal: Portal, exports: Exports): void {
  const links = new Map<string, { readonly id: string; readonly untilMs: number }>();
  const linkOf = (id: string): string => {
    const key = Math.floor(portal.random() * Number.MAX_SAFE_INTEGER).toString(36);
    links.set(key, { id, untilMs: portal.now().getTime() + LINK_MS });
    return `${portal.origin()}/_files/exports/${key}`;
  };
  const path = '/crm/v3/exports/export';
  api.post(`${path}/async`, async (c) => {
    demandRight(c, ['crm.export']);
    const { id } = exports.start(await readBody(c));
    return c.json({ id, links: { status: `${portal.origin()}${path}/async/tasks/${id}/status` } }, 202);
  });
  api.get(`${path}/async/tasks/:id/status`, (c) => {
    demandRight(c, ['crm.export']);
    return c.json(status(portal, exports, exports.get(pathPart(c, 'id')), linkOf));
  });
  api.get(`${path}/:id`, (c) => {
    demandRight(c, ['crm.export']);
    return c.json(details(exports, exports.get(pathPart(c, 'id'))));
  });
  api.get('/_files/exports/:key', (c) => {
    const link = links.get(pathPart(c, 'key'));
    if (link === undefined || link.untilMs <= portal.now().getTime()) throw notFound();
    const { csv, name } = exports.get(link.id);
    const content = Buffer.from(csv);
    if (content.length <= portal.switches.zipAboveBytes) return c.body(csv, 200, { 'Content-Type': 'text/csv; charset=utf-8' });
    return c.body(new Uint8Array(zipOf(`${name}.csv`, content)), 200, { 'Content-Type': 'application/zip' });
  });
}
