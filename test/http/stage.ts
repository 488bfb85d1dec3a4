import type { Connector } from '../../src/contract/connector.ts';
import { createApp } from '../../src/http/app.ts';
import type { Actions, AppParts, Nudge } from '../../src/http/parts.ts';
import { createApiKey } from '../../src/http/security/access.ts';
import { openAuth } from '../../src/http/security/auth.ts';
import { makeOperator } from '../../src/http/security/operators.ts';
import type { Hub } from '../../src/hub/database.ts';
import { examineDatabase } from '../../src/hub/examination.ts';
import { digest } from '../../src/hub/ids.ts';
import { openVault } from '../../src/hub/sealing/vault.ts';
import type { Role } from '../../src/hub/tables/access.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { must } from '../../src/kernel/must.ts';
import type { HubField, HubObject } from '../../src/mapping/mapping.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { VERSION } from '../../src/version.ts';

export const PUBLIC_URL = 'http://127.0.0.1:8080';
export const PASSWORD = 'correct horse battery';

const field = (name: string, more: Partial<HubField> = {}): HubField => ({
  name,
  label: name.replaceAll('_', ' '),
  type: 'text',
  to: null,
  category: 'basic',
  sensitivity: 'personal',
  identity: null,
  steward: null,
  unique: false,
  rollup: null,
  response: null,
  ...more,
});
const object = (name: string, label: string, fields: readonly HubField[]): [string, HubObject] => [
  name,
  { name, label, fields: new Map(fields.map((each) => [each.name, each])) },
];
export const MODEL = new Map([
  object('contact', 'Contact', [
    field('email', { identity: 'email' }),
    field('first_name', { identity: 'name' }),
    field('last_name', { identity: 'name' }),
    field('phone', { identity: 'phone', label: 'Phone' }),
    field('salary', { sensitivity: 'sensitive' }),
    field('comment', { category: 'feedback', sensitivity: 'sensitive', rollup: { of: null, take: 'comment' } }),
  ]),
  object('company', 'Company', [field('name', { identity: 'name' }), field('domain', { identity: 'domain' })]),
  object('patient', 'Patient', [field('full_name', { identity: 'name', sensitivity: 'sensitive' }), field('ward')]),
  object('deal', 'Deal', [field('title'), field('person', { type: 'reference', to: 'contact' })]),
]);
const MAPPINGS: Mappings = { model: MODEL, benchmarks: [], byStream: new Map() };

const read = { removals: 'reported', pageMax: 100, settleMs: 0 } as const;
const write = { verbs: ['create', 'update'], batchMax: 100, guard: 'none', echo: 'record', recallMs: 0 } as const;
/** A system that is only described: the API never opens a connector. */
const CRM: Connector = {
  manifest: {
    id: 'crm',
    label: 'The CRM',
    about: 'A CRM.',
    kind: 'crm',
    origin: 'https://api.crm.test',
    pace: [{ requests: 10, perMs: 1000 }],
    auth: [{ kind: 'token', label: 'Token', help: 'Made in the settings.', fields: [{ name: 'token', label: 'Token' }] }],
    settings: [{ name: 'region', label: 'Region', kind: 'choice', required: true, choices: [{ value: 'eu', label: 'Europe' }] }],
    objects: {
      contact: { nature: 'entity', scopedBy: null, read, write, page: '{origin}/{account}/{id}' },
      note: { nature: 'event', scopedBy: null, read },
    },
  },
  open: () => {
    throw new Error('the API opens no connector');
  },
};
export const DRAFT = {
  connector: 'crm',
  name: 'Main CRM',
  origin: null,
  auth: { kind: 'token', values: { token: 'very secret' } },
  settings: { region: 'eu' },
};

