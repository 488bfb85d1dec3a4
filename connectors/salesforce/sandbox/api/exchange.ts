import type { Org } from '../org.ts';
import type { Caller, Input } from '../records/input.ts';
import { notFound, Refusal, refusalBody } from '../refusal.ts';

/** One request to the data API, or one part of a composite request; the path begins after the version. */
export type Ask = {
  readonly method: string;
  /** Segments as they came, still percent-encoded. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly version: string;
  readonly body: unknown;
  header(name: string): string | null;
};
/** `body` goes out as JSON, `text` as it is. */
export type Reply = {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Works out one reply; it does not wait for anything, so a request is one transaction. */
export type Handler = (org: Org, ask: Ask, at: Readonly<Record<string, string>>) => Reply;
export type Route = { readonly method: string; readonly pattern: readonly string[]; readonly handler: Handler };

/** A route such as `GET /sobjects/:object/describe`. */
export function route(line: string, handler: Handler): Route {
  const [method = '', path = ''] = line.split(' ');
  return { method, pattern: path.split('/').filter((segment) => segment !== ''), handler };
}

/** Answers with the first route that fits. A refusal becomes the reply that says so. */
export function dispatch(routes: readonly Route[], org: Org, ask: Ask): Reply {
  try {
    const fitting = routes.filter(({ pattern }) => fits(pattern, ask.segments));
    const found = fitting.find(({ method }) => method === ask.method);
    if (found !== undefined) return found.handler(org, ask, bound(found.pattern, ask.segments));
    if (fitting.length === 0) throw notFound();
    const allowed = fitting.map(({ method }) => method).join(',');
    throw new Refusal('METHOD_NOT_ALLOWED', `HTTP Method '${ask.method}' not allowed. Allowed are ${allowed}`, { status: 405 });
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: refusalBody(error) };
    throw error;
  }
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.length === segments.length && pattern.every((part, i) => part.startsWith(':') || part === segments[i]);
}

function bound(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  const named = pattern.flatMap((part, i) => (part.startsWith(':') ? [[part.slice(1), decoded(segments[i] ?? '')] as const] : []));
  return Object.fromEntries(named);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound();
  }
}

/** The body as a JSON object, or a refusal. */
export function objectBody(ask: Ask): Input {
  return asObject(ask.body);
}

/** A JSON value that has to be an object, or a refusal. */
export function asObject(value: unknown): Input {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return { ...value };
  throw new Refusal('JSON_PARSER_ERROR', 'The HTTP entity body is required, and has to be a JSON object here');
}

/** A JSON value that has to be a list, or a refusal. */
export function asList(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Refusal('JSON_PARSER_ERROR', `Cannot deserialize ${name}: a list is required`);
}

/** Who asks: the integration user, with what the headers about duplicate and assignment rules say. */
export function callerOf(org: Org, ask: Ask): Caller {
  const allowSave = /(^|[;,\s])allowSave\s*=\s*true\b/i.test(ask.header('sforce-duplicate-rule-header') ?? '');
  const autoAssign = (ask.header('sforce-auto-assign') ?? 'true').toLowerCase() !== 'false';
  return { kind: 'api', userId: org.apiUserId, allowSave, autoAssign };
}
