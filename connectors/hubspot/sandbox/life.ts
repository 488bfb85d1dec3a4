import { between, pick } from '../../../src/sandbox/random.ts';
import { type Portal, type Table, tableNamed } from './portal/portal.ts';
import type { Stored } from './records/records.ts';
import { changeRecord } from './records/writing.ts';
import { LIFECYCLE_STAGES } from './schema/contact-properties.ts';

const TITLES = ['Head of Operations', 'Account Manager', 'Managing Director', 'Customer Success Lead', 'Data Analyst', 'Sales Engineer'];
const CITIES = ['London', 'Toronto', 'Osaka', 'Fukuoka', 'Chiang Mai', 'Bangkok', 'Leeds', 'Austin'];
const TRIES = 50;

type Edit = { readonly name: string; readonly value: string; readonly said: string };

function nextStage(record: Stored): string | undefined {
  const now = record.properties.lifecyclestage;
  return LIFECYCLE_STAGES.slice(0, -1)[now === undefined ? 0 : LIFECYCLE_STAGES.indexOf(now) + 1];
}

function editOf(record: Stored, random: () => number): Edit {
  const stage = nextStage(record);
  const phone = `+4420${between(random, 70_000_000, 79_999_999)}`;
  const [title, city] = [pick(random, TITLES), pick(random, CITIES)];
  const edits: readonly Edit[] = [
    { name: 'phone', value: phone, said: `has a new phone number` },
    { name: 'jobtitle', value: title, said: `is now ${title}` },
    { name: 'city', value: city, said: `moved to ${city}` },
    ...(stage === undefined ? [] : [{ name: 'lifecyclestage', value: stage, said: `went on to the stage ${stage}` }]),
  ];
  return pick(
    random,
    edits.filter(({ name, value }) => record.properties[name] !== value),
  );
}

function anyone(table: Table, random: () => number): Stored | undefined {
  for (let tries = 0; tries < TRIES && table.records.given > 0; tries += 1) {
    const record = table.records.live(table.records.givenAt(between(random, 0, table.records.given - 1)));
    if (record !== undefined) return record;
  }
  return [...table.records.all()].find(({ archivedAt }) => archivedAt === null);
}

/** Edits a random field of a random contact, as its owner would, and says what happened. */
export function stirPortal(portal: Portal, random: () => number): string {
  const table = tableNamed(portal, 'contacts');
  const record = anyone(table, random);
  if (record === undefined) return 'Nobody lives in the HubSpot portal';
  const { name, value, said } = editOf(record, random);
  const owner = portal.owners.all().find(({ id }) => id === record.properties.hubspot_owner_id);
  const by = owner?.userId ?? portal.apiUserId;
  changeRecord(portal, table.type, { before: record, values: new Map([[name, value]]), by });
  return `In HubSpot ${record.properties.hs_full_name_or_email ?? `contact ${record.id}`} ${said}`;
}
