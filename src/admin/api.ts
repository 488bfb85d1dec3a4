import { hc, type InferRequestType, type InferResponseType } from 'hono/client';
import i18next from 'i18next';
import type { App } from '../http/app.ts';
import { confirmIdentity } from './confirming.ts';

type Told = {
  readonly title?: string;
  readonly detail?: string;
  readonly kind?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
};

/** What the hub refused, in its own words (RFC 9457); `status` 0 means that the hub could not be reached at all. */
export class Refusal extends Error {
  readonly status: number;
  readonly kind: string | undefined;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  constructor(status: number, told: Told) {
    super(told.detail ?? told.title ?? i18next.t('answered', { status }));
    this.name = 'Refusal';
    this.status = status;
    this.kind = told.kind ?? told.code;
    this.errors = told.errors ?? [];
  }
}

/** A fetch that throws a Refusal for everything but success. A POST carries a key, so that one that was cut off can be sent again. */
async function ask(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  // The hub tells causes and advice in the language of the page.
  headers.set('accept-language', i18next.language);
  const isPost = init?.method === 'POST';
  if (isPost) headers.set('idempotency-key', newKey());
  const send = () => fetch(input, { ...init, headers });
  const attempt = () =>
    send()
      .catch(() => (isPost ? send() : Promise.reject()))
      .catch(() => null);
  const first = await attempt();
  // Something that is not taken back easily: who sits there proves who they are, and what they asked for goes on.
  const answer = first !== null && (await asksWhoItIs(first)) && (await confirmIdentity()) ? await attempt() : first;
  if (answer === null) throw new Refusal(0, { detail: i18next.t('unreached') });
  if (!answer.ok) throw new Refusal(answer.status, await toldBy(answer));
  return answer;
}

export const NOT_FRESH = 'fresh_sign_in_needed';

async function asksWhoItIs(answer: Response): Promise<boolean> {
  return answer.status === FORBIDDEN && (await toldBy(answer.clone())).code === NOT_FRESH;
}
const FORBIDDEN = 403;

async function toldBy(answer: Response): Promise<Told> {
  if (!answer.headers.get('content-type')?.includes('json')) return {};
  return (await answer.json().catch(() => ({}))) as Told;
}

// randomUUID is missing where the page is opened over plain HTTP under a name other than localhost.
const newKey = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The documented API, typed by the routes themselves. */
export const api = hc<App>('/', { fetch: ask }).api.v1;

/** Sends a file as it is: to be looked at, to be tried, or to be imported. It is not sent again by itself. */
export async function sendFile<Answer>(
  what: 'preview' | 'dry' | 'import',
  file: File,
  { id, object }: { readonly id: string; readonly object?: string },
): Promise<Answer> {
  const query = new URLSearchParams({
    ...(object === undefined ? {} : { object }),
    ...(what === 'preview' ? {} : { file: file.name }),
    ...(what === 'dry' ? { dry: 'true' } : {}),
  });
  const address = `/api/v1/connections/${id}/imports${what === 'preview' ? '/preview' : ''}?${query}`;
  // What shows in a preview stands at the beginning.
  const body = what === 'preview' ? file.slice(0, PREVIEW_BYTES) : file;
  const headers = { 'content-type': 'text/csv', 'accept-language': i18next.language };
  const answer = await fetch(address, { method: 'POST', headers, body }).catch(() => null);
  if (answer === null) throw new Refusal(0, { detail: i18next.t('unreached') });
  if (!answer.ok) throw new Refusal(answer.status, await toldBy(answer));
  return (await answer.json()) as Answer;
}
const PREVIEW_BYTES = 2 * 1024 * 1024;

