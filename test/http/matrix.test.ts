import { expect } from 'vitest';
import { en } from '../../src/admin/language/en.ts';
import { ja } from '../../src/admin/language/ja.ts';
import { th } from '../../src/admin/language/th.ts';
import { actName } from '../../src/admin/settings/act-name.ts';
import type { createApp } from '../../src/http/app.ts';
import { describe as describeApi } from '../../src/http/description.ts';
import { OPEN } from '../../src/http/security/sign-in.ts';
import { newId } from '../../src/hub/ids.ts';
import { ROLES, type Role } from '../../src/hub/tables/access.ts';
import { test } from '../support/database.ts';
import { openStage, PUBLIC_URL } from './stage.ts';

/** Who may do what, written down once more, so that a route cannot change its role by accident. */
const EXPECTED: Readonly<Record<string, Role>> = {
  'get /me': 'viewer',
  'patch /me': 'viewer',
  'post /me/password': 'viewer',
  'get /connectors': 'viewer',
  'get /connections': 'viewer',
  'post /connections': 'admin',
  'post /connections/test': 'admin',
  'get /start': 'admin',
  'patch /start': 'admin',
  'get /start/mapping': 'admin',
  'post /start/plan': 'admin',
  'post /start/seen': 'admin',
  'post /start/enable': 'admin',
  'post /start/finish': 'admin',
  'post /sandboxes': 'admin',
  'post /sign-ins': 'admin',
  'get /sign-ins/{id}': 'admin',
  'get /causes/{cause}': 'viewer',
  'get /connections/{id}': 'viewer',
  'patch /connections/{id}': 'admin',
  'delete /connections/{id}': 'admin',
  'patch /connections/{id}/streams/{object}': 'admin',
  'post /connections/{id}/sync': 'steward',
  'post /connections/{id}/pause': 'admin',
  'post /connections/{id}/resume': 'admin',
  'put /connections/{id}/schedule': 'admin',
  'get /connections/{id}/webhook': 'admin',
  'put /connections/{id}/webhook': 'admin',
  'delete /connections/{id}/webhook': 'admin',
  'get /connections/{id}/own-fields': 'admin',
  'post /connections/{id}/own-fields': 'admin',
  'get /missing-choices': 'admin',
  'get /connections/{id}/choices': 'admin',
  'post /connections/{id}/choices': 'admin',
  'post /connections/{id}/imports/preview': 'steward',
  'post /connections/{id}/imports': 'steward',
  'get /connections/{id}/imports': 'viewer',
  'get /imports/{id}': 'viewer',
  'get /imports/{id}/errors': 'steward',
  'get /plans': 'admin',
  'post /plans': 'admin',
  'get /plans/{id}': 'admin',
  'get /plans/{id}/lines': 'admin',
  'get /plans/{id}/export': 'admin',
  'post /plans/{id}/apply': 'admin',
  'post /plans/{id}/abandon': 'admin',
  'post /plans/{id}/pause': 'admin',
  'post /plans/{id}/resume': 'admin',
  'post /plans/{id}/cancel': 'admin',
  'get /mappings': 'viewer',
  'get /mappings/folder': 'viewer',
  'get /mappings/{name}': 'viewer',
  'get /mappings/{name}/versions': 'viewer',
  'get /mappings/{name}/versions/{id}': 'viewer',
  'get /mappings/{name}/file': 'viewer',
  'get /mappings/{name}/fields': 'viewer',
  'post /mappings/{name}/check': 'viewer',
  'put /mappings/{name}/draft': 'admin',
  'delete /mappings/{name}/draft': 'admin',
  'post /mappings/{name}/restore': 'admin',
  'delete /mappings/{name}/waiting': 'admin',
  'post /mappings/{name}/suggestions': 'steward',
  'post /mappings/{name}/preview': 'steward',
  'post /mappings/{name}/records-there': 'steward',
  'post /mappings/plan': 'admin',
  'get /runs': 'viewer',
  'get /records': 'viewer',
  'get /records/{id}': 'viewer',
  'get /records/{id}/journal': 'viewer',
  'get /records/{id}/timeline': 'viewer',
  'get /records/{id}/difference': 'viewer',
  'post /undo': 'admin',
  'get /runs/{id}': 'viewer',
  'patch /records/{id}': 'steward',
  'post /records/{id}/personal-id': 'steward',
  'post /records/{id}/archive': 'steward',
  'post /records/{id}/restore': 'steward',
  'get /records/{id}/merge': 'steward',
  'post /records/{id}/merge': 'steward',
  'get /records/{id}/mergings': 'viewer',
  'post /mergings/{id}/undo': 'steward',
  'get /conflicts': 'viewer',
  'post /conflicts/{id}/restore': 'steward',
  'get /holds': 'viewer',
  'get /holds/{id}': 'viewer',
  'post /holds/decide': 'steward',
  'post /holds/{id}/decide': 'steward',
  'get /links': 'viewer',
  'get /failures': 'viewer',
  'get /failures/{cause}': 'viewer',
  'post /failures/{cause}/{action}': 'steward',
  'post /links/{id}/{action}': 'steward',
  'post /connections/{id}/check': 'steward',
  'get /responses': 'viewer',
  'get /responses/{id}': 'viewer',
  'post /responses/{id}/attach': 'steward',
  'post /responses/{id}/detach': 'steward',
  'post /responses/{id}/erase': 'admin',
  'get /erasures': 'admin',
  'get /erasures/{id}': 'admin',
  'get /overview': 'viewer',
  'get /feedback/summary': 'viewer',
  'get /feedback/metrics': 'viewer',
  'get /feedback/data-quality': 'viewer',
  'get /feedback/questions': 'viewer',
  'get /feedback/benchmarks': 'viewer',
  'post /responses/{id}/release': 'steward',
  'get /responses/{id}/suggestions': 'steward',
  'get /segments': 'viewer',
  'get /live': 'viewer',
  'get /api-keys': 'admin',
  'post /api-keys': 'admin',
  'delete /api-keys/{id}': 'admin',
  'get /operators': 'admin',
  'post /operators': 'admin',
  'patch /operators/{id}': 'admin',
  'delete /operators/{id}': 'admin',
  'delete /operators/{id}/sessions': 'admin',
  'delete /operators/{id}/two-factor': 'admin',
  'get /me/sessions': 'viewer',
  'delete /me/sessions': 'viewer',
  'delete /me/sessions/{id}': 'viewer',
  'post /me/confirm': 'viewer',
  'get /settings/security': 'admin',
  'patch /settings/security': 'admin',
  'get /settings/retention': 'admin',
  'patch /settings/retention': 'admin',
  'get /settings/sso': 'admin',
  'put /settings/sso': 'admin',
  'delete /settings/sso': 'admin',
  'get /about': 'viewer',
  'get /doctor': 'admin',
  'get /audit': 'admin',
  'get /audit/export': 'admin',
};

