import { salesforce } from '../../connectors/salesforce/index.ts';
import { salesforceHand, salesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { AnyPort, Ask } from '../../src/contract/connector.ts';
import type { Create, Cursor, Delete, Fields, Observation, Page, Update, Write } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox, type Town } from '../../src/sandbox/sandbox.ts';
import { testSession } from '../support/session.ts';

export const FIELDS = [
  ...['Email', 'FirstName', 'LastName', 'Phone', 'MobilePhone', 'Title', 'MailingStreet', 'MailingCity', 'MailingCountry', 'AccountId'],
  ...['Lifecycle_Stage__c', 'owner_email', 'NPS_Score__c', 'NPS_Category__c', 'Feedback_Comment__c', 'Feedback_At__c', 'Feedback_Count__c'],
];
export const ask: Ask = { scope: 'all', fields: FIELDS, known: async () => new Set() };
export const small = makeTown({ seed: 3, people: 60 });
const opened: OpenSandbox[] = [];

/** Closes every sandbox that was opened since. */
export async function closeStages(): Promise<void> {
  await Promise.all(opened.splice(0).map((stage) => stage.close()));
}

type Switches = Readonly<Record<string, string | number | boolean>>;

/** A Salesforce sandbox with a clock to wind, and the connector on it. */
export async function openStage(
  switches: Switches = {},
  given: { town?: Town; kind?: 'token' | 'client_credentials'; settings?: Fields } = {},
) {
  const clock = { at: Date.parse('2026-11-22T09:00:00.500Z') };
  const stage = await openSandbox(salesforceSandbox, { town: given.town ?? small, now: () => new Date(clock.at), switches });
  opened.push(stage);
  const { token, ...app } = salesforceSandbox.credentials;
  const credentials: Record<string, string> = given.kind === 'token' ? { token } : app;
  const session = testSession(salesforce.manifest, {
    origin: stage.origin,
    credentials,
    settings: { ...salesforceSandbox.settings, ...given.settings },
  });
  const ports = salesforce.open(session);
  const contact = must(ports.objects.contact, 'contact');
  const company = must(ports.objects.company, 'company');
  const write = must(contact.write, 'writer');
  const wind = (ms: number) => {
    clock.at += ms;
  };
  const apply = (...writes: Write[]) => write.apply(writes, ask);
  /** How many calls to the data API the work took. */
  const calls = async <T>(work: Promise<T>): Promise<readonly [T, number]> => {
    const countNow = () => [...stage.requests].reduce((sum, [name, n]) => (name.includes('/services/data/') ? sum + n : sum), 0);
    const before = countNow();
    const result = await work;
    return [result, countNow() - before];
  };
  return { stage, session, ports, contact, company, write, apply, wind, calls, hand: salesforceHand(stage.sandbox) };
}

export const readAll = (port: AnyPort, from: Cursor | null, what: Ask = ask): Promise<Page[]> =>
  Array.fromAsync(port.read.changes(from, what));
export const cursorOf = (pages: readonly Page[]): Cursor => must(pages.at(-1), 'a page').cursor;
export const seenIn = (pages: readonly Page[]): readonly Observation[] => pages.flatMap(({ seen }) => seen);
export const create = (key: string, fields: Fields): Create => ({ verb: 'create', key, fields });
export const update = (id: string, fields: Fields): Update => ({ verb: 'update', id, ifVersion: null, fields, seen: {} });
export const deleteOf = (id: string): Delete => ({ verb: 'delete', id, seen: {} });
export const minuteMs = 60_000;
