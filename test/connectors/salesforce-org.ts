import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { salesforce } from '../../connectors/salesforce/index.ts';
import type { AnyPort, Ask } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { withFamilies } from '../../src/contract/families.ts';
import type { Cursor, Page, Update } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { type TestSessionOptions, testSession } from '../support/session.ts';

export type Seen = { method: string; path: string; query: URLSearchParams; headers: Headers; body: unknown };
export type Reply = { status?: number; body?: unknown; headers?: Record<string, string> };
type Script = (seen: Seen) => Reply | undefined;

export const NOW = '2026-11-22T10:00:00.000Z';
export const V = '/services/data/v68.0';
export const id = (n: number) => `003000000000${String(n).padStart(3, '0')}AAA`;
const open: ServerType[] = [];

/** Closes every org that was opened since. */
export function closeOrgs(): void {
  for (const server of open.splice(0)) server.close();
}

export const field = (name: string, type = 'string', more: object = {}) => ({
  ...{ name, label: name, type, length: 80, scale: 0, nillable: true, defaultedOnCreate: false, createable: true, updateable: true },
  ...more,
});
export const FIELDS = [
  field('Id', 'id', { createable: false, updateable: false, nillable: false }),
  field('Email', 'email'),
  field('FirstName'),
  field('LastName', 'string', { nillable: false }),
  field('OwnerId', 'reference', { nillable: false, defaultedOnCreate: true }),
  field('AccountId', 'reference'),
  field('NPS_Score__c', 'double', { scale: 2 }),
  field('Feedback_At__c', 'datetime'),
  field('Tags__c', 'multipicklist'),
  field('CreatedDate', 'datetime', { updateable: false, nillable: false, defaultedOnCreate: true }),
  field('MailingAddress', 'address', { createable: false, updateable: false }),
  field('Lifecycle_Stage__c', 'picklist', {
    restrictedPicklist: true,
    picklistValues: [
      { value: 'Lead', label: 'Lead', active: true },
      { value: 'Old', label: 'Old', active: false },
    ],
  }),
];
export const KEY = field('Syncline_Id__c', 'string', { externalId: true, unique: true });

/** An org that answers what the script says; describe and users are there unless the script has them. */
export async function openOrg(
  script: Script,
  given: { fields?: readonly object[]; sobject?: string; session?: Partial<TestSessionOptions> } = {},
) {
  const seen: Seen[] = [];
  const app = new Hono();
  app.all('*', async (c) => {
    const { pathname, searchParams } = new URL(c.req.url);
    const raw = await c.req.text();
    const isJson = c.req.header('content-type')?.includes('json');
    const one = {
      method: c.req.method,
      path: pathname,
      query: searchParams,
      headers: c.req.raw.headers,
      body: isJson ? JSON.parse(raw) : raw,
    };
    seen.push(one);
    const reply = script(one) ??
      usual(one, given.sobject ?? 'Contact', given.fields ?? FIELDS) ?? { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'no' }] };
    const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    const headers = { 'content-type': 'application/json;charset=UTF-8', date: new Date(NOW).toUTCString(), ...reply.headers };
    return new Response(body, { status: reply.status ?? 200, headers });
  });
  const server = await new Promise<ServerType>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started));
  });
  open.push(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const session = testSession(salesforce.manifest, { origin, token: 'static', ...given.session });
  const { identify, objects } = must(
    withFamilies(new Map([['salesforce', salesforce]]), () => [{ object: 'custom_Pet__c', of: 'custom_Pet__c' }]).get('salesforce'),
    'it',
  ).open(session);
  const contact = objects.contact as AnyPort;
  const port = (object: string) => must(objects[object], object);
  return {
    seen,
    origin,
    session,
    identify,
    contact,
    port,
    paths: () => seen.map(({ method, path }) => `${method} ${path.replace(V, '')}`),
  };
}

function usual({ path, query }: Seen, sobject: string, fields: readonly object[]): Reply | undefined {
  if (path === `${V}/sobjects/${sobject}/describe`) return { body: { name: sobject, fields } };
  if (!query.get('q')?.includes(' FROM User ')) return undefined;
  const users = [
    { Id: '005000000000001AAA', Email: 'Ada@acme.example', Name: 'Ada' },
    { Id: '005000000000002AAA', Email: 'twin@acme.example', Name: 'Twin' },
    { Id: '005000000000003AAA', Email: 'twin@acme.example', Name: 'Twin too' },
  ];
  return { body: { totalSize: 3, done: true, records: users } };
}

export const row = (n: number, more: object = {}) => ({
  attributes: { type: 'Contact' },
  Id: id(n),
  SystemModstamp: '2026-11-22T09:30:00.000+0000',
  ...more,
});
export const rows = (...records: object[]): Reply => ({ body: { totalSize: records.length, done: true, records } });
export const ask = (...fields: string[]): Ask => ({ scope: 'all', fields, known: async () => new Set() });
/** What is remembered of an org without person accounts. */
export const NO_PERSONS = { IsPersonAccount: 'string' };
export const DELTA: Cursor = { v: 1, phase: 'delta', readAt: '2026-11-22T09:55:00.000Z', from: null, types: NO_PERSONS };
export const update = (n: number, fields: Update['fields']): Update => ({ verb: 'update', id: id(n), ifVersion: null, fields, seen: {} });

export async function all(pages: AsyncIterable<Page>): Promise<Page[]> {
  return Array.fromAsync(pages);
}
export async function errorOf(work: Promise<unknown>): Promise<HubError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HubError)) throw new Error(`expected a HubError, got ${String(error)}`);
  return error;
}
export const isQuery = ({ path }: Seen) => path.startsWith(`${V}/query`);
export const writer = (contact: AnyPort) => {
  if (contact.write === undefined) throw new Error('contacts can be written');
  return contact.write;
};
