import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Row } from '../store/row.ts';
import { childrenOf } from './bin.ts';
import type { Caller, Input } from './input.ts';
import { stampOf } from './rows.ts';
import { updateRecord } from './save.ts';

export type Merge = {
  readonly winner: string;
  readonly losers: readonly string[];
  /** What the winner is to have, such as values of a loser. */
  readonly fields: Input;
};

/** One transaction of a merge: one or two losers go to the bin with the winner as their master, and what pointed at them points at the winner. */
export function mergeRecords(
  org: Org,
  schema: ObjectSchema,
  merge: Merge,
  { caller, commitAt }: { caller: Caller; commitAt: number | null },
): readonly string[] {
  const { winner, losers, fields } = merge;
  if (losers.length < 1 || losers.length > 2) throw new Refusal('INVALID_ARGUMENT', 'a merge has one or two losers');
  const rows = [winner, ...losers].map((id) => org.store.latest(schema.name, id));
  if (!schema.mergeable || rows.some((row) => row === undefined))
    throw new Refusal('INVALID_ARGUMENT', 'only accounts, contacts, and leads merge, each with its own kind');
  if (rows.some((row) => row?.IsDeleted === true)) throw new Refusal('ENTITY_IS_DELETED', 'entity is deleted');
  if (new Set([winner, ...losers]).size !== rows.length) throw new Refusal('INVALID_ARGUMENT', 'a record does not merge with itself');
  const stamps = stampOf(org.stamp(), caller);
  const moved = losers.flatMap((loser) => moveChildren(org, schema, { loser, winner, stamps, commitAt }));
  for (const loser of losers) {
    org.store.write(schema.name, { ...org.row(schema.name, loser), ...stamps, IsDeleted: true, MasterRecordId: winner }, commitAt);
  }
  if (Object.keys(fields).length > 0) updateRecord(org, schema, { id: winner, input: fields }, caller);
  else org.store.write(schema.name, { ...org.row(schema.name, winner), ...stamps }, commitAt);
  return moved;
}

type Move = { readonly loser: string; readonly winner: string; readonly stamps: Partial<Row>; readonly commitAt: number | null };

function moveChildren(org: Org, schema: ObjectSchema, { loser, winner, stamps, commitAt }: Move): readonly string[] {
  const children = childrenOf(org, schema.name, org.row(schema.name, loser), ['cascade', 'clear', 'restrict']);
  for (const { schema: object, field, row } of children) {
    const after = { ...row, ...known(stamps), [field.name]: winner, Id: row.Id, SystemModstamp: org.stamp() };
    // Both were in the campaign: the winner stays a member once.
    const doubled = object.name === 'CampaignMember' && isMember(org, field.name, { campaign: row.CampaignId ?? null, winner });
    org.store.write(object.name, { ...after, IsDeleted: row.IsDeleted || doubled }, commitAt);
  }
  return children.map(({ row }) => row.Id);
}

function isMember(org: Org, field: string, { campaign, winner }: { campaign: Row[string]; winner: string }): boolean {
  return org.store.pointingAt('CampaignMember', field, winner).some((one) => !one.IsDeleted && one.CampaignId === campaign);
}

/** A partial row without its undefined values, which a spread would copy. */
function known(change: Partial<Row>): Partial<Record<string, NonNullable<Row[string]>>> {
  return Object.fromEntries(Object.entries(change).filter((entry): entry is [string, NonNullable<Row[string]>] => entry[1] != null));
}
