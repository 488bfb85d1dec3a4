import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { z } from 'zod';
import { type AuditLine, beginAudit, endAudit, noteRead } from '../../hub/access/audit.ts';
import { namesOfSubjects } from '../../hub/access/subjects.ts';
import type { Hub } from '../../hub/database.ts';
import { peerAddress } from '../peer.ts';
import { actorOf, type Env, type Shows } from './operator.ts';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const PREFIX = '/api/v1';
const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Writes down who did what, and whom somebody has looked at, before the answer goes out. */
export function audited(hub: Hub): MiddlewareHandler<Env> {
  return async (c, next) => {
    const action = actionOf(c);
    if (action === null) return next();
    if (READS.has(c.req.method)) {
      await next();
      await noteLook(hub, c, action);
      return;
    }
    const subjects = c.req.path.split('/').filter((part) => IS_ID.test(part));
    // What is removed by the act has no name afterwards.
    const detail = { ...namedIn(c, action), ...calledIn(await namesOfSubjects(hub, subjects)) };
    const id = await beginAudit(hub, { ...lineOf(c, action), kind: 'act', subjects, detail });
    await next();
    await endAudit(hub, id, { status: c.res.status, detail: { ...(await saidOf(c)), ...detail } });
  };
}

/** Which route this is, such as `patch /operators/{id}`; null where there is none. */
function actionOf(c: Context<Env>): string | null {
  const route = matchedRoutes(c).findLast(({ method, path }) => method !== 'ALL' && path.startsWith(`${PREFIX}/`) && !path.endsWith('*'));
  if (route === undefined) return null;
  return `${route.method.toLowerCase()} ${route.path.slice(PREFIX.length).replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`;
}

/** What an address says by name instead of by id: which mapping, which object, and what is done about which cause. */
function namedIn(c: Context<Env>, action: string): Readonly<Record<string, string>> {
  const parts = c.req.path.slice(PREFIX.length).split('/');
  const [, route = ''] = action.split(' ');
  const named = route.split('/').flatMap((part, at) => {
    const [, param] = /^\{(name|object|cause|action)\}$/.exec(part) ?? [];
    return param === undefined ? [] : [[param === 'name' ? 'called' : param, plain(parts[at] ?? '')] as const];
  });
  return Object.fromEntries(named);
}

function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const calledIn = (names: readonly string[]) => (names.length === 0 ? {} : { called: names.join(', ') });

function lineOf(c: Context<Env>, action: string): Pick<AuditLine, 'actor' | 'actorName' | 'address' | 'action'> {
  const { operator } = c.var;
  return { actor: actorOf(operator), actorName: operator.name, address: peerAddress(c), action };
}

/** What of a body may stand in a log: what it is about. Neither values nor secrets. */
const Said = z
  .object({
    name: z.string().max(100),
    role: z.string().max(20),
    disabled: z.boolean(),
    enabled: z.union([z.boolean(), z.string().max(20)]),
    object: z.string().max(100),
    field: z.string().max(100),
    preview: z.boolean(),
    requireTwoFactor: z.boolean(),
    fields: z.record(z.string(), z.unknown()).transform((fields) => Object.keys(fields).slice(0, 50)),
    with: z.guid(),
    recordId: z.guid(),
    ids: z.array(z.guid()).max(500),
    target: z.object({ run: z.guid(), record: z.guid() }).partial(),
  })
  .partial();

async function saidOf(c: Context<Env>): Promise<Readonly<Record<string, unknown>>> {
  if (!c.req.header('content-type')?.startsWith('application/json') || c.res.status === 413) return {};
  const body: unknown = await c.req.json().catch(() => null);
  if (typeof body !== 'object' || body === null) return {};
  const kept = Object.entries(Said.shape).flatMap(([name, form]) => {
    const fits = form.safeParse(Reflect.get(body, name));
    return fits.success && fits.data !== undefined ? [[name === 'name' ? 'called' : name, fits.data] as const] : [];
  });
  return Object.fromEntries(kept);
}

const Id = z.guid().nullish().catch(null);
const Items = z.object({ items: z.array(z.object({ id: Id, recordId: Id })) });

async function noteLook(hub: Hub, c: Context<Env>, action: string): Promise<void> {
  const { shows } = c.var;
  if (shows === undefined || c.res.status !== 200) return;
  const subjects = await seenIn(c, shows);
  if (subjects.length === 0) return;
  // What was looked for is somebody's name more often than not: that there was a search is enough.
  const searched = (c.req.query('search') ?? '') === '' ? {} : { searched: true };
  await noteRead(hub, { ...lineOf(c, action), kind: 'read', subjects, detail: searched });
}

async function seenIn(c: Context<Env>, shows: Shows): Promise<readonly string[]> {
  const named = c.req.path.split('/').filter((part) => IS_ID.test(part));
  if (shows === 'record' || shows === 'response' || shows === 'file') return named;
  const body = Items.safeParse(await c.res.clone().json());
  const items = body.success ? body.data.items : [];
  const ids = items.flatMap(({ id, recordId }) => (shows === 'about_records' ? [recordId] : [id, recordId]));
  return [...new Set(ids.flatMap((id) => id ?? []))];
}
