import type { Ask } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Page } from '../../src/contract/records.ts';
import { readAssociations } from './associations.ts';
import { afterBackfill, type BackfillCursor } from './cursor.ts';
import { asRefusal } from './errors.ts';
import type { Reference } from './object-types.ts';
import { observeRecords, type TiesOf } from './observe.ts';
import { readRecords } from './read-records.ts';
import { askedReference, propertiesBehind, type Room } from './room.ts';
import { plainTie, shownOf, type Tie } from './ties.ts';
import { latest } from './times.ts';
import { parseRecordPage, type VendorRecord } from './wire.ts';

const PAGE_MAX = 100;
// HubSpot refuses an address of some 16,000 characters, and some have seen half of that refused.
const QUERY_MAX = 7000;
// As many pages as one request for associations takes.
const LABELLED_PAGES = 10;

type Listed = { readonly records: readonly VendorRecord[]; readonly after: string | null; readonly servedAt: string | null };

type Shows = { readonly fields: readonly string[]; readonly labelled: boolean };
type Step = { readonly listed: Listed; readonly startedAt: string };
type Gathered = {
  readonly steps: readonly Step[];
  /** The refusal that ended the gathering early. */
  readonly cut: HubError | null;
};

/** Everything, in order of id: one request a page, associations included; their labels cost one more for each ten pages. */
export async function* backfill(room: Room, from: BackfillCursor | null, ask: Ask): AsyncIterable<Page> {
  let after = from?.after ?? null;
  let startedAt = from?.startedAt ?? null;
  const shows = { fields: ask.fields, labelled: await hasLabels(room, ask.fields) };
  do {
    const { steps, cut } = await gather(room, { after, startedAt }, shows);
    const records = steps.flatMap(({ listed }) => listed.records);
    const tiesOf = await inlineTies(room, records, shows);
    for (const { listed, startedAt: begun } of steps) {
      const seen = await observeRecords(room, listed.records, { fields: ask.fields, tiesOf });
      [after, startedAt] = [listed.after, begun];
      yield {
        seen,
        cursor: after === null ? afterBackfill(begun, room.hubspot.indexLagMs) : { v: 1, phase: 'backfill', after, startedAt: begun },
      };
    }
    if (cut !== null) throw cut;
  } while (after !== null);
}

async function gather(
  room: Room,
  from: { readonly after: string | null; readonly startedAt: string | null },
  { fields, labelled }: Shows,
): Promise<Gathered> {
  const steps: Step[] = [];
  const most = labelled ? LABELLED_PAGES : 1;
  let { after, startedAt } = from;
  do {
    const listed = await listPage(room, after, fields).catch(asRefusal);
    if (listed instanceof HubError) {
      // What was listed before is handed on, so that every try gets on.
      if (steps.length === 0) throw listed;
      return { steps, cut: listed };
    }
    if (listed.after !== null && listed.after === after)
      throw new HubError('broken_answer', `HubSpot's list of ${room.type.name} does not go on`);
    // Without a Date header the newest change on the page is surely not later than now.
    startedAt ??= listed.servedAt ?? latest(listed.records.map(({ updatedAt }) => updatedAt)) ?? new Date(0).toISOString();
    steps.push({ listed, startedAt });
    after = listed.after;
  } while (after !== null && steps.length < most);
  return { steps, cut: null };
}

// Inline associations come without labels, which matters only where there are any. Who may not ask may still see them.
async function hasLabels({ type, labels }: Room, fields: readonly string[]): Promise<boolean> {
  if (type.reference === null || !fields.includes(type.reference.many)) return false;
  const known = await labels.fresh().catch(asRefusal);
  if (known instanceof HubError && known.kind !== 'not_allowed') throw known;
  return known instanceof HubError || known.size > 0;
}

async function listPage(room: Room, after: string | null, fields: readonly string[]): Promise<Listed> {
  const reference = askedReference(room.type, fields);
  const properties = [...propertiesBehind(room.type, fields), ...(reference === null ? [] : [reference.primaryProperty])];
  const fits = properties.reduce((sum, name) => sum + name.length + '&properties='.length, 0) <= QUERY_MAX;
  const query = (fits ? properties : ['hs_object_id']).map((name) => ['properties', name] as const);
  const { hubspot, type } = room;
  const { body, servedAt } = await hubspot.get(hubspot.paths.objects(type.name), [
    ['limit', String(PAGE_MAX)],
    ...(after === null ? [] : [['after', after] as const]),
    ...query,
    ...(reference === null ? [] : [['associations', reference.to] as const]),
  ]);
  const page = parseRecordPage(body);
  return { records: fits ? page.records : await withProperties(room, page.records, properties), after: page.after, servedAt };
}

// More properties than an address can hold: the list gives ids and associations, a batch read the rest. Who left in between is left out.
async function withProperties(
  room: Room,
  listed: readonly VendorRecord[],
  properties: readonly string[],
): Promise<readonly VendorRecord[]> {
  const ids = listed.map(({ id }) => id);
  const { byId } = await readRecords(room, ids, { properties });
  return listed.flatMap(({ id, linked }) => {
    const record = byId.get(id);
    return record === undefined ? [] : [{ ...record, linked }];
  });
}

// With one association there is nothing to choose; with several the contact's own property names the primary; only where it does not, and
// where there are labels to be seen, is another request needed.
async function inlineTies(room: Room, records: readonly VendorRecord[], { fields, labelled }: Shows): Promise<TiesOf> {
  const to = askedReference(room.type, fields);
  if (to === null) return () => undefined;
  const inlineOf = (record: VendorRecord) => {
    const inline = inlineTiesOf(record, to);
    return labelled && inline?.length !== 0 ? undefined : inline;
  };
  const unclear = records.filter((record) => inlineOf(record) === undefined).map(({ id }) => id);
  const read = await readAssociations(room.hubspot, room.type, { ids: unclear, to });
  return (record) => shownOf(inlineOf(record) ?? read.get(record.id) ?? []);
}

function inlineTiesOf({ linked, properties }: VendorRecord, to: Reference): readonly Tie[] | undefined {
  const { ids, more } = linked[to.to] ?? { ids: [], more: false };
  const primary = properties[to.primaryProperty];
  const isClear = !more && (ids.length <= 1 || (primary && ids.includes(primary)));
  return isClear ? ids.map((id) => plainTie(id, id === primary)) : undefined;
}
