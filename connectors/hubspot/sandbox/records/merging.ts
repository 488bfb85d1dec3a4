import type { ObjectType } from '../portal/object-types.ts';
import { type Portal, sourceOf, type Table } from '../portal/portal.ts';
import { LIFECYCLE_STAGES } from '../schema/contact-properties.ts';
import type { End } from '../ties/associations.ts';
import { followTies } from '../ties/following.ts';
import { invalid, notFound, Refusal } from '../wire/refusal.ts';
import { claimAll, keep, nextTouch, releaseAll } from './keeping.ts';
import type { Stored } from './records.ts';

type Two = { readonly primary: Stored; readonly other: Stored };
type Properties = Readonly<Record<string, string>>;

const MERGES_MAX = 250;

function listOf(value: string | undefined): readonly string[] {
  return (value ?? '').split(';').filter((one) => one !== '');
}

function absorbedBy({ primary, other }: Two, keepsId: boolean): readonly string[] {
  const before = [...listOf(primary.properties.hs_merged_object_ids), ...listOf(other.properties.hs_merged_object_ids)];
  return [...before, ...(keepsId ? [] : [primary.id]), other.id];
}

function furthestStage({ primary, other }: Two): string | undefined {
  const [first, second] = [primary.properties.lifecyclestage, other.properties.lifecyclestage];
  if (first === undefined || second === undefined) return first ?? second;
  return LIFECYCLE_STAGES.indexOf(first) >= LIFECYCLE_STAGES.indexOf(second) ? first : second;
}

function contactMarks(two: Two, id: string, absorbed: readonly string[]): Properties {
  const { primary, other } = two;
  const email = primary.properties.email ?? other.properties.email;
  const addresses = [primary, other].flatMap(({ properties }) => [properties.email ?? '', ...listOf(properties.hs_additional_emails)]);
  const further = [...new Set(addresses)].filter((one) => one !== '' && one !== email).join(';');
  const mergedMs = Date.parse(primary.updatedAt);
  return {
    hs_all_contact_vids: [...new Set([id, ...absorbed])].join(';'),
    hs_calculated_merged_vids: absorbed.map((one) => `${one}:${mergedMs}`).join(';'),
    ...(further === '' ? {} : { hs_additional_emails: further }),
  };
}

/** Where the primary's value does not win: the earliest create date, and the stage furthest along. */
function bestOfBoth(type: ObjectType, two: Two): Properties {
  const stage = furthestStage(two);
  const earliest = [two.primary.createdAt, two.other.createdAt].sort()[0] ?? two.primary.createdAt;
  return { [type.created]: earliest, ...(stage === undefined ? {} : { lifecyclestage: stage }) };
}

type Made = { readonly id: string; readonly at: string; readonly by: number; readonly absorbed: readonly string[]; readonly best: boolean };

function mergedProperties(type: ObjectType, two: Two, made: Made): Properties {
  return {
    ...two.other.properties,
    ...two.primary.properties,
    ...(made.best ? bestOfBoth(type, two) : {}),
    ...(type.name === 'contacts' ? contactMarks(two, made.id, made.absorbed) : {}),
    hs_object_id: made.id,
    hs_merged_object_ids: made.absorbed.join(';'),
    [type.modified]: made.at,
    hs_lastmodifieddate: made.at,
    hs_updated_by_user_id: String(made.by),
  };
}

/** The ties of both go to the one that stays; the primary's own come last, so that its primary company wins. */
function moveTies(portal: Portal, { primary, other }: Two, to: End): readonly End[] {
  const sources = [other, primary].map(({ id }) => ({ type: to.type, id }));
  const ties = sources.flatMap((from) =>
    portal.associations
      .neighbours(from)
      .map((end) => ({ end, typeIds: portal.associations.of(from, end.type).find(({ id }) => id === end.id)?.typeIds ?? [] })),
  );
  for (const from of sources) for (const { end } of ties) portal.associations.untie(from, end);
  for (const { end, typeIds } of ties) {
    const there = portal.associations.of(to, end.type).find(({ id }) => id === end.id)?.typeIds ?? [];
    portal.associations.label(to, end, [...new Set([...there, ...typeIds])]);
  }
  return ties.map(({ end }) => end);
}

function replaceBoth(portal: Portal, table: Table, { two, made }: { two: Two; made: Stored }): void {
  for (const gone of [two.primary, two.other]) {
    releaseAll(table, gone);
    if (gone.id === made.id) continue;
    table.records.drop(gone.id);
    table.records.redirect(gone.id, made.id);
    table.index.note(gone.id, null, portal.now().getTime());
  }
  if (made.id !== two.primary.id) table.records.insert(made);
  claimAll(table, made);
  keep(portal, table, made);
}

function demandTwo(table: Table, ids: { primaryId: string; otherId: string }): Two {
  if (!table.type.merges) throw invalid(`${table.type.name} cannot be merged`);
  const [primary, other] = [table.records.live(ids.primaryId), table.records.live(ids.otherId)];
  if (primary === undefined || other === undefined) throw notFound();
  if (primary === other) throw invalid('A record cannot be merged with itself');
  return { primary, other };
}

/** Merges two records into one, which usually has a new id; the old ids lead to it on direct reads and updates only. */
export function mergeRecords(portal: Portal, type: ObjectType, ids: { primaryId: string; otherId: string; by: number }): Stored {
  const table = portal.table(type);
  const two = demandTwo(table, ids);
  const keepsId = portal.switches.mergeKeepsPrimaryId;
  const absorbed = absorbedBy(two, keepsId);
  const merges = keepsId ? absorbed.length : absorbed.length / 2;
  if (merges > MERGES_MAX) throw new Refusal(414, { message: `Cannot have more than ${MERGES_MAX} identities on a profile` });
  const id = keepsId ? two.primary.id : table.records.nextId();
  const at = [nextTouch(portal, two.primary), nextTouch(portal, two.other)].sort()[1] ?? nextTouch(portal, two.primary);
  const properties = mergedProperties(type, two, { id, at, by: ids.by, absorbed, best: portal.switches.mergeTakesBest });
  const createdAt = properties[type.created] ?? two.primary.createdAt;
  const made = { id, properties, createdAt, updatedAt: at, archivedAt: null, versions: two.primary.versions };
  replaceBoth(portal, table, { two, made });
  followTies(portal, [{ type, id }, ...moveTies(portal, two, { type, id })]);
  tellMerge(portal, type, { two, made, by: ids.by });
  return table.records.live(id) ?? made;
}

function tellMerge(portal: Portal, type: ObjectType, { two, made, by }: { two: Two; made: Stored; by: number }): void {
  const moved = Object.keys(two.other.properties).filter((name) => two.primary.properties[name] === undefined).length;
  const [primaryId, mergedIds] = [two.primary.id, [two.other.id]];
  portal.news.tell({ kind: 'merge', type, id: made.id, source: sourceOf(portal, by), primaryId, mergedIds, moved });
}