/** The engine at its contract: it knows nothing, and keeps what it was asked. */
export function quietActions(over: Partial<Actions> = {}): Actions {
  return {
    connect: async () => ({ ok: false, kind: 'signed_out', message: 'The token was refused.', advice: 'Make a new one.' }),
    tryConnection: async () => ({ ok: true, account: { id: '1', name: 'Acme' } }),
    pause: async () => ({ rested: true }),
    beginSignIn: async () => ({ ok: false, kind: 'misconfigured', message: 'There is no such way.', advice: 'Choose another one.' }),
    followTicket: async () => null,
    finishSignIn: async () => ({ refusal: 'unknown', id: null }),
    explain: async () => null,
    actOnFailures: async () => 0,
    difference: async () => null,
    previewUndo: async () => 'not_found',
    beginUndo: async () => 'not_found',
    check: async () => 'not_found' as const,
    ownFields: async () => null,
    missingChoices: async () => [],
    fieldChoices: async () => null,
    withdrawWebhooks: async () => ({ webhooks: 'none' as const }),
    revokeGrant: async () => ({ access: 'none' as const }),
    restore: async () => 'not_found',
    decide: async () => 'not_found',
    eraseResponse: async () => 'not_found',
    decideOwner: async () => 'not_found',
    suggestOwners: async () => null,
    personalId: async () => null,
    beginPlan: async () => ({ ok: false, reason: 'There is nothing to plan.' }),
    checkMapping: async ({ text }) => ({ text, document: null, problems: [], misfits: [] }),
    previewMapping: async () => ({ kind: 'not_found' }),
    findThere: async () => ({ kind: 'found', items: [] }),
    suggestLines: async () => ({ kind: 'problems', problems: [] }),
    planDrafts: async () => ({ refused: 'There is no draft.' }),
    setField: async () => 'not_found',
    previewMerge: async () => ({ refused: 'There is no such record.' }),
    merge: async () => ({ refused: 'There is no such record.' }),
    unmerge: async () => 'not_found',
    archive: async () => 'not_found',
    bringBack: async () => 'not_found',
    previewFile: async () => ({ refused: 'The file is empty' }),
    rehearseImport: async () => ({ refused: 'The file is empty' }),
    importFile: async () => ({ refused: 'The file is empty' }),
    ...over,
  };
}

export type Stage = {
  readonly app: ReturnType<typeof createApp>;
  readonly parts: AppParts;
  readonly nudges: Nudge[];
  /** Asks as the holder of an API key of this role, or as nobody. */
  ask(role: Role | null, path: string, init?: Ask): Promise<Response>;
  /** The cookie of an operator who signed in with a password. */
  signIn(role: Role): Promise<string>;
};
export type Ask = { readonly method?: string; readonly json?: unknown; readonly headers?: Readonly<Record<string, string>> };

/** The app on a database, with an engine that does what the test says. */
export function openStage(hub: Hub, over: Partial<AppParts> = {}): Stage {
  const nudges: Nudge[] = [];
  const auth = openAuth(hub, { secret: 'a secret of the tests, long enough', publicUrl: PUBLIC_URL, log: silentLog });
  const parts: AppParts = {
    hub,
    auth,
    clock: systemClock,
    vault: openVault(hub, { current: 1, keys: new Map([[1, Buffer.alloc(32, 7)]]) }),
    connectors: new Map([['crm', CRM]]),
    mappings: () => MAPPINGS,
    publicUrl: PUBLIC_URL,
    pages: null,
    actions: quietActions(),
    log: silentLog,
    digestsOf: (object_, text) => [digest(`${object_}|email|${text.toLowerCase()}`)],
    sandboxes: null,
    nudge: async (job) => void nudges.push(job),
    live: async function* () {
      yield { event: 'run', data: { seen: 1 } };
    },
    metrics: async () => 'syncline_up 1\n',
    examine: async () => ({ version: VERSION, runtime: 'Node', findings: await examineDatabase(hub, systemClock) }),
    ready: async () => ({ ok: true, checks: { database: 'ok' } }),
    ...over,
  };
  const app = createApp(parts);
  const keys = new Map<Role, string>();
  const keyOf = async (role: Role) => {
    if (!keys.has(role)) keys.set(role, (await createApiKey(hub, { name: role, role })).secret);
    return must(keys.get(role), 'the key');
  };
  return {
    app,
    parts,
    nudges,
    async ask(role, path, init = {}) {
      const headers = new Headers(init.headers);
      if (role !== null) headers.set('authorization', `Bearer ${await keyOf(role)}`);
      return app.request(path, requestOf(init, headers));
    },
    async signIn(role) {
      const { password } = await auth.$context;
      await makeOperator(hub, { name: role, email: `${role}@acme.test`, role }, await password.hash(PASSWORD));
      const answer = await app.request(
        '/api/auth/sign-in/email',
        requestOf({ method: 'POST', json: { email: `${role}@acme.test`, password: PASSWORD } }, new Headers()),
      );
      return cookieOf(answer);
    },
  };
}

/** The session cookie of an answer, as a browser would send it back. */
export function cookieOf(answer: Response): string {
  return (
    must(
      answer.headers.getSetCookie().find((line) => line.includes('session_token')),
      'a session cookie',
    ).split(';')[0] ?? ''
  );
}

function requestOf(init: Ask, headers: Headers): RequestInit {
  const method = init.method ?? 'GET';
  if (init.json === undefined) return { method, headers };
  headers.set('content-type', 'application/json');
  return { method, headers, body: JSON.stringify(init.json) };
}
