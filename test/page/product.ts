import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openOwnSandboxes } from '../../src/commands/own-sandboxes.ts';
import { startServing } from '../../src/commands/serve.ts';
import { PROJECT_FOLDER, readConfig } from '../../src/config.ts';
import { createSetupLink } from '../../src/http/security/access.ts';
import type { Hub } from '../../src/hub/database.ts';
import { startWorking } from '../../src/jobs/handlers.ts';
import { must } from '../../src/kernel/must.ts';
import { openServices } from '../../src/services.ts';
import { freePort } from '../support/free-port.ts';
import { thePage } from './tab.ts';

/** The product as `npm start` runs it, on a database that nobody has used. */
export type Product = AsyncDisposable & {
  readonly hub: Hub;
  readonly origin: string;
  setupLink(): Promise<string>;
  /** Where people look into a sandbox that was opened, and edit its records. */
  sandboxPage(connector: string): Promise<string>;
};

/** Each product has it, so that one can go on where another has stopped. */
const SYNCLINE_KEY = Buffer.alloc(32, 7).toString('base64');

/** `held`: fields whose conflicts wait for a person, whatever the shipped mappings say. */
export async function openProduct(databaseUrl: string, held: readonly string[] = []): Promise<Product> {
  const stack = new AsyncDisposableStack();
  const data = await mkdtemp(join(tmpdir(), 'syncline-product-'));
  stack.defer(() => rm(data, { recursive: true, force: true }));
  const port = await freePort();
  const SYNCLINE_MAPPINGS = await mappingsHolding(held, join(data, 'mappings'));
  const env = { DATABASE_URL: databaseUrl, SYNCLINE_DATA: data, SYNCLINE_KEY, SYNCLINE_MAPPINGS, PORT: String(port) };
  const services = await openServices(readConfig({ ...env, SYNCLINE_ALLOW_PRIVATE: '127.0.0.0/8' }));
  stack.use(services);
  stack.defer(await startWorking(services.engine, await services.queue()));
  const sandboxes = await openOwnSandboxes(services);
  stack.defer(() => sandboxes.close());
  const server = await startServing(services, { sandboxes, folder: thePage().folder });
  stack.defer(() => server.close());
  return {
    hub: services.hub,
    origin: server.url,
    setupLink: async () => must(await createSetupLink(services.hub, server.url), 'a set-up link'),
    sandboxPage: async (connector) =>
      must((await sandboxes.list()).find((one) => one.connector === connector)?.page, `${connector}'s page`),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function mappingsHolding(held: readonly string[], folder: string): Promise<string> {
  await cp(join(PROJECT_FOLDER, 'mappings'), folder, { recursive: true });
  for (const name of ['hubspot.contact.yaml', 'salesforce.contact.yaml']) {
    const text = await readFile(join(folder, name), 'utf8');
    const mended = held.reduce((all, field) => all.replace(new RegExp(`({ hub: ${field}, remote: \\w+)`), '$1, rule: hold'), text);
    await writeFile(join(folder, name), mended);
  }
  return folder;
}

/** Somebody whom both CRMs know. */
export type Shared = {
  readonly recordId: string;
  readonly hubspotId: string;
  readonly salesforceId: string;
  readonly fields: Readonly<Record<string, string | null>>;
};

/** As the page calls them. */
export const titled = (person: Shared, fields: Shared['fields'] = person.fields): string => `${fields.first_name} ${fields.last_name}`;

/** People whom both CRMs know, about whom nothing is open, and each of whom has all of these fields. */
export async function sharedPeople(hub: Hub, fields: readonly string[]): Promise<readonly Shared[]> {
  const { rows } = await sql<Shared>`
    select r.id as "recordId", r.fields, h.remote_id as "hubspotId", s.remote_id as "salesforceId"
    from record r
    join link h on h.record_id = r.id and h.state = 'in_sync' and h.object = 'contact'
    join connection hc on hc.id = h.connection_id and hc.connector = 'hubspot'
    join link s on s.record_id = r.id and s.state = 'in_sync' and s.object = 'contact'
    join connection sc on sc.id = s.connection_id and sc.connector = 'salesforce'
    where r.object = 'contact' and r.merged_into is null and r.fields ?& ${fields}::text[]
      and not exists (select from unnest(${fields}::text[]) f where r.fields ->> f is null)
      and not exists (select from hold o where o.record_id = r.id and o.closed_at is null)
    order by r.fields ->> 'email'`.execute(hub);
  return rows;
}
