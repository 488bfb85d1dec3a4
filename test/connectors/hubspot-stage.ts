import { onTestFinished } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { handsOf, hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { AnyPort, Ask } from '../../src/contract/connector.ts';
import type { Cursor, Fields, FieldValue, Observation, Present, WriteOutcome } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { testSession } from '../support/session.ts';

type Options = { readonly people?: number; readonly switches?: Record<string, string | number | boolean>; readonly settings?: Fields };

/** A HubSpot portal with people in it and the connector on it, closed with the test. Its clock stands still until it is wound. */
export async function openHubspotStage(options: Options = {}) {
  let atMs = Date.parse('2026-11-20T09:00:00.000Z');
  const sandbox = await openSandbox(hubspotSandbox, {
    seed: 7,
    town: makeTown({ seed: 7, people: options.people ?? 40 }),
    now: () => new Date(atMs),
    switches: options.switches ?? {},
  });
  onTestFinished(sandbox.close);
  const { credentials } = hubspotSandbox;
  const connect = () =>
    hubspot.open(testSession(hubspot.manifest, { origin: sandbox.origin, credentials, settings: options.settings ?? {} })).objects;
  const { contact, company, ...others } = connect();
  const hands = handsOf(sandbox.sandbox);
  return {
    sandbox,
    hands,
    contact: must(contact, 'contacts'),
    company: must(company, 'companies'),
    port: (object: string) => must({ contact, company, ...others }[object], object),
    write: must(contact?.write, 'a writer'),
    contactIds: hands.contacts.all().map(({ id }) => id),
    companyIds: hands.companies.all().map(({ id }) => id),
    nowMs: () => atMs,
    wind: (ms: number) => {
      atMs += ms;
    },
    /** The calls of `work`, by method and path. */
    async calls(work: () => Promise<unknown>): Promise<Record<string, number>> {
      const before = new Map(sandbox.requests);
      await work();
      const made = [...sandbox.requests].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
      return Object.fromEntries(made.filter(([, count]) => count > 0));
    },
  };
}

/** A hub that asks for these fields and has seen nothing. */
export const asking = (...fields: string[]): Ask => ({ scope: 'all', fields, known: async () => new Set() });

/** All that a port shows from a cursor on, by id, and where it ends. */
export async function readAll(port: AnyPort, from: Cursor | null, ask: Ask) {
  const seen = new Map<string, Observation>();
  let cursor = from;
  for await (const page of port.read.changes(from, ask)) {
    for (const one of page.seen) seen.set(one.id, one);
    cursor = page.cursor;
  }
  return { seen, cursor: must(cursor, 'a cursor') };
}

/** The one record, as a direct read shows it. */
export async function readOne(port: AnyPort, id: string, ask: Ask): Promise<Present> {
  const [one] = await port.read.byIds([id], ask);
  if (one?.kind !== 'present') throw new Error(`${id} is not there`);
  return one;
}

/** What was done, or the refusal thrown. */
export function done(outcome: WriteOutcome | undefined) {
  if (outcome === undefined) throw new Error('a write was not answered');
  if (!outcome.done) throw outcome.error;
  return outcome;
}

/** An update of a record that showed these fields. */
export const updateOf = (id: string, fields: Fields, seen: Fields = {}) => ({ verb: 'update', id, ifVersion: null, fields, seen }) as const;
export const deleteOf = (id: string) => ({ verb: 'delete', id, seen: {} }) as const;
export const mergeOf = (id: string, from: string) => ({ verb: 'merge', id, from }) as const;
export const listOf = (value: FieldValue | undefined): readonly string[] => (Array.isArray(value) ? value : []);
