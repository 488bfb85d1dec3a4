import { type Context, Hono } from 'hono';
import { dated } from '../../../src/sandbox/dated.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { FORMS, type Form } from './forms.ts';
import { paced, refuse, signedIn } from './gate.ts';
import { listResponses } from './list.ts';
import { renderForm, renderFormRow, renderResponse, second } from './render.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';
import { webhookRoutes } from './webhook-routes.ts';
import type { Webhooks } from './webhooks.ts';

const DAY_MS = 86_400_000;
const ME = { alias: 'Syncline Town', email: 'cx@syncline.example', language: 'en', user_id: '01TOWN' };

/** A number of the query between its bounds, or null. */
function numberIn(text: string | undefined, bounds: { initial: number; max: number }): number | null {
  if (text === undefined) return bounds.initial;
  return /^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= bounds.max ? Number(text) : null;
}

function formsPage(c: Context, render: (form: Form) => unknown): Response {
  const page = numberIn(c.req.query('page'), { initial: 1, max: 100_000 });
  const size = numberIn(c.req.query('page_size'), { initial: 10, max: 200 });
  if (page === null || size === null) return refuse(c, 'VALIDATION_ERROR', { why: 'page is a number from 1, page_size from 1 to 200' });
  const search = (c.req.query('search') ?? '').toLowerCase();
  const found = FORMS.filter(({ title }) => title.toLowerCase().includes(search));
  return c.json({
    total_items: found.length,
    page_count: Math.ceil(found.length / size),
    items: found.slice((page - 1) * size, page * size).map(render),
  });
}

type Account = { readonly store: Store; readonly webhooks: Webhooks; readonly options: SandboxOptions; readonly switches: Switches };

/** The vendor's paths that reading and webhooks need. */
export function routesOf({ store, webhooks, options, switches }: Account): Hono {
  const app = new Hono();
  const pace = paced(options.now, switches);
  const openedAt = options.now().getTime();
  const ages = { created_at: second(openedAt - 400 * DAY_MS), last_updated_at: second(openedAt - 390 * DAY_MS) };
  const withForm = (c: Context, run: (form: Form) => Response): Response => {
    const form = store.formOf(c.req.param('form') ?? '');
    return form === undefined ? refuse(c, 'FORM_NOT_FOUND') : run(form);
  };
  app.use(dated(options.now));
  app.get('/me', signedIn('accounts:read', switches), (c) => c.json(ME));
  app.get('/forms', signedIn('forms:read', switches), pace, (c) => formsPage(c, (form) => renderFormRow(form, ages, options.origin())));
  app.get('/forms/:form', signedIn('forms:read', switches), pace, (c) =>
    withForm(c, (form) => c.json(renderForm(form, ages, options.origin()))),
  );
  app.get('/forms/:form/responses', signedIn('responses:read', switches), pace, (c) =>
    withForm(c, (form) => {
      const visibleUntil = options.now().getTime() - switches.visibilityDelayMs;
      const listed = listResponses(
        store.of(form).filter(({ at }) => at <= visibleUntil),
        c.req.query(),
      );
      if (!listed.ok) return refuse(c, 'VALIDATION_ERROR', { why: listed.why });
      const items = listed.items.map((response) => renderResponse(response, listed.only));
      return c.json({ total_items: listed.total, page_count: listed.pages, items });
    }),
  );
  webhookRoutes(app, { store, webhooks, switches });
  app.all('*', (c) => refuse(c, 'NOT_FOUND'));
  return app;
}
