import { Hono } from 'hono';
import { z } from 'zod';
import { foreignPage, isOwnPage } from './operator.ts';
import type { AppParts } from './parts.ts';
import { PEER_HEADER, peerAddress } from './peer.ts';
import { Problem, problemResponse } from './problem.ts';

const Said = z.object({ code: z.string(), message: z.string() }).partial();
const STATUSES = [400, 401, 403, 404, 405, 409, 415, 422, 429, 500] as const;
/** What the hub uses of better-auth. The rest of its routes are not there: nobody signs up, and nobody changes who they are. */
const OPEN: ReadonlySet<string> = new Set(
  [
    'sign-in/email',
    'sign-out',
    'get-session',
    'change-password',
    'revoke-other-sessions',
    'one-time-link/sign-in',
    'one-time-link/setup',
  ].map((path) => `/api/auth/${path}`),
);

/** Signing in and out, by better-auth; what it refuses is told as a problem, like everywhere else. */
export function signInRoutes(parts: AppParts) {
  return new Hono().on(['GET', 'POST'], '/api/auth/*', async (c) => {
    if (!OPEN.has(c.req.path)) throw new Problem(404, 'There is nothing under this address.');
    if (!isOwnPage(parts.publicUrl, c.req.raw)) throw foreignPage();
    const request = new Request(c.req.raw);
    request.headers.delete(PEER_HEADER);
    const peer = peerAddress(c);
    if (peer !== null) request.headers.set(PEER_HEADER, peer);
    const answer = await parts.auth.handler(request);
    return answer.status < 400 ? answer : refused(answer);
  });
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
