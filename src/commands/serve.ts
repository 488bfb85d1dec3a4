import { EventEmitter, on } from 'node:events';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { compress } from 'hono/compress';
import { sql } from 'kysely';
import { causeOf } from '../causes/cause-of.ts';
import { sayCause } from '../causes/say.ts';
import { PROJECT_FOLDER } from '../config.ts';
import { HubError } from '../contract/errors.ts';
import { createApp, createWayBack } from '../http/app.ts';
import type { OwnSandboxes } from '../http/connecting/own-sandboxes.ts';
import type { Actions, AppParts, Nudge } from '../http/parts.ts';
import { openAuth } from '../http/security/auth.ts';
import type { Upload } from '../http/uploads.ts';
import { makeDue } from '../hub/rhythm/due-connections.ts';
import type { RowProblem } from '../mapping/arriving/read-row.ts';
import type { Services } from '../services.ts';
import { checkCompleteness } from '../sync/check/check-completeness.ts';
import { fieldChoices } from '../sync/choices/choices.ts';
import { missingChoices } from '../sync/choices/missing.ts';
import { connect, tryConnection } from '../sync/connecting/connect.ts';
import { withdrawWebhooks } from '../sync/connecting/withdraw-webhooks.ts';
import type { LiveEvent } from '../sync/engine.ts';
import { eraseResponse } from '../sync/erasing/erase-response.ts';
import { difference } from '../sync/explain/as-of.ts';
import { explain } from '../sync/explain/explain.ts';
import { actOnFailures } from '../sync/failures/dead-letters.ts';
import { emailDigest, phoneDigest } from '../sync/identity/identities.ts';
import { importFile } from '../sync/importing/import-file.ts';
import { previewFile } from '../sync/importing/preview.ts';
import { rehearse } from '../sync/importing/rehearse.ts';
import { checkDraft } from '../sync/mappings/check-draft.ts';
import { findThere } from '../sync/mappings/find-there.ts';
import { planDrafts } from '../sync/mappings/plan-drafts.ts';
import { previewDraft } from '../sync/mappings/preview.ts';
import { suggestLines } from '../sync/mappings/suggest.ts';
import { mergeRecords } from '../sync/merging/merge-records.ts';
import { previewMerge } from '../sync/merging/preview-merge.ts';
import { unmerge } from '../sync/merging/unmerge.ts';
import { beginPlan } from '../sync/plan/plan.ts';
import { decideOwner } from '../sync/responses/decisions.ts';
import { personalIdOf } from '../sync/responses/personal-id.ts';
import { suggestOwners } from '../sync/responses/suggest.ts';
import { pause } from '../sync/rhythm/pause.ts';
import { provision } from '../sync/schema/provision.ts';
import { begin } from '../sync/sign-in/begin.ts';
import { finish } from '../sync/sign-in/finish.ts';
import { followTicket } from '../sync/sign-in/follow-ticket.ts';
import { revokeGrant } from '../sync/sign-in/revoke.ts';
import { archiveRecord, restoreRecord } from '../sync/steward/presence-by-hand.ts';
import { decide, restore, setFields } from '../sync/steward/steward.ts';
import { inTransaction } from '../sync/transaction.ts';
import { beginUndo, previewUndo } from '../sync/undo/undo.ts';
import { examine } from './examine.ts';
import { openMetrics } from './metrics.ts';
import { builtPages } from './pages.ts';

/** What takes longer is for the command line. */
const CHECK_MS = 120_000;
/** Whoever tries a mapping looks on. */
const TRY_MS = 15_000;
/** Whoever disconnects waits for it. */
const WITHDRAW_MS = 30_000;

/** The HTTP server of this process; closed with `close`, which lets running requests end. */
export type HttpServer = { readonly url: string; close(): Promise<void> };

/** What is served beside the hub itself: the sandboxes that it opens, and the folder of the built page. */
type Given = { readonly sandboxes: OwnSandboxes | null; readonly folder: string };

/** Serves the API and the settings page. */
export async function startServing(services: Services, given: Partial<Given> = {}): Promise<HttpServer> {
  const { config } = services;
  const parts = await appParts(services, { sandboxes: null, folder: join(PROJECT_FOLDER, 'src/admin/dist'), ...given });
  // The edge compresses by itself. Live streams are left as they are: their events must not wait for a full block.
  const app = createApp(parts, compress());
  // What is asked without the tables at hand has to be answered all the same: it says so.
  const fetching = async (request: Request, bindings: object) => {
    await services
      .refresh()
      .catch((error: unknown) => services.log.warn({ reason: String(error) }, 'the mappings could not be read again'));
    return app.fetch(request, bindings);
  };
  const opened = await listen({ fetch: fetching }, config);
  if (opened === null) throw new Error(`Port ${config.port} is taken. Choose another one: PORT=8090`);
  return opened;
}