type Route = { readonly method: string; readonly path: string };
const REFUSALS = [401, 403];

function routesOf(app: ReturnType<typeof createApp>): readonly Route[] {
  return Object.entries(describeApi(app).paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const)
      .filter((method) => item[method] !== undefined)
      .map((method) => ({ method, path: path.replace('/api/v1', '') })),
  );
}
const addressOf = (route: Route) =>
  `/api/v1${route.path.replace('{id}', newId()).replace('{object}', 'contact').replace('{cause}', 'rate_limited').replace('{action}', 'retry')}`;
const initOf = ({ method }: Route) => ({ method: method.toUpperCase(), ...(method === 'get' || method === 'delete' ? {} : { json: {} }) });

test('every route is described with the role that it takes, and no route is missing here', async ({ hub }) => {
  const { app } = openStage(hub);
  const described = Object.entries(describeApi(app).paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, operation]) => [`${method} ${path.replace('/api/v1', '')}`, (operation as Record<string, unknown>)['x-role']] as const,
    ),
  );
  expect(Object.fromEntries(described)).toEqual(EXPECTED);
  const registered = app.routes.filter(({ path, method }) => path.startsWith('/api/v1/') && !path.endsWith('*') && method !== 'ALL');
  expect(
    new Set(registered.map(({ method, path }) => `${method.toLowerCase()} ${path.replace('/api/v1', '').replaceAll(/:(\w+)/g, '{$1}')}`)),
  ).toEqual(new Set(Object.keys(EXPECTED)));
});

test('whatever is written into the audit log has words in every language: acts, looks at people, and coming in', ({ hub }) => {
  const described = Object.entries(describeApi(openStage(hub).app).paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      method === 'get' && (operation as Record<string, unknown>)['x-shows'] === undefined
        ? []
        : [`${method} ${path.replace('/api/v1', '')}`],
    ),
  );
  const entries = [...OPEN].map((path) => path.replace('/api/auth/', '')).filter((path) => path !== 'get-session');
  const names = [...described, ...entries].map(actName);
  expect(names.length).toBeGreaterThan(80);
  for (const { settings } of [en, ja, th]) expect(names.filter((name) => !(name in settings.audit.acts))).toEqual([]);
});

test('nobody gets in anywhere', async ({ hub }) => {
  const stage = openStage(hub);
  for (const route of routesOf(stage.app)) {
    const answer = await stage.ask(null, addressOf(route), initOf(route));
    expect([route, answer.status]).toEqual([route, 401]);
    const wrong = await stage.ask(null, addressOf(route), { ...initOf(route), headers: { authorization: 'Bearer syncline_wrong' } });
    expect([route, wrong.status]).toEqual([route, 401]);
  }
});

for (const role of ROLES) {
  for (const via of ['key', 'session'] as const) {
    test(`a ${role} with a ${via} does what the role allows, and nothing else`, async ({ hub }) => {
      const stage = openStage(hub);
      const headers = via === 'session' ? { cookie: await stage.signIn(role), origin: PUBLIC_URL } : {};
      for (const route of routesOf(stage.app)) {
        const needed = EXPECTED[`${route.method} ${route.path}`];
        const isAllowed = needed !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(needed);
        const answer = await stage.ask(via === 'key' ? role : null, addressOf(route), { ...initOf(route), headers });
        expect([route, REFUSALS.includes(answer.status)]).toEqual([route, !isAllowed]);
        expect([route, answer.status < 500]).toEqual([route, true]);
        if (!isAllowed) expect([route, answer.status]).toEqual([route, 403]);
        await answer.body?.cancel();
      }
    });
  }
}

test('a page of another site cannot write with a session, nor what does not say that it is none', async ({ hub }) => {
  const stage = openStage(hub);
  const cookie = await stage.signIn('admin');
  const foreign: readonly Readonly<Record<string, string>>[] = [
    {},
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: PUBLIC_URL },
  ];
  for (const route of routesOf(stage.app).filter(({ method }) => method !== 'get')) {
    for (const headers of foreign) {
      const answer = await stage.ask(null, addressOf(route), { ...initOf(route), headers: { cookie, ...headers } });
      expect([route, headers, answer.status]).toEqual([route, headers, 403]);
    }
  }
});
