import { HubError } from '../../../src/contract/errors.ts';
import type { Create, Present } from '../../../src/contract/records.ts';
import { indexBy } from '../../../src/kernel/lists.ts';
import type { VendorRecord } from '../http/wire.ts';
import { readTies } from '../read/by-ids.ts';
import { observeRecords } from '../read/observe.ts';
import { shift } from '../read/times.ts';
import { keepsKey, propertiesBehind, type Room } from '../room.ts';
import type { Properties } from '../schema/properties.ts';
import { decode } from '../schema/values.ts';
import { encodeFields } from './encode-write.ts';
import { readNewest } from './newest.ts';
import { emailOf, readByEmail, readByKey } from './twins.ts';

// `since` is by the hub's clock and creation by HubSpot's.
const CLOCK_SLACK_MS = 120_000;

type Recall = { readonly since: string; readonly fields: readonly string[] };
type Sought = { readonly key: string; readonly values: Readonly<Record<string, string>> };

/**
 * The record that each create made, or null. By the hub's own unique key where the portal has it: certain, and read directly. Else by
 * e-mail address, which HubSpot keeps unique: a contact older than the create is not what it made (the repeat is refused and adopted).
 * What has neither is sought among all newer records, by every value that was written.
 */
export async function recallCreates(room: Room, creates: readonly Create[], recall: Recall): Promise<readonly (Present | null)[]> {
  const sought = await Promise.all(creates.map(({ key, fields }) => soughtBy(room, key, fields)));
  const found = await find(room, sought, recall);
  const records = [...new Set(found.values())];
  const tiesOf = await readTies(room, records, recall.fields);
  const observed = await observeRecords(room, records, { fields: recall.fields, tiesOf });
  const seen = indexBy(observed, ({ id }) => id);
  return sought.map((one) => seen.get(found.get(one)?.id ?? '') ?? null);
}

// A create that cannot be said in HubSpot's words was never sent.
async function soughtBy(room: Room, key: string, fields: Create['fields']): Promise<Sought> {
  const encoded = await encodeFields(room, fields);
  return { key, values: encoded instanceof HubError ? {} : encoded.properties };
}

async function find(room: Room, sought: readonly Sought[], { since, fields }: Recall): Promise<ReadonlyMap<Sought, VendorRecord>> {
  const properties = propertiesBehind(room.type, fields);
  const schema = await room.properties();
  if (keepsKey(schema)) {
    const byKey = await readByKey(
      room,
      sought.map(({ key }) => key),
      properties,
    );
    return matched(sought, ({ key }) => byKey.get(key));
  }
  const from = shift(since, -CLOCK_SLACK_MS);
  const named = room.type.uniqueBy === 'email' ? sought.filter(({ values }) => emailOf(values) !== null) : [];
  const nameless = sought.filter((one) => !named.includes(one) && Object.keys(one.values).length > 0);
  const emails = named.flatMap(({ values }) => emailOf(values) ?? []);
  const byEmail = emails.length === 0 ? new Map<string, VendorRecord>() : await readByEmail(room, emails, properties);
  const owned = matched(named, ({ values }) => isNewer(byEmail.get(emailOf(values) ?? ''), from));
  return new Map([...owned, ...(await findNameless(room, nameless, { from, properties, schema }))]);
}

function matched(sought: readonly Sought[], lookUp: (one: Sought) => VendorRecord | undefined): ReadonlyMap<Sought, VendorRecord> {
  return new Map(
    sought.flatMap((one) => {
      const record = lookUp(one);
      return record === undefined ? [] : [[one, record] as const];
    }),
  );
}

const isNewer = (record: VendorRecord | undefined, from: string) => (record !== undefined && record.createdAt >= from ? record : undefined);

async function findNameless(
  room: Room,
  sought: readonly Sought[],
  by: { from: string; properties: readonly string[]; schema: Properties },
) {
  if (sought.length === 0) return new Map<Sought, VendorRecord>();
  const written = sought.flatMap(({ values }) => Object.keys(values));
  const candidates = new Set(await readNewest(room, by.from, [...new Set([...by.properties, ...written])]));
  return matched(sought, ({ values }) => {
    const record = [...candidates].find((candidate) => holds(candidate, values, by.schema));
    // Two alike creates made two records: each is used once.
    if (record !== undefined) candidates.delete(record);
    return record;
  });
}

function holds({ properties }: VendorRecord, values: Sought['values'], schema: Properties): boolean {
  const plain = (name: string, value: string | null) => {
    const decoded = decode(schema.get(name)?.type ?? 'text', value?.trim() ?? null);
    return typeof decoded === 'string' ? decoded.toLowerCase() : JSON.stringify(decoded);
  };
  return Object.entries(values).every(([name, value]) => plain(name, properties[name] ?? null) === plain(name, value));
}