/** Serves the way back from a sign-in, and nothing else, while no hub runs here; null when one does. */
export async function serveWayBack(services: Services): Promise<HttpServer | null> {
  const { hub, log, config, sessionSecret: secret } = services;
  const auth = openAuth(hub, { secret, publicUrl: config.publicUrl, log });
  return listen(createWayBack({ hub, log, auth, publicUrl: config.publicUrl, actions: actionsOf(services) }), config);
}

type Fetching = { fetch(request: Request, bindings: object): Response | Promise<Response> };
/** Null when the port is taken. */
async function listen(app: Fetching, config: Services['config']): Promise<HttpServer | null> {
  const server = await new Promise<ServerType | null>((resolve, reject) => {
    const opened = serve({ fetch: (request, bindings) => app.fetch(request, bindings), port: config.port, hostname: config.host }, () =>
      resolve(opened),
    );
    opened.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
  });
  if (server === null) return null;
  return {
    url: config.publicUrl,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Live streams stay open as long as somebody listens; they are ended rather than waited for.
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

async function appParts(services: Services, { sandboxes, folder }: Given): Promise<AppParts> {
  const { hub, engine, config, log } = services;
  return {
    hub,
    log,
    auth: openAuth(hub, { secret: services.sessionSecret, publicUrl: config.publicUrl, log }),
    clock: engine.clock,
    vault: engine.vault,
    get connectors() {
      return engine.connectors;
    },
    mappings: () => engine.mappings,
    digestsOf: (object, text) => [emailDigest(object, text), phoneDigest(object, text)].filter((digest) => digest !== null),
    publicUrl: config.publicUrl,
    pages: await builtPages(folder),
    sandboxes,
    nudge: (nudge) => passOn(services, nudge),
    actions: actionsOf(services),
    live: (signal) => liveEvents(services, signal),
    metrics: openMetrics(hub),
    ready: () => readiness(services),
    examine: () => examine(services),
  };
}

function actionsOf(services: Services): Actions {
  const { engine } = services;
  /** What was decided by hand is merged right away, not with the next sweep. */
  const thenSweep = async <T>(done: Promise<T>): Promise<T> => {
    const result = await done;
    await passOn(services, { name: 'reconcile' });
    return result;
  };
  return {
    connect: (draft) => connect(engine, draft),
    tryConnection: (draft) => tryConnection(engine, draft),
    pause: (connectionId, by) => pause(engine, connectionId, by),
    beginSignIn: (wish, actor) => begin(engine, { ...wish, actor }),
    withdrawWebhooks: (connectionId) => withdrawWebhooks(engine, connectionId, AbortSignal.timeout(WITHDRAW_MS)),
    revokeGrant: (connectionId) => revokeGrant(engine, connectionId),
    followTicket: (ticket, cookie) => followTicket(engine, ticket, cookie),
    finishSignIn: (back, browser) => finish(engine, back, browser),
    explain: (recordId, at) => explain(engine, recordId, at === undefined ? {} : { at }),
    difference: (recordId, times) => difference(engine, recordId, times),
    previewUndo: (target, page) => previewUndo(engine, target, page),
    beginUndo: (target, actor) => thenSweep(beginUndo(engine, target, actor)),
    check: (connectionId, options) => checkNow(services, connectionId, options),
    ownFields: (connectionId, wish) => ownFieldsNow(services, connectionId, wish),
    missingChoices: () => missingChoices(engine),
    fieldChoices: (connectionId, wish) => fieldChoicesNow(services, connectionId, wish),
    actOnFailures: (of, action, actor) => thenSweep(actOnFailures(engine, of, action, actor)),
    restore: (changeId, field, actor) => thenSweep(restore(engine, changeId, field, actor)),
    decide: (holdId, decision, actor) => thenSweep(decide(engine, holdId, decision, actor)),
    beginPlan: (wish, actor) => beginPlan(engine, wish, actor),
    eraseResponse: (responseId, actor) => thenSweep(eraseResponse(engine, responseId, actor)),
    checkMapping: (draft) => checkDraft(engine, draft),
    previewMapping: (draft, of) => previewDraft(engine, { ...draft, signal: AbortSignal.timeout(TRY_MS) }, of),
    findThere: (draft, search) => findThere(engine, { ...draft, signal: AbortSignal.timeout(TRY_MS) }, search),
    suggestLines: (draft) => suggestLines(engine, { ...draft, signal: AbortSignal.timeout(TRY_MS) }),
    planDrafts: (names, about) => planDrafts(engine, names, about),
    decideOwner: (responseId, owner, actor) => thenSweep(decideOwner(engine, responseId, owner, actor)),
    suggestOwners: (responseId) => suggestOwners(engine, responseId),
    personalId: (recordId) => personalIdOf(engine, recordId),
    setField: (recordId, fields, actor) => thenSweep(setFields(engine, recordId, fields, actor)),
    previewMerge: (winnerId, loserId) => previewMerge(engine, winnerId, loserId),
    merge: (winnerId, loserId, actor) =>
      thenSweep(inTransaction(engine.hub, (tx) => mergeRecords(engine, tx, { winnerId, loserId, cause: 'steward', actor }))),
    archive: (recordId, from, actor) => thenSweep(archiveRecord(engine, recordId, { from, actor })),
    bringBack: (recordId, actor) => thenSweep(restoreRecord(engine, recordId, actor)),
    previewFile: (connection, upload) => orRefused(previewFile(engine, { connection, ...upload })),
    rehearseImport: (connection, upload) => orRefused(rehearseUpload(services, connection, upload)),
    importFile: (connection, upload) => thenSweep(orRefused(importFile(engine, { connection, ...upload }).then(({ run }) => ({ run })))),
    unmerge: (mergingId, actor) => thenSweep(unmerge(engine, mergingId, actor)),
  };
}

const MOST_ERRORS = 100;

async function rehearseUpload({ engine }: Services, connection: string, upload: Upload) {
  const errors: RowProblem[] = [];
  const came = await rehearse(engine, { connection, ...upload }, (some) => errors.push(...some.slice(0, MOST_ERRORS - errors.length)));
  return { ...came, errors };
}

/** What cannot be is an answer; what fails otherwise is a fault. */
async function orRefused<T>(work: Promise<T>): Promise<T | { readonly refused: string }> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HubError) return { refused: error.message };
    throw error;
  }
}

