import { afterEach } from 'vitest';
import { salesforceHand, salesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { Person, Town } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';

const OWNER = { email: 'olga.owner@example.com', firstName: 'Olga', lastName: 'Owner' };
const COMPANIES = ['Acme', 'Globex'].map((name, i) => ({
  key: `c00${i}`,
  name,
  domain: `${name.toLowerCase()}.example`,
  phone: '+1 212 555 0100',
  industry: 'COMPUTER_SOFTWARE',
  city: 'Boston',
  country: 'United States',
  employees: 120 + i,
}));

function person(n: number): Person {
  const company = COMPANIES[n % COMPANIES.length] ?? COMPANIES[0];
  if (company === undefined) throw new Error('the town has companies');
  return {
    key: `p${String(n).padStart(4, '0')}`,
    locale: 'en',
    firstName: `Ann${n}`,
    lastName: `O'Brien ${n}`,
    email: n === 3 ? null : `Ann.${n}@Example.com`,
    phone: '+1 212 555 0101',
    mobile: null,
    title: 'Buyer',
    company,
    street: '1 Main Street',
    city: 'Boston',
    state: 'MA',
    postalCode: '02101',
    country: 'United States',
    lifecycle: 'marketingqualifiedlead',
    ownerEmail: OWNER.email,
  };
}

/** A town of `size` people, all of whom Salesforce knows. */
export function tinyTown(size: number): Town {
  const people = Array.from({ length: size }, (_, n) => person(n));
  const spellings = people.map((one, n) => ({ person: one, copy: 0, id: `003Tn0${String(n).padStart(9, '0')}` }));
  return { people, companies: COMPANIES, owners: [OWNER], inSystem: (system) => (system === 'salesforce' ? spellings : []) };
}

/** JSON of an answer: whatever is there, for assertions to look into. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

type Setting = {
  readonly size?: number;
  readonly switches?: Readonly<Record<string, string | number | boolean>>;
  readonly faults?: readonly Fault[];
};

/** Opens an org of few people with a hand-wound clock, closed after the test. */
export async function openStage({ size = 6, switches = {}, faults = [] }: Setting = {}) {
  let now = Date.parse('2026-11-22T10:00:00.500Z');
  const stage = await openSandbox(salesforceSandbox, { seed: 7, town: tinyTown(size), now: () => new Date(now), switches, faults });
  open.push({ [Symbol.asyncDispose]: () => stage.close() });
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const url = path.startsWith('/services') || path.startsWith('/id') ? path : `/services/data/v68.0${path}`;
    const response = await fetch(stage.origin + url, {
      method,
      headers: {
        authorization: 'Bearer 00Dsandbox!token',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    stage,
    hand: salesforceHand(stage.sandbox),
    call,
    query: (soql: string, resource = 'query') => call('GET', `/${resource}?q=${encodeURIComponent(soql)}`),
    sign: async (form: Record<string, string>) => {
      const response = await fetch(`${stage.origin}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
      return { status: response.status, body: (await response.json()) as Record<string, string> };
    },
    wind: (ms: number) => {
      now += ms;
    },
  };
}

export const CLIENT = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' };
/** The records of a query's answer. */
export function recordsOf({ body }: Answer): readonly Record<string, unknown>[] {
  return (body as { records: readonly Record<string, unknown>[] }).records;
}
