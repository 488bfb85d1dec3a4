import { Hono } from 'hono';
import { z } from 'zod';
import { noteAudit } from '../../hub/access/audit.ts';
import type { AppParts } from '../parts.ts';
import { PEER_HEADER, peerAddress } from '../peer.ts';
import { Problem, problemResponse } from '../problem.ts';
import { foreignPage, isOwnPage } from './operator.ts';
import { operatorByEmail } from './operators.ts';
import { ssoAuth, ssoOf } from './sso.ts';

const Said = z.object({ code: z.string(), message: z.string() }).partial();
const STATUSES = [400, 401, 403, 404, 405, 409, 415, 422, 429, 500] as const;
/** What the hub uses of better-auth. The rest of its routes are not there: nobody signs up, and nobody changes who they are. */
export const OPEN: ReadonlySet<string> = new Set(
  [
    'sign-in/email',
    'sign-out',
    'sign-in/social',
    'callback/sso',
    'get-session',
    'change-password',
    'revoke-other-sessions',
    'one-time-link/sign-in',
    'one-time-link/setup',
    'two-factor/enable',
    'two-factor/disable',
    'two-factor/verify-totp',
    'two-factor/verify-backup-code',
    'two-factor/generate-backup-codes',
  ].map((path) => `/api/auth/${path}`),
);

/** What the sign-in page asks before anybody is known: whether there is another way in. */
const SSO_PATH = '/api/auth/sso';
const BY_SSO: ReadonlySet<string> = new Set(['/api/auth/sign-in/social', '/api/auth/callback/sso']);

/** Signing in and out, by better-auth; what it refuses is told as a problem, like everywhere else. */
export function signInRoutes(parts: AppParts) {
  const bySso = ssoAuth(parts);
  return new Hono().on(['GET', 'POST'], '/api/auth/*', async (c) => {
    if (c.req.path === SSO_PATH) return c.json({ label: (await ssoOf(parts))?.label ?? null });
    if (!OPEN.has(c.req.path)) throw new Problem(404, 'There is nothing under this address.');
    if (!isOwnPage(parts.publicUrl, c.req.raw)) throw foreignPage();
    const request = new Request(c.req.raw);
    request.headers.delete(PEER_HEADER);
    const peer = peerAddress(c);
    if (peer !== null) request.headers.set(PEER_HEADER, peer);
    const typed = await emailIn(request.clone());
    const auth = BY_SSO.has(c.req.path) ? ((await bySso()) ?? parts.auth) : parts.auth;
    const answer = await auth.handler(request);
    if (request.method === 'POST' || BY_SSO.has(c.req.path)) await noteEntry(parts, { path: c.req.path, typed, peer, answer });
    return answer.status < 400 ? answer : refused(answer);
  });
}

const Typed = z.object({
  email: z
    .string()
    .max(254)
    .transform((email) => email.toLowerCase()),
});
const Who = z.object({ user: z.object({ id: z.string(), name: z.string() }) }).transform(({ user }) => user);
const Bare = z.object({ id: z.string(), name: z.string() });
const AnswerWho = z.union([Who, Bare]);

async function emailIn(request: Request): Promise<string | null> {
  const typed = Typed.safeParse(await request.json().catch(() => null));
  return typed.success ? typed.data.email : null;
}

type Entry = { readonly path: string; readonly typed: string | null; readonly peer: string | null; readonly answer: Response };

/** Writes down who came in, and who tried to. What a stranger types is asked for alike, whether somebody is called so or not. */
async function noteEntry({ hub }: Pick<AppParts, 'hub'>, { path, typed, peer, answer }: Entry): Promise<void> {
  const told = AnswerWho.safeParse(
    await answer
      .clone()
      .json()
      .catch(() => null),
  );
  const meant = typed === null ? undefined : await operatorByEmail(hub, typed);
  const who = told.success ? told.data : (meant ?? (await whoCame(hub, answer)));
  const line = { kind: 'entry' as const, address: peer, action: path.slice('/api/auth/'.length) };
  const actor = who === undefined ? { actor: 'nobody', actorName: '' } : { actor: `operator:${who.id}`, actorName: who.name };
  await noteAudit(hub, { ...line, ...actor }, answer.status);
}

/** Whose session an answer hands out, where it says so by its cookie alone. */
async function whoCame(hub: AppParts['hub'], answer: Response): Promise<{ id: string; name: string } | undefined> {
  const cookie = answer.headers.getSetCookie().find((line) => line.includes('session_token='));
  const token = decodeURIComponent(cookie?.split('session_token=')[1]?.split(';')[0] ?? '').split('.')[0];
  if (token === undefined || token === '') return undefined;
  return hub
    .selectFrom('operator_session')
    .innerJoin('operator', 'operator.id', 'operator_session.operator_id')
    .select(['operator.id', 'operator.name'])
    .where('operator_session.token', '=', token)
    .executeTakeFirst();
}

async function refused(answer: Response): Promise<Response> {
  const said = Said.safeParse(await answer.json().catch(() => ({})));
  const { code, message } = said.success ? said.data : {};
  const status = STATUSES.find((each) => each === answer.status) ?? (answer.status >= 500 ? 500 : 400);
  const retryAfter = answer.headers.get('x-retry-after');
  const headers = retryAfter === null ? {} : { 'retry-after': retryAfter };
  const detail = status === 500 ? 'Signing in failed for a reason of the hub.' : (message ?? 'There is nothing under this address.');
  const problem = problemResponse(new Problem(status, detail, { headers, more: code === undefined ? {} : { code } }));
  for (const cookie of answer.headers.getSetCookie()) problem.headers.append('set-cookie', cookie);
  return problem;
}
