import { Client } from '@hubspot/api-client';
import { type HubspotSandbox, handsOf, hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { Company, Person, Town } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

const company = (key: string, name: string): Company => ({
  key,
  name,
  domain: `${key}.example`,
  phone: '+44 20 7946 0000',
  industry: 'Retail',
  city: 'London',
  country: 'United Kingdom',
  employees: 120,
});
const acme = company('c001', 'Acme');
const bolt = company('c002', 'Bolt');

const person = (key: string, firstName: string, at: Company, email: string | null): Person => ({
  key,
  locale: 'en',
  firstName,
  lastName: 'Lovelace',
  email,
  phone: '+44 20 7946 0001',
  mobile: null,
  title: 'Engineer',
  company: at,
  street: '1 High Street',
  city: 'London',
  state: '',
  postalCode: 'N1 1AA',
  country: 'United Kingdom',
  lifecycle: 'lead',
  ownerEmail: 'olga@acme.example',
});
const ada = person('p0001', 'Ada', acme, 'ada@acme.example');
const people = [ada, person('p0002', 'Ben', acme, 'ben@acme.example'), person('p0003', 'Cho', bolt, null)];

/** Three people in two companies; Ada is there twice. */
const town: Town = {
  people,
  companies: [acme, bolt],
  owners: [
    { email: 'olga@acme.example', firstName: 'Olga', lastName: 'Owens' },
    { email: 'omar@acme.example', firstName: 'Omar', lastName: 'Owens' },
  ],
  inSystem: () => [...people.map((one, at) => ({ person: one, copy: 0, id: String(501 + at) })), { person: ada, copy: 1, id: '504' }],
};
export const ADA = '501';
export const BEN = '502';
export const CHO = '503';
export const ADA_AGAIN = '504';
export const ACME = '101';
export const BOLT = '102';
export const START = '2026-11-22T09:00:00.000Z';

type Asked = { readonly body?: unknown; readonly token?: string };
type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** An opened sandbox with its hands, a clock that is wound by hand, and plain fetch with the token. */
export type OpenPortal = {
  readonly stage: OpenSandbox;
  readonly hands: HubspotSandbox;
  wind(ms: number): void;
  call(method: string, path: string, asked?: Asked): Promise<Answer>;
};

export async function openPortal(switches: SandboxOptions['switches'] = {}): Promise<OpenPortal> {
  let nowMs = Date.parse(START);
  const stage = await openSandbox(hubspotSandbox, {
    town,
    now: () => new Date(nowMs),
    switches: { webhooksByThemselves: false, ...switches },
  });
  return {
    stage,
    hands: handsOf(stage.sandbox),
    wind: (ms) => {
      nowMs += ms;
    },
    call: async (method, path, { body, token = 'pat-eu1-sandbox' } = {}) => {
      const answer = await fetch(`${stage.origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
    },
  };
}

export const TOKEN = 'pat-eu1-sandbox';

/** The official client on this portal; `version` sends it to the dated paths, as its middleware lets one do. */
export function sdkOf({ stage }: OpenPortal, ways: { readonly token?: string; readonly version?: string } = {}): Client {
  const { token = TOKEN, version } = ways;
  const toDated = (path: string): string =>
    path
      .replace(/^\/crm\/v4\/objects\/([^/]+\/[^/]+\/associations)/, `/crm/objects/${version}/$1`)
      .replace(/^\/crm\/v4\/associations\//, `/crm/associations/${version}/`)
      .replace(/^\/crm\/v3\/(\w+)/, `/crm/$1/${version}`)
      .replace(/^\/crm-object-schemas\/v3/, `/crm-object-schemas/${version}`);
  const middleware = {
    pre: async (context: { getUrl(): string; setUrl(url: string): void }) => {
      const url = new URL(context.getUrl());
      url.pathname = toDated(url.pathname);
      context.setUrl(url.toString());
      return context;
    },
    post: async <T>(context: T) => context,
  };
  const shared = { accessToken: token, basePath: stage.origin };
  return new Client(version === undefined ? shared : { ...shared, middleware: [middleware as never] });
}
