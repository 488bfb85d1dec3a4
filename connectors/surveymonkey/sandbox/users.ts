import type { Hono } from 'hono';
import type { Account } from './account.ts';

export const USER_ID = '50100001';

/** Who the token belongs to, with what the plan has and what was granted. */
export function userRoutes(api: Hono, { world, grants, rights }: Account): void {
  api.get('/users/me', rights('users_read'), (c) =>
    c.json({
      id: USER_ID,
      username: 'syncline-town',
      first_name: 'Syncline',
      last_name: 'Town',
      email: 'cx@syncline.example',
      email_verified: true,
      language: 'en',
      account_type: grants.plan === 'paid' ? 'platinum' : 'basic',
      date_created: world.shown(Date.parse('2024-01-15T08:30:00Z')),
      date_last_login: world.shown(world.stamp()),
      scopes: { available: grants.available(), granted: grants.granted() },
      href: world.href('/users/me'),
    }),
  );
}
