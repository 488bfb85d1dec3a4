import type { Context, Hono } from 'hono';
import type { Form } from './forms.ts';
import { refuse, signedIn } from './gate.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';
import type { Webhook, Webhooks } from './webhooks.ts';

const shown = ({ id, formId, tag, url, enabled, madeAt, changedAt }: Webhook) => {
  return { id, form_id: formId, tag, url, enabled, verify_ssl: true, created_at: madeAt, updated_at: changedAt };
};

async function bodyOf(c: Context): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const body: unknown = JSON.parse(await c.req.text());
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.fromEntries(Object.entries(body)) : null;
  } catch {
    return null;
  }
}

/** Completed responses alone, unless somebody says otherwise. */
function eventsOf(given: unknown): ReadonlySet<string> {
  if (typeof given !== 'object' || given === null) return new Set(['form_response']);
  return new Set(Object.entries(given).flatMap(([name, wanted]) => (wanted === true ? [name] : [])));
}

/** Webhooks of a form: these calls are not limited. */
export function webhookRoutes(app: Hono, { store, webhooks, switches }: { store: Store; webhooks: Webhooks; switches: Switches }): void {
  const [mayRead, mayWrite] = [signedIn('webhooks:read', switches), signedIn('webhooks:write', switches)];
  const formIn = (c: Context): Form | undefined => store.formOf(c.req.param('form') ?? '');
  app.get('/forms/:form/webhooks', mayRead, (c) => {
    const form = formIn(c);
    return form === undefined ? refuse(c, 'FORM_NOT_FOUND') : c.json({ items: webhooks.of(form.id).map(shown) });
  });
  app.get('/forms/:form/webhooks/:tag', mayRead, (c) => {
    const found = webhooks.of(formIn(c)?.id ?? '').find(({ tag }) => tag === c.req.param('tag'));
    return found === undefined ? refuse(c, 'NOT_FOUND') : c.json(shown(found));
  });
  app.put('/forms/:form/webhooks/:tag', mayWrite, async (c) => {
    const form = formIn(c);
    const body = await bodyOf(c);
    if (form === undefined) return refuse(c, 'FORM_NOT_FOUND');
    if (body === null || typeof body.url !== 'string' || !URL.canParse(body.url))
      return refuse(c, 'VALIDATION_ERROR', { why: 'url is an address' });
    const secret = typeof body.secret === 'string' ? body.secret : null;
    const given = {
      formId: form.id,
      tag: c.req.param('tag'),
      url: body.url,
      enabled: body.enabled === true,
      secret,
      events: eventsOf(body.event_types),
    };
    return c.json(shown(webhooks.put(given)));
  });
  app.delete('/forms/:form/webhooks/:tag', mayWrite, (c) =>
    webhooks.remove(formIn(c)?.id ?? '', c.req.param('tag')) ? c.body(null, 204) : refuse(c, 'NOT_FOUND'),
  );
}
