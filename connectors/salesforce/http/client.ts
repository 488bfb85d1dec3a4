import { PassThrough } from 'node:stream';
import { Connection } from 'jsforce/lib/connection.js';
import type { HttpRequest, HttpResponse } from 'jsforce/lib/types/common.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import type { Grant, Session } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { granted } from '../../../src/contract/granted.ts';
import { storable } from '../../../src/contract/raw.ts';
import { readText } from './body.ts';
import { callError } from './errors.ts';
import { heardIn } from './limits.ts';
import { parseErrors } from './wire.ts';

/** `path` is from the version's root, such as `/query?q=…`, or a whole one that starts with `/services/` or `/id/`. */
export type Call = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the answer is; JSON unless told. */
  readonly as?: 'text';
};
/** `servedAt` is the server's own clock at the answer, ISO, or null when something on the way took its Date. */
type Answer = { readonly body: unknown; readonly servedAt: string | null; header(name: string): string | null };

/** The only way to Salesforce: one `send` is one request, and a second one when the session had ended. */
export type Client = {
  send(call: Call): Promise<Answer>;
  /** The path that the paths of calls begin with. */
  readonly root: string;
  /** What a write says of the org's own rules, as the operator has chosen. */
  readonly writeHeaders: Readonly<Record<string, string>>;
};

/** Stands in for jsforce's transport, and with it for its retries, proxy, and time-outs; remembers the answer that jsforce unpacks. */
function openExchange(session: Session, what: string) {
  let status = 0;
  let headers = new Headers();
  async function carry({ url, method, body, headers: sent = {} }: HttpRequest): Promise<HttpResponse> {
    const { 'content-length': _counted, ...kept } = sent;
    const request = new Request(url, { method, headers: kept, redirect: 'manual', ...(typeof body === 'string' ? { body } : {}) });
    const response = await session.fetch(request);
    if (response.status > 300 && response.status < 400) {
      throw new HubError('misconfigured', `${what} was sent on to another address (${response.status}): use the org's My Domain host`);
    }
    session.heard(heardIn(response.headers));
    const text = await readText(response, session.signal);
    ({ status, headers } = response);
    return { statusCode: status, headers: Object.fromEntries(headers), body: text };
  }
  return {
    httpRequest: (request: HttpRequest) => StreamPromise.create(() => ({ stream: new PassThrough(), promise: carry(request) })),
    status: () => status,
    header: (name: string) => headers.get(name),
  };
}

function versionOf({ settings: { apiVersion } }: Session): string {
  const [, number] = /^v?(\d+)(?:\.0)?$/.exec(String(apiVersion || '68.0')) ?? [];
  // Upsert of collections came with 46.0.
  if (number === undefined || Number(number) < 46) throw new HubError('misconfigured', 'apiVersion is no version from 46.0 on');
  return `${number}.0`;
}

function writeHeadersOf({ settings: { assignmentRules, duplicateAlerts } }: Session): Client['writeHeaders'] {
  return {
    // Else the org's assignment rules may give the record to somebody else, even on an update.
    'Sforce-Auto-Assign': String(assignmentRules) === 'true' ? 'TRUE' : 'FALSE',
    // It saves over the rules that only warn; those that block hold all the same.
    ...(duplicateAlerts === 'save' ? { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' } : {}),
  };
}

function connect(grant: Grant, session: Session): Connection {
  const instanceUrl = grant.instanceUrl ?? session.origin;
  if (!URL.canParse(instanceUrl)) throw new HubError('broken_answer', 'the token came with an instance_url that is no address');
  if (new URL(instanceUrl).host.endsWith('.lightning.force.com')) {
    throw new HubError('misconfigured', 'the address is a Lightning page: use the My Domain host, which ends in my.salesforce.com');
  }
  // Without a client id and a refresh function jsforce never refreshes by itself.
  return new Connection({
    instanceUrl,
    accessToken: grant.accessToken.reveal(),
    version: versionOf(session),
    callOptions: { client: 'syncline' },
  });
}

function serverTime(header: string | null): string | null {
  const at = Date.parse(header ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

function urlOf(path: string, { instanceUrl, version }: Connection): string {
  return /^\/(services|id)\//.test(path) ? `${instanceUrl}${path}` : `${instanceUrl}/services/data/v${version}${path}`;
}

async function exchangeOnce(session: Session, connection: Connection, call: Call): Promise<Answer> {
  const { method, path, body } = call;
  const what = `${method} ${path.replace(/\?.*$/, '') || 'the resource list'}`;
  const exchange = openExchange(session, what);
  const accept = call.as === 'text' ? 'text/csv' : 'application/json';
  const headers = { accept, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers };
  const request = { method, url: urlOf(path, connection), headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  try {
    const answer = await connection.request<unknown>(request, {
      transport: exchange,
      responseType: call.as === 'text' ? 'text/plain' : 'application/json',
    });
    return { body: storable(answer), servedAt: serverTime(exchange.header('date')), header: exchange.header };
  } catch (error) {
    if (error instanceof HubError || exchange.status() < 300) throw error;
    const { header, status } = exchange;
    const refusal = { what, status: status(), retryAfter: header('retry-after'), servedAt: serverTime(header('date')) };
    throw callError(refusal, parseErrors(storable(error instanceof Error && 'data' in error ? error.data : null)), error);
  }
}

/** Opens jsforce on the session. Its own repeats, refreshing, pages, and time-outs are out of the way. */
export function openClient(session: Session): Client {
  let open: { readonly grant: Grant; readonly connection: Connection } | null = null;

  function connectionFor(grant: Grant): Connection {
    const held = open?.grant;
    if (open === null || held?.instanceUrl !== grant.instanceUrl || held.accessToken.reveal() !== grant.accessToken.reveal()) {
      open = { grant, connection: connect(grant, session) };
    }
    return open.connection;
  }

  return {
    send: (call) => granted(session, (grant) => exchangeOnce(session, connectionFor(grant), call)),
    root: `/services/data/v${versionOf(session)}`,
    writeHeaders: writeHeadersOf(session),
  };
}
