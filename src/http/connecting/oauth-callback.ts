import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { causeOf } from '../../causes/cause-of.ts';
import type { CauseId } from '../../causes/causes.ts';
import { newSecret, readSignIn } from '../../hub/access/sign-ins.ts';
import { countTry } from '../../hub/access/tries.ts';
import { ROLES } from '../../hub/tables/access.ts';
import { acting } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { isSecure, peerAddress } from '../peer.ts';
import { Problem } from '../problem.ts';
import { holds } from '../security/operator.ts';
import { causeTold } from '../telling.ts';
import { CALLBACK_PATH } from './redirect-uri.ts';

/** Where a link that the command line has printed begins. */
export const GO_PATH = '/oauth/go';
const COOKIE = 'syncline.sign_in';
const GOOD_FOR_S = 900;
const MOST_TRIES = { most: 30, windowS: 600 };
const LONGEST = 4000;

type Parts = Pick<AppParts, 'hub' | 'auth' | 'actions' | 'publicUrl'>;

/** The session of an admin who is signed in with this browser; null when it is nobody, or somebody who may not connect. */
export async function sessionOf({ auth }: Pick<AppParts, 'auth'>, headers: Headers): Promise<{ readonly id: string } | null> {
  const found = await auth.api.getSession({ headers });
  if (found === null || !ROLES.includes(found.user.role) || !holds(found.user.role, 'admin')) return null;
  return { id: found.session.id };
}

/**
 * The way to a vendor from a link of the command line, and the way back. Neither code nor state is logged, kept in an address, or passed on: a
 * browser is sent on at once, and only ever to the hub's own page.
 */
export function oauthRoutes(parts: Parts) {
  return new Hono()
    .get(GO_PATH, async (c) => {
      await slowed(parts, c);
      const cookie = newSecret();
      const link = await acting(parts).followTicket(said(c, 'ticket') ?? '', cookie);
      if (link === null) throw new Problem(404, 'This link was used before, or is older than 15 minutes. Ask for a new one.');
      setCookie(c, COOKIE, cookie, {
        httpOnly: true,
        sameSite: 'Lax',
        secure: isSecure(parts.publicUrl),
        path: CALLBACK_PATH,
        maxAge: GOOD_FOR_S,
      });
      return sentOn(c, link);
    })
    .get(CALLBACK_PATH, async (c) => {
      await slowed(parts, c);
      const session = await sessionOf(parts, c.req.raw.headers);
      const browser = { session: session?.id ?? null, cookie: getCookie(c, COOKIE) ?? null };
      const back = {
        state: said(c, 'state') ?? '',
        code: said(c, 'code'),
        error: said(c, 'error'),
        errorDescription: said(c, 'error_description'),
      };
      const finished = await acting(parts).finishSignIn(back, browser);
      const signIn = finished.id === null ? null : await readSignIn(parts.hub, finished.id);
      const refusal = 'refusal' in finished && signIn?.outcome == null ? CAUSE_BY_REFUSAL[finished.refusal] : null;
      if (signIn?.byTicket === true || (session === null && browser.cookie !== null)) return toldPlainly(c, signIn, refusal);
      const where = new URL('/connections/sign-in', parts.publicUrl);
      if (refusal === null && signIn !== null) where.searchParams.set('id', signIn.id);
      else where.searchParams.set('cause', refusal ?? 'sign_in_elsewhere');
      return sentOn(c, where.toString());
    });
}

const CAUSE_BY_REFUSAL = {
  unknown: 'sign_in_elsewhere',
  elsewhere: 'sign_in_elsewhere',
  expired: 'sign_in_expired',
  used: 'sign_in_used',
} as const satisfies Record<string, CauseId>;

async function slowed(parts: Parts, c: Context): Promise<void> {
  if (await countTry(parts.hub, `way back ${peerAddress(c) ?? 'from somewhere'}`, MOST_TRIES)) return;
  throw new Problem(429, 'Too many tries. Wait ten minutes.', { headers: { 'retry-after': '600' } });
}

const said = (c: Context, name: string): string | null => c.req.query(name)?.slice(0, LONGEST) ?? null;

function sentOn(c: Context, where: string): Response {
  c.header('cache-control', 'no-store');
  return c.redirect(where, 303);
}

/** For a browser that need not be signed in to the hub: who waits for it sits at a terminal. */
function toldPlainly(c: Context, signIn: Awaited<ReturnType<typeof readSignIn>>, refusal: CauseId | null): Response {
  c.header('cache-control', 'no-store');
  const outcome = signIn?.outcome ?? null;
  if (outcome?.ok === true) return c.text(`${signIn?.name} is connected to ${outcome.account.name}. You can close this page.\n`);
  const cause =
    outcome === null
      ? (refusal ?? 'sign_in_elsewhere')
      : causeOf({ kind: outcome.kind, ...(outcome.code === null ? {} : { code: outcome.code }) });
  const { text, advice } = causeTold(c, cause, signIn?.name);
  return c.text(`${text}\n${outcome === null ? '' : `${outcome.message}\n`}${advice}\n`, 400);
}