/** Signs in or out: better-auth's own addresses, which are no part of the API. */
export async function authenticate(
  path:
    | 'sign-in/email'
    | 'sign-out'
    | 'one-time-link/sign-in'
    | 'one-time-link/setup'
    | 'change-password'
    | 'two-factor/enable'
    | 'two-factor/disable'
    | 'two-factor/verify-totp'
    | 'two-factor/verify-backup-code',
  body: object,
): Promise<Entered> {
  const answer = await ask(`/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Entered;
}
/** What comes of it: that a second factor is still asked for, or a new one. */
type Entered = { readonly twoFactorRedirect?: boolean; readonly totpURI?: string; readonly backupCodes?: readonly string[] };

/** What the button of the other way in says; null where there is none. */
export async function otherWayIn(): Promise<string | null> {
  return ((await (await ask('/api/auth/sso')).json()) as { readonly label: string | null }).label;
}

/** Where the browser has to go to sign in by the provider, so that it comes back to `next`. */
export async function beginSso(next: string): Promise<string> {
  const body = JSON.stringify({ provider: 'sso', callbackURL: next, errorCallbackURL: '/sign-in' });
  const answer = await ask('/api/auth/sign-in/social', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return ((await answer.json()) as { readonly url: string }).url;
}

/** A second factor as an app takes it in, and what lets one in when the app is lost. */
export type Factor = { readonly uri: string; readonly key: string; readonly recoveryCodes: readonly string[] };

/** Begins to set up a second factor: it holds once a code of it was shown. */
export async function beginSecondFactor(password: string): Promise<Factor> {
  const { totpURI = '', backupCodes = [] } = await authenticate('two-factor/enable', { password });
  return { uri: totpURI, key: new URL(totpURI).searchParams.get('secret') ?? '', recoveryCodes: backupCodes };
}

export type Me = InferResponseType<typeof api.me.$get, 200>;
export type MePatch = InferRequestType<typeof api.me.$patch>['json'];
export type ConnectorCard = InferResponseType<typeof api.connectors.$get, 200>['items'][number];
export type Overview = InferResponseType<typeof api.overview.$get, 200>;
export type ConnectionOverview = Overview['connections'][number];
export type Connection = InferResponseType<(typeof api.connections)[':id']['$get'], 200>;
export type Stream = Connection['streams'][number];
export type Start = InferResponseType<typeof api.start.$get, 200>;
export type StartMapping = InferResponseType<typeof api.start.mapping.$get, 200>;
export type Draft = InferRequestType<typeof api.connections.$post>['json'];
export type SignIn = InferResponseType<(typeof api)['sign-ins'][':id']['$get'], 200>;
export type OwnFields = InferResponseType<(typeof api.connections)[':id']['own-fields']['$get'], 200>;
export type LackingField = InferResponseType<(typeof api)['missing-choices']['$get'], 200>['items'][number];
export type FieldChoices = InferResponseType<(typeof api.connections)[':id']['choices']['$get'], 200>;
export type Import = InferResponseType<(typeof api.imports)[':id']['$get'], 200>;
export type FilePreview = InferResponseType<(typeof api.connections)[':id']['imports']['preview']['$post'], 200>;
export type Rehearsal = Exclude<InferResponseType<(typeof api.connections)[':id']['imports']['$post'], 200>, Import>;
export type Tried = InferResponseType<typeof api.connections.test.$post, 200>;
export type Run = InferResponseType<typeof api.runs.$get, 200>['items'][number];
export type Plan = InferResponseType<typeof api.plans.$get, 200>['items'][number];
export type PlanDetail = InferResponseType<(typeof api.plans)[':id']['$get'], 200>;
export type PlanLine = InferResponseType<(typeof api.plans)[':id']['lines']['$get'], 200>['items'][number];
export type UndoPreview = InferResponseType<typeof api.undo.$post, 200>;
export type RecordRow = InferResponseType<typeof api.records.$get, 200>['items'][number];
export type RecordDetail = InferResponseType<(typeof api.records)[':id']['$get'], 200>;
export type Change = RecordDetail['journal']['items'][number];
export type TimelineEntry = InferResponseType<(typeof api.records)[':id']['timeline']['$get'], 200>['items'][number];
export type ResponseRow = InferResponseType<typeof api.responses.$get, 200>['items'][number];
export type ResponseDetail = InferResponseType<(typeof api.responses)[':id']['$get'], 200>;
export type Hold = InferResponseType<typeof api.holds.$get, 200>['items'][number];
export type FailureGroup = InferResponseType<typeof api.failures.$get, 200>['items'][number];
export type ListedLink = InferResponseType<(typeof api.failures)[':cause']['$get'], 200>['items'][number];
export type Decision = InferRequestType<(typeof api.holds)[':id']['decide']['$post']>['json'];
export type Suggestion = InferResponseType<(typeof api.responses)[':id']['suggestions']['$get'], 200>['suggestions'][number];
export type FeedbackSummary = InferResponseType<typeof api.feedback.summary.$get, 200>;
export type MetricLine = InferResponseType<typeof api.feedback.metrics.$get, 200>['items'][number];
export type MetricsWish = NonNullable<InferRequestType<typeof api.feedback.metrics.$get>['query']>;
export type ResponsesWish = NonNullable<InferRequestType<typeof api.responses.$get>['query']>;
export type HoldsWish = InferRequestType<typeof api.holds.$get>['query'];
export type Benchmark = InferResponseType<typeof api.feedback.benchmarks.$get, 200>['items'][number];
export type Value = string | number | boolean | null | readonly string[];
