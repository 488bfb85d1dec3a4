import { HubError } from '../../../src/contract/errors.ts';
import { asRefusal } from '../http/errors.ts';
import type { VendorRecord } from '../http/wire.ts';
import type { Reference } from '../references.ts';
import { askedReferences, type Room } from '../room.ts';
import { readAssociations } from '../ties/associations.ts';
import { plainTie, type Shown, shownOf, type Tie } from '../ties/ties.ts';
import type { Way } from './cursor.ts';
import type { TiesOf } from './observe.ts';

/** A reference that is asked for. `labelled`: its ties may have labels, which a list does not show. */
export type AskedTies = { readonly to: Reference; readonly labelled: boolean };

/** Whether a list alone cannot show these ties for certain: they may have labels, or several of them a primary one that no property names. */
export function isAskedFor({ to, labelled }: AskedTies): boolean {
  return labelled || (to.field !== null && to.primaryProperty === null);
}

/** The references that are asked for, and whether the portal has labels for them. */
export async function askTies(room: Room, fields: readonly string[]): Promise<readonly AskedTies[]> {
  const asked: AskedTies[] = [];
  for (const to of askedReferences(room.type, fields)) {
    asked.push({ to, labelled: fields.includes(to.many) && (await hasLabels(room, to)) });
  }
  return asked;
}

// Who may not ask for the labels may still see them.
async function hasLabels({ labels }: Room, to: Reference): Promise<boolean> {
  const known = await labels.fresh(to).catch(asRefusal);
  if (known instanceof HubError && known.kind !== 'not_allowed') throw known;
  return known instanceof HubError || known.named.size > 0;
}

/** The ties of the records of some pages: as the list showed them as far as they are clear there, and the rest asked for. */
export async function tiesOfListed(room: Room, records: readonly VendorRecord[], asked: readonly AskedTies[], way: Way): Promise<TiesOf> {
  const shown = new Map<string, ReadonlyMap<string, Shown>>();
  for (const { to, labelled } of asked) shown.set(to.many, await tiesTo(room, records, { to, labelled, isInline: way !== 'search' }));
  return ({ id }, { many }) => shown.get(many)?.get(id);
}

type Asking = AskedTies & { readonly isInline: boolean };

// With one association there is nothing to choose; with several the record's own property names the primary; only where it does not, and
// where there are labels to be seen, is another request needed.
async function tiesTo(
  room: Room,
  records: readonly VendorRecord[],
  { to, labelled, isInline }: Asking,
): Promise<ReadonlyMap<string, Shown>> {
  const inlineOf = (record: VendorRecord) => {
    const inline = isInline ? inlineTiesOf(record, to) : undefined;
    return labelled && inline?.length !== 0 ? undefined : inline;
  };
  const unclear = records.filter((record) => inlineOf(record) === undefined).map(({ id }) => id);
  const read = await readAssociations(room.hubspot, room.type, { ids: unclear, to });
  return new Map(records.map((record) => [record.id, shownOf(inlineOf(record) ?? read.get(record.id) ?? [])]));
}

function inlineTiesOf({ linked, properties }: VendorRecord, to: Reference): readonly Tie[] | undefined {
  const { ids, more } = linked[to.to] ?? { ids: [], more: false };
  const primary = to.primaryProperty === null ? undefined : properties[to.primaryProperty];
  const isClear = !more && (ids.length <= 1 || to.field === null || (primary && ids.includes(primary)));
  return isClear ? ids.map((id) => plainTie(id, id === primary)) : undefined;
}
