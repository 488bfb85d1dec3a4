import type { Fields, FieldValue } from '../contract/records.ts';
import type { ChangedField, Stamp } from '../hub/stored.ts';
import { type HubObject, isComputed } from '../mapping/mapping.ts';
import { sameValue } from './same.ts';
import type { Side, Sides } from './survive.ts';

/** Whose doing a journal line is: that of a system of one of the two records, of a person in the hub, or of what has been taken back since. */
export type Author = 'winner' | 'loser' | 'hub' | 'stranger';

/** One journal line of the merged record, in the order in which they were written. */
export type LaterLine =
  | { readonly kind: 'edit'; readonly author: Author; readonly by: string; readonly at: string; readonly fields: ChangedFields }
  /** References that were made to lead to another record, because what they led to was merged or parted. */
  | { readonly kind: 'repointed'; readonly fields: ChangedFields }
  /** Another record was merged into this one, and parted from it again. */
  | { readonly kind: 'met'; readonly fields: ChangedFields }
  | { readonly kind: 'parted'; readonly fields: ChangedFields };
type ChangedFields = Readonly<Record<string, ChangedField>>;

/** The merged record: what it held at first, what it holds now, and every line between. */
export type Merged = { readonly fields: Fields; readonly now: Side; readonly since: readonly LaterLine[] };

type Owner = 'winner' | 'loser' | 'both' | 'stranger';
type Draft = { readonly fields: Record<string, FieldValue>; readonly stamps: Record<string, Stamp> };
type Parting = {
  readonly winner: Draft;
  readonly loser: Draft;
  /** Whose value the merged record holds, by field; and whose it was before a stranger's, which has been taken back since. */
  readonly owners: Map<string, Owner>;
  readonly shelved: Map<string, Owner>;
  readonly now: Side;
};

/**
 * Gives each of two merged records what it would hold had they never met: what it held before, and every edit since that came through one of its
 * own systems. What a person edited in the hub stays with the winner, unless it corrects a value that only the loser had: that goes back with it.
 * Roll-ups are left to be computed anew. Pure.
 */
export function partSides(before: Sides, merged: Merged, object: HubObject): Sides {
  const owners = ownersOf(before, merged.fields);
  const parting: Parting = { winner: draftOf(before.winner), loser: draftOf(before.loser), owners, shelved: new Map(), now: merged.now };
  for (const line of merged.since)
    for (const [name, change] of Object.entries(line.fields)) if (!isComputed(object.fields.get(name))) replay(parting, line, name, change);
  return { winner: sideOf(parting.winner), loser: sideOf(parting.loser) };
}

const draftOf = ({ fields, stamps }: Side): Draft => ({ fields: { ...fields }, stamps: { ...stamps } });
const sideOf = ({ fields, stamps }: Draft): Side => ({
  fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  stamps,
});

/** Whose value each field of the merged record held at first. */
function ownersOf({ winner, loser }: Sides, merged: Fields): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const name of new Set([...Object.keys(winner.fields), ...Object.keys(loser.fields), ...Object.keys(merged)])) {
    const [own, other] = [winner, loser].map((side) => sameValue(side.fields[name] ?? null, merged[name] ?? null));
    owners.set(name, own === other ? 'both' : own ? 'winner' : 'loser');
  }
  return owners;
}

function replay(parting: Parting, line: LaterLine, name: string, change: ChangedField): void {
  if (line.kind === 'repointed') repoint(parting, name, change);
  else if (line.kind === 'met') shelve(parting, name, change);
  else if (line.kind === 'parted') unshelve(parting, name);
  else if (line.author === 'hub') byHand(parting, line, name, change);
  else bySystem(parting, line, line.author, { name, change });
}

function repoint({ winner, loser }: Parting, name: string, change: ChangedField): void {
  for (const side of [winner, loser]) if (sameValue(side.fields[name] ?? null, change.old)) side.fields[name] = change.new;
}

function shelve({ owners, shelved }: Parting, name: string, change: ChangedField): void {
  if (sameValue(change.old, change.new)) return;
  shelved.set(name, owners.get(name) ?? 'both');
  owners.set(name, 'stranger');
}

function unshelve({ owners, shelved }: Parting, name: string): void {
  if (owners.get(name) === 'stranger') owners.set(name, shelved.get(name) ?? 'both');
}

type Edit = Extract<LaterLine, { kind: 'edit' }>;
type Edited = { readonly name: string; readonly change: ChangedField };

/** An edit that came through a system of one of the two. One that gave way to a value of the other side had nobody to give way to. */
function bySystem({ owners, now, ...sides }: Parting, { by, at }: Edit, author: Exclude<Author, 'hub'>, edited: Edited): void {
  const { name, change } = edited;
  const owner = owners.get(name) ?? 'both';
  const stood = sameValue(change.old, change.new);
  const gaveWay = stood && change.lost !== undefined;
  if (!stood) owners.set(name, author);
  // Both have come to it.
  else if (!gaveWay && owner !== author && owner !== 'stranger') owners.set(name, 'both');
  if (author === 'stranger' || (gaveWay && (owner === author || owner === 'both'))) return;
  const side = sides[author];
  side.fields[name] = gaveWay ? (change.lost?.value ?? null) : change.new;
  side.stamps[name] = gaveWay && change.lost !== undefined ? [change.lost.at, by] : stampOfEdit(now, name, { value: change.new, by, at });
}

/** The stamp that the record still has for this edit, which is the remote's own time; else the journal's. */
function stampOfEdit(now: Side, name: string, edit: { value: FieldValue; by: string; at: string }): Stamp {
  const stamp = now.stamps[name];
  const isThis = stamp?.[1] === edit.by && sameValue(now.fields[name] ?? null, edit.value);
  return isThis && stamp !== undefined ? stamp : [edit.at, edit.by];
}

function byHand({ owners, winner, loser }: Parting, { by, at }: Edit, name: string, change: ChangedField): void {
  const owner = owners.get(name) ?? 'both';
  if (sameValue(change.old, change.new)) return;
  const winnerHasNone = sameValue(winner.fields[name] ?? null, null);
  if (owner === 'stranger' && winnerHasNone) return;
  const toLoser = owner === 'loser' && winnerHasNone;
  const side = toLoser ? loser : winner;
  owners.set(name, toLoser ? 'loser' : 'winner');
  side.fields[name] = change.new;
  side.stamps[name] = [at, by];
}