async function checkNow(services: Services, connectionId: string, options: { object?: string | undefined; sample?: number | undefined }) {
  const result = await checkCompleteness(services.engine, connectionId, { ...options, signal: AbortSignal.timeout(CHECK_MS) });
  if (result === null) return 'not_found';
  if (result.ok) return result;
  const cause = causeOf(result.error);
  return { ok: false, kind: result.error.kind, message: result.error.message, cause, advice: sayCause(cause, 'en').advice } as const;
}

/** What was made is of use at once: the connection is looked at right away. */
async function ownFieldsNow(services: Services, connectionId: string, wish: { object?: string | undefined; apply: boolean }) {
  const came = await provision(services.engine, connectionId, { ...wish, signal: AbortSignal.timeout(CHECK_MS) });
  if (wish.apply && came?.ok === true) await passOn(services, { name: 'tend', connectionId });
  return came;
}

/** What waited for a choice is written at once. */
async function fieldChoicesNow(services: Services, connectionId: string, wish: Parameters<Actions['fieldChoices']>[1]) {
  const came = await fieldChoices(services.engine, connectionId, { ...wish, signal: AbortSignal.timeout(CHECK_MS) });
  if (wish.add !== undefined && came?.ok === true) {
    await passOn(services, { name: 'reconcile' });
    await passOn(services, { name: 'tend', connectionId: came.found.connection.id });
  }
  return came;
}

async function passOn(services: Services, nudge: Nudge): Promise<void> {
  const connectionId = await connectionOf(services, nudge);
  const queue = await services.queue();
  await queue.nudge(connectionId === null ? { name: 'sweep' } : { name: 'tend', connectionId });
}

async function connectionOf({ hub }: Services, nudge: Nudge): Promise<string | null> {
  if (nudge.name === 'tend') return nudge.connectionId;
  return nudge.streamId === undefined ? null : makeDue(hub, nudge.streamId);
}

async function* liveEvents(services: Services, signal: AbortSignal): AsyncGenerator<{ event: string; data: unknown }> {
  const emitter = new EventEmitter();
  const stop = services.watch((event) => emitter.emit('live', event));
  try {
    for await (const [event] of on(emitter, 'live', { signal }) as AsyncIterable<[LiveEvent]>) yield { event: event.event, data: event };
  } finally {
    stop();
  }
}

async function readiness(services: Services): Promise<{ ok: boolean; checks: Record<string, string> }> {
  const check = async (work: () => Promise<unknown>): Promise<string> => {
    try {
      await work();
      return 'ok';
    } catch (error) {
      services.log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'not ready');
      return 'does not answer';
    }
  };
  const checks = {
    database: await check(() => sql`select 1`.execute(services.hub)),
    queue: await check(async () => (await services.queue()).ping()),
  };
  return { ok: Object.values(checks).every((state) => state === 'ok'), checks };
}
