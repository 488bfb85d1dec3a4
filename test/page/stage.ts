import { EventEmitter, on, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { compress } from 'hono/compress';
import { CONNECTORS } from '../../connectors/index.ts';
import { createApp } from '../../src/http/app.ts';
import type { Actions, AppParts, ConnectionDraft, HoldDecision, Nudge } from '../../src/http/parts.ts';
import { createSetupLink, createSignInLink } from '../../src/http/security/access.ts';
import { openAuth } from '../../src/http/security/auth.ts';
import { makeOperator } from '../../src/http/security/operators.ts';
import type { Hub } from '../../src/hub/database.ts';
import { examineDatabase } from '../../src/hub/examination.ts';
import { newId } from '../../src/hub/ids.ts';
import type { Explanation } from '../../src/hub/records/explanation.ts';
import { openVault } from '../../src/hub/sealing/vault.ts';
import type { Role } from '../../src/hub/tables/access.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { checkDraft } from '../../src/sync/mappings/check-draft.ts';
import { VERSION } from '../../src/version.ts';
import { shippedMappings } from '../support/mappings.ts';

export const PASSWORD = 'correct horse battery';
type Asked = {
  readonly restored: string[];
  readonly decided: HoldDecision[];
  readonly drafts: ConnectionDraft[];
  readonly nudges: Nudge[];
};

/** The page as it was built, and as the hub serves it. */
export type BuiltPage = { readonly folder: string; readonly pages: (path: string) => Promise<Response | null> };

/** A hub on a loopback port, with an engine that does at its contract what the page asks, and keeps what it was asked. */
export type Stage = AsyncDisposable & {
  readonly origin: string;
  readonly asked: Asked;
  tell(event: string, data: object): void;
  setupLink(): Promise<string | null>;
  signInLink(): Promise<string>;
  addOperator(role: Role): Promise<string>;
};

/** `over`: what the engine itself does, in place of what stands for it. */
export async function openPageStage(hub: Hub, page: BuiltPage, over: Partial<Actions> = {}): Promise<Stage> {
  const server = createAdaptorServer({ fetch: (request, bindings) => app.fetch(request, bindings) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const asked: Asked = { restored: [], decided: [], drafts: [], nudges: [] };
  const happenings = new EventEmitter();
  const parts = await partsOf(hub, origin, { page, asked, happenings, over });
  const app = createApp(parts, compress());
  return {
    origin,
    asked,
    tell: (event, data) => void happenings.emit('live', { event, data }),
    setupLink: () => createSetupLink(hub, origin),
    signInLink: () => createSignInLink(hub, origin),
    addOperator: async (role) => {
      const { password } = await parts.auth.$context;
      const email = `${role}@acme.example`;
      await makeOperator(hub, { name: `Robin ${role}`, email, role }, await password.hash(PASSWORD));
      return email;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
}

async function partsOf(
  hub: Hub,
  publicUrl: string,
  { page, asked, happenings, over }: { page: BuiltPage; asked: Asked; happenings: EventEmitter; over: Partial<Actions> },
): Promise<AppParts> {
  const mappings = await shippedMappings();
  return {
    hub,
    publicUrl,
    connectors: CONNECTORS,
    mappings: () => mappings,
    digestsOf: () => [],
    pages: page.pages,
    log: silentLog,
    auth: openAuth(hub, { secret: 'a secret of the tests, long enough', publicUrl, log: silentLog }),
    clock: systemClock,
    vault: openVault(hub, { current: 1, keys: new Map([[1, Buffer.alloc(32, 7)]]) }),
    actions: { ...actionsOn(hub, asked), ...over },
    sandboxes: null,
    nudge: async (job) => void asked.nudges.push(job),
    live: async function* (signal) {
      try {
        for await (const [happening] of on(happenings, 'live', { signal })) yield happening as { event: string; data: unknown };
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    metrics: async () => '',
    examine: async () => ({ version: VERSION, runtime: 'Node', findings: await examineDatabase(hub, systemClock) }),
    ready: async () => ({ ok: true, checks: {} }),
  };
}

function actionsOn(hub: Hub, asked: Asked): Actions {
  return {
    difference: async () => null,
    previewUndo: async () => 'not_found',
    beginUndo: async () => 'not_found',
    previewMerge: async () => ({ refused: 'There is no such record.' }),
    merge: async () => ({ refused: 'There is no such record.' }),
    unmerge: async () => 'not_found',
    archive: async () => 'not_found',
    bringBack: async () => 'not_found',
    previewFile: async () => ({ refused: 'The file is empty' }),
    rehearseImport: async () => ({ refused: 'The file is empty' }),
    importFile: async () => ({ refused: 'The file is empty' }),
    tryConnection: async (draft) => {
      asked.drafts.push(draft);
      if (draft.auth.values.token === 'good') return { ok: true, account: { id: '4471902', name: 'Acme Trading' } };
      return {
        ok: false,
        kind: 'signed_out',
        message: 'HubSpot refused the token (401).',
        advice: 'Make a new service key, and paste it whole.',
      };
    },
    connect: async (draft) => {
      asked.drafts.push(draft);
      const id = newId();
      const { connector, name, origin } = draft;
      await hub
        .insertInto('connection')
        .values({
          id,
          connector,
          name,
          origin: origin ?? 'https://api.hubapi.com',
          settings: JSON.stringify(draft.settings),
          account: '{"id":"4471902","name":"Acme Trading"}',
          reason: null,
          resume_at: null,
        })
        .execute();
      return { ok: true, id, account: { id: '4471902', name: 'Acme Trading' } };
    },
    pause: async () => ({ rested: true }),
    beginSignIn: async () => ({ ok: false, kind: 'misconfigured', message: 'There is no such way.', advice: 'Choose another one.' }),
    followTicket: async () => null,
    finishSignIn: async () => ({ refusal: 'unknown', id: null }),
    explain: (recordId) => explain(hub, recordId),
    actOnFailures: async () => 0,
    check: async () => 'not_found' as const,
    ownFields: async () => null,
    missingChoices: async () => [],
    fieldChoices: async () => null,
    withdrawWebhooks: async () => ({ webhooks: 'none' as const }),
    revokeGrant: async () => ({ access: 'none' as const }),
    restore: async (changeId, field) => {
      asked.restored.push(`${changeId} ${field}`);
      const change = await hub.selectFrom('change').select(['record_id', 'fields']).where('id', '=', changeId).executeTakeFirst();
      const lost = change?.fields[field]?.lost;
      if (change === undefined || lost === undefined) return 'nothing_lost';
      const { fields } = await hub.selectFrom('record').select('fields').where('id', '=', change.record_id).executeTakeFirstOrThrow();
      await hub
        .updateTable('record')
        .set({ fields: JSON.stringify({ ...fields, [field]: lost.value }) })
        .where('id', '=', change.record_id)
        .execute();
      return 'restored';
    },
    decide: async (id, decision) => {
      asked.decided.push(decision);
      // As the engine does it: the merge that follows closes what was decided about a value.
      if ('take' in decision) {
        const { detail } = await hub.selectFrom('hold').select('detail').where('id', '=', id).executeTakeFirstOrThrow();
        await hub
          .updateTable('hold')
          .set({ detail: JSON.stringify({ ...detail, take: decision.take }) })
          .where('id', '=', id)
          .execute();
        return 'decided';
      }
      await hub
        .updateTable('hold')
        .set({ closed_at: new Date(), closed_by: 'operator:1', decision: JSON.stringify(decision) })
        .where('id', '=', id)
        .execute();
      return 'decided';
    },
    checkMapping: async (draft) => checkDraft({ hub, connectors: CONNECTORS, mappings: await shippedMappings() }, draft),
    previewMapping: async () => ({ kind: 'not_found' as const }),
    findThere: async () => ({ kind: 'found' as const, items: [] }),
    suggestLines: async () => ({ kind: 'problems' as const, problems: [] }),
    planDrafts: async () => ({ refused: 'There is no draft.' }),
    beginPlan: async () => ({ ok: false as const, reason: 'There is nothing to plan.' }),
    suggestOwners: async () => ({ reason: 'unknown' as const, suggestions: [] }),
    personalId: async () => null,
    eraseResponse: async () => 'not_found',
    decideOwner: async (id, owner) => {
      const recordId = typeof owner === 'object' ? owner.recordId : null;
      const attachment = recordId === null ? 'detached' : 'attached';
      await hub
        .updateTable('response')
        .set({ attachment, record_id: recordId, evidence: '{"by":"hand","from":"operator:1"}' })
        .where('id', '=', id)
        .execute();
      return attachment;
    },
    setField: async () => 'unchanged',
  };
}

// What the engine says of a record with one conflict: enough for the page to show every kind of line.
async function explain(hub: Hub, recordId: string): Promise<Explanation | null> {
  const record = await hub.selectFrom('record').select(['object', 'fields', 'stamps']).where('id', '=', recordId).executeTakeFirst();
  const model = record === undefined ? undefined : (await shippedMappings()).model.get(record.object);
  if (record === undefined || model === undefined) return null;
  const systems = await hub
    .selectFrom('link')
    .innerJoin('connection', 'connection.id', 'link.connection_id')
    .select(['connection.id', 'connection.name', 'connection.connector', 'link.remote_id', 'link.object', 'link.state'])
    .where('record_id', '=', recordId)
    .execute();
  const changes = await hub
    .selectFrom('change')
    .select(['id', 'fields'])
    .where('record_id', '=', recordId)
    .where('conflict', '=', true)
    .execute();
  return {
    recordId,
    object: record.object,
    at: null,
    archived: null,
    mergedInto: null,
    fields: [...model.fields.values()].map((field) => {
      const value = record.fields[field.name] ?? null;
      const lost = changes.flatMap(({ id, fields }) => {
        const gone = fields[field.name]?.lost;
        return gone === undefined || gone.value === value ? [] : [{ ...gone, changeId: id, rule: 'newest' }];
      });
      const sides = systems.map((system) => ({
        connection: system.name,
        connector: system.connector,
        remoteId: system.remote_id,
        remoteField: field.name,
        shown: value,
        base: { hub: value, remote: value },
        verdict: 'still',
        decision: 'nothing' as const,
        reason: 'Both sides hold what they last agreed on.',
      }));
      const stamp = record.stamps[field.name] ?? record.stamps['*'];
      return {
        field: field.name,
        label: field.label,
        category: field.category,
        value,
        from: stamp === undefined ? null : { by: stamp[1], at: stamp[0] },
        lost,
        sides: value === null ? [] : sides,
        origin:
          stamp === undefined || value === null
            ? null
            : {
                changeId: null,
                cause: 'merged' as const,
                at: stamp[0],
                connection: systems.find((system) => system.id === stamp[1])?.name ?? null,
                connector: null,
                remoteId: '15104711',
                remoteField: 'jobtitle',
                changedAt: stamp[0],
                actor: 'm.ito@acme.example',
                runId: null,
                mapping: '3f2a',
                rule: 'newest',
                ruled: { kind: 'newest' as const },
              },
        steps: [],
        sentence: `${field.label} is the same everywhere.`,
      };
    }),
    links: systems.map((system) => ({
      connection: system.name,
      connector: system.connector,
      object: system.object,
      remoteId: system.remote_id,
      state: system.state,
      reason: null,
      evidence: 'E-mail',
      began: 'matched' as const,
    })),
  };
}
