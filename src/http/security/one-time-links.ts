import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import type { Hub } from '../../hub/database.ts';
import { spendLink } from './access.ts';
import { hasAdmin, makeOperator } from './operators.ts';

const Token = z.string().min(1).max(200);
const Setup = z.object({
  token: Token,
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254),
  password: z.string().min(12).max(128),
});

const spent = () =>
  new APIError('BAD_REQUEST', { code: 'LINK_SPENT', message: 'This link was used before, or is older than an hour. Ask for a new one.' });

/** Two ways in that need no password yet: the first admin's setup link, and a link that signs one operator in once. */
export function oneTimeLinks(hub: Hub) {
  return {
    id: 'one-time-links',
    endpoints: {
      signInByLink: createAuthEndpoint('/one-time-link/sign-in', { method: 'POST', body: z.object({ token: Token }) }, async (ctx) => {
        const link = await spendLink(hub, 'sign_in', ctx.body.token);
        if (link?.operatorId === null || link === null) throw spent();
        const user = await ctx.context.internalAdapter.findUserById(link.operatorId);
        if (user === null) throw spent();
        const session = await ctx.context.internalAdapter.createSession(user.id);
        await setSessionCookie(ctx, { session, user });
        return ctx.json({ id: user.id, name: user.name, email: user.email });
      }),
      setUp: createAuthEndpoint('/one-time-link/setup', { method: 'POST', body: Setup }, async (ctx) => {
        const { token, name, email, password } = ctx.body;
        const hash = await ctx.context.password.hash(password);
        const operatorId = await hub.transaction().execute(async (tx) => {
          if ((await spendLink(tx, 'setup', token)) === null || (await hasAdmin(tx))) return null;
          return (await makeOperator(tx, { name, email, role: 'admin' }, hash)).id;
        });
        if (operatorId === null) throw spent();
        const user = await ctx.context.internalAdapter.findUserById(operatorId);
        if (user === null) throw spent();
        const session = await ctx.context.internalAdapter.createSession(user.id);
        await setSessionCookie(ctx, { session, user });
        return ctx.json({ id: user.id, name: user.name, email: user.email });
      }),
    },
  } satisfies BetterAuthPlugin;
}
