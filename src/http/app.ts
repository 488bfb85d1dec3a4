import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { oauthRoutes } from './connecting/oauth-callback.ts';
import { descriptionRoutes } from './description.ts';
import { safeHeaders } from './headers.ts';
import { healthRoutes } from './health.ts';
import { repeatable } from './idempotency.ts';
import { newApi } from './operation.ts';
import type { AppParts } from './parts.ts';
import { answerError, Problem } from './problem.ts';
import { jsonOnly, otherMethods, unlessUpload } from './rails.ts';
import { aboutRoutes } from './routes/about.ts';
import { auditRoutes } from './routes/audit.ts';
import { choiceRoutes } from './routes/choices.ts';
import { conflictRoutes } from './routes/conflicts.ts';
import { connectionRoutes } from './routes/connections.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { failureRoutes } from './routes/failures.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { historyRoutes } from './routes/history.ts';
import { holdRoutes } from './routes/holds.ts';
import { importRoutes } from './routes/imports.ts';
import { keyRoutes } from './routes/keys.ts';
import { liveRoutes } from './routes/live.ts';
import { mappingDraftRoutes } from './routes/mapping-drafts.ts';
import { mappingRoutes } from './routes/mappings.ts';
import { mergingRoutes } from './routes/mergings.ts';
import { operatorRoutes } from './routes/operators.ts';
import { ownFieldRoutes } from './routes/own-fields.ts';
import { ownSecurityRoutes } from './routes/own-security.ts';
import { planRoutes } from './routes/plans.ts';
import { presenceRoutes } from './routes/presence.ts';
import { recordRoutes } from './routes/records.ts';
import { responseRoutes } from './routes/responses.ts';
import { rhythmRoutes } from './routes/rhythm.ts';
import { securityRoutes } from './routes/security.ts';
import { sessionRoutes } from './routes/session.ts';
import { signInRoutes as vendorSignInRoutes } from './routes/sign-ins.ts';
import { startRoutes } from './routes/start.ts';
import { streamRoutes } from './routes/streams.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { webhookSecretRoutes } from './routes/webhook-secrets.ts';
import { audited } from './security/audited.ts';
import { operatorsOnly } from './security/operator.ts';
import { signInRoutes } from './security/sign-in.ts';
import { webhookRoutes } from './webhooks/receive.ts';

const BODY_MAX_BYTES = 256 * 1024;

/**
 * The hub over HTTP: the API, signing in, what machines ask, and the settings page. It opens nothing; all it needs is handed in. `around`: what is put
 * around every answer by whoever serves it.
 */
export function createApp(parts: AppParts, ...around: readonly MiddlewareHandler[]) {
  const api = apiRoutes(parts);
  const app = new OpenAPIHono();
  app.onError(answerError(parts.log));
  for (const one of around) app.use(one);
  app.use(safeHeaders);
  app.route('/', webhookRoutes(parts));
  const limited = bodyLimit({
    maxSize: BODY_MAX_BYTES,
    onError: () => {
      throw new Problem(413, 'A body may have 256 KB at most.');
    },
  });
  app.use(unlessUpload(limited));
  app.use(
    '/api/v1/*',
    operatorsOnly(parts),
    audited(parts.hub),
    unlessUpload(jsonOnly),
    unlessUpload(repeatable(parts.hub, parts.auth.options.secret)),
  );
  const whole = app.route('/', api);
  whole
    .route('/', signInRoutes(parts))
    .route('/', oauthRoutes(parts))
    .route('/', healthRoutes(parts))
    .route('/', descriptionRoutes(parts, api));
  whole.use(otherMethods(whole.routes));
  whole.get('*', async (c, next) => (c.req.path.startsWith('/api/') ? next() : ((await parts.pages?.(c.req.path)) ?? next())));
  whole.notFound(() => {
    throw new Problem(404, 'There is nothing under this address.');
  });
  return whole;
}

/** The way back from a sign-in alone, for a command that waits for it while no hub is running. */
export function createWayBack(parts: Pick<AppParts, 'hub' | 'auth' | 'actions' | 'publicUrl' | 'log'>) {
  const app = new OpenAPIHono();
  app.onError(answerError(parts.log));
  app.use(safeHeaders);
  return app.route('/', oauthRoutes(parts));
}

/** For `hono/client`: every route of the API with what it takes and what it answers. */
export type App = ReturnType<typeof apiRoutes>;

function apiRoutes(parts: AppParts) {
  return newApi()
    .route('/api/v1', sessionRoutes(parts))
    .route('/api/v1', connectionRoutes(parts))
    .route('/api/v1', startRoutes(parts))
    .route('/api/v1', vendorSignInRoutes(parts))
    .route('/api/v1', streamRoutes(parts))
    .route('/api/v1', rhythmRoutes(parts))
    .route('/api/v1', webhookSecretRoutes(parts))
    .route('/api/v1', importRoutes(parts))
    .route('/api/v1', ownFieldRoutes(parts))
    .route('/api/v1', choiceRoutes(parts))
    .route('/api/v1', planRoutes(parts))
    .route('/api/v1', mappingRoutes(parts))
    .route('/api/v1', mappingDraftRoutes(parts))
    .route('/api/v1', recordRoutes(parts))
    .route('/api/v1', timelineRoutes(parts))
    .route('/api/v1', mergingRoutes(parts))
    .route('/api/v1', presenceRoutes(parts))
    .route('/api/v1', historyRoutes(parts))
    .route('/api/v1', conflictRoutes(parts))
    .route('/api/v1', holdRoutes(parts))
    .route('/api/v1', failureRoutes(parts))
    .route('/api/v1', responseRoutes(parts))
    .route('/api/v1', erasureRoutes(parts))
    .route('/api/v1', feedbackRoutes(parts))
    .route('/api/v1', liveRoutes(parts))
    .route('/api/v1', keyRoutes(parts))
    .route('/api/v1', operatorRoutes(parts))
    .route('/api/v1', ownSecurityRoutes(parts))
    .route('/api/v1', securityRoutes(parts))
    .route('/api/v1', auditRoutes(parts))
    .route('/api/v1', aboutRoutes(parts));
}
