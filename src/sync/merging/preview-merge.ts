import type { FieldValue } from '../../contract/records.ts';
import { listConnections } from '../../hub/connections/connections.ts';
import { titleOf } from '../../hub/views/titles.ts';
import { must } from '../../kernel/must.ts';
import { isComputed } from '../../mapping/mapping.ts';
import { arrangeLinks } from '../../merge/arrange-links.ts';
import { sameValue } from '../../merge/same.ts';
import type { Engine } from '../engine.ts';
import { survivorOf } from './merge-records.ts';
import { type HeldLink, readHeldLinks, tieOf } from './move-links.ts';
import { type Pair, readPair } from './pair.ts';
import { countReferring } from './repoint.ts';

/** What making two records one would do: every field that either holds, every link, and what moves with it. */
export type MergePreview = {
  readonly object: string;
  readonly winner: { readonly id: string; readonly title: string };
  readonly loser: { readonly id: string; readonly title: string };
  readonly fields: readonly PreviewedField[];
  readonly links: readonly PreviewedLink[];
  readonly responses: number;
  readonly references: number;
  /** Why it cannot be done this very moment; null when it can. */
  readonly hindrance: string | null;
};
type PreviewedField = {
  readonly field: string;
  readonly label: string;
  readonly winner: FieldValue;
  readonly loser: FieldValue;
  readonly result: FieldValue;
  readonly rule: string | null;
};
type PreviewedLink = {
  readonly id: string;
  readonly of: 'winner' | 'loser';
  readonly connection: string;
  readonly object: string;
  readonly remoteId: string | null;
  /** `kept`: the merged record goes by it. `aside`: it is put aside. `proposed`: put aside, and merging the two over there is proposed. */
  readonly becomes: 'kept' | 'aside' | 'proposed';
};

/** Computes a merge of two records and changes nothing; a sentence when they cannot be merged at all. */
export async function previewMerge(
  engine: Engine,
  winnerId: string,
  loserId: string,
): Promise<MergePreview | { readonly refused: string }> {
  const pair = await readPair(engine.hub, winnerId, loserId);
  if ('refused' in pair) return { refused: pair.refused };
  const links = await readHeldLinks(engine.hub, [pair.winner.id, pair.loser.id]);
  const title = ({ id, fields }: Pair['winner']) => ({ id, title: titleOf(engine.mappings.model, pair.object, fields) });
  const { responses } = await engine.hub
    .selectFrom('response')
    .select((e) => e.fn.countAll<string>().as('responses'))
    .where('record_id', '=', pair.loser.id)
    .executeTakeFirstOrThrow();
  return {
    object: pair.object,
    winner: title(pair.winner),
    loser: title(pair.loser),
    fields: await fieldsOf(engine, pair),
    ...(await linksOf(engine, pair, links)),
    responses: Number(responses),
    references: await countReferring(engine, engine.hub, { object: pair.object, id: pair.loser.id }),
  };
}

async function fieldsOf(engine: Engine, pair: Pair): Promise<readonly PreviewedField[]> {
  const survivor = await survivorOf(engine, engine.hub, pair);
  const object = must(engine.mappings.model.get(pair.object), `hub object ${pair.object}`);
  return [...object.fields.values()].flatMap((field) => {
    const [winner, loser, result] = [pair.winner, pair.loser, survivor].map((side) => side.fields[field.name] ?? null) as [
      FieldValue,
      FieldValue,
      FieldValue,
    ];
    if (isComputed(field) || [winner, loser].every((value) => sameValue(value, null))) return [];
    return [{ field: field.name, label: field.label, winner, loser, result, rule: survivor.changed[field.name]?.rule ?? null }];
  });
}

async function linksOf(
  engine: Engine,
  { winner, loser }: Pair,
  links: readonly HeldLink[],
): Promise<Pick<MergePreview, 'links' | 'hindrance'>> {
  const names = new Map((await listConnections(engine.hub)).map((connection) => [connection.id, connection.name]));
  const tiesOf = (recordId: string) => links.filter((link) => link.recordId === recordId).map(tieOf);
  const arranged = arrangeLinks(tiesOf(winner.id), tiesOf(loser.id));
  const aside = new Set(arranged.ok ? [...arranged.leaves, ...arranged.stays].map((tie) => tie.id) : []);
  const proposed = new Set(arranged.ok ? arranged.meets.map((meeting) => meeting.loser.id) : []);
  return {
    links: links.map((link) => ({
      id: link.id,
      of: link.recordId === winner.id ? 'winner' : 'loser',
      connection: names.get(link.connectionId) ?? 'a deleted connection',
      object: link.object,
      remoteId: link.remoteId,
      becomes: proposed.has(link.id) ? 'proposed' : aside.has(link.id) ? 'aside' : 'kept',
    })),
    hindrance: arranged.ok ? null : 'One of the two is just being made where the other is already. Try again in a moment.',
  };
}
