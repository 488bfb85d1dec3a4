import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { must } from '../../kernel/must.ts';
import { decodeFields } from '../../merge/recognise.ts';
import type { Engine } from '../engine.ts';
import { identitiesOf, rulesOf } from '../identity/identities.ts';
import { entityStreams, streamKey } from '../streams.ts';
import { type HeldLink, MERGED_AWAY, moveLinks } from './move-links.ts';
import type { Noted } from './noted.ts';

/** A link of a merged record, with whose it is once the two are parted. */
export type SidedLink = HeldLink & { readonly side: 'winner' | 'loser' };

/** Says of each link whose it is: as before the merge; one that came since goes to the one that it shows, else to the winner. */
export async function sideLinks(engine: Engine, tx: Tx, merging: Noted, links: readonly HeldLink[]): Promise<readonly SidedLink[]> {
  const before = new Map(merging.before.links.map((link) => [link.id, link.of]));
  const newcomers = links.filter((link) => !before.has(link.id) && link.remoteId !== null);
  const shown = await digestsShown(engine, tx, merging.object, newcomers);
  const taken = new Set(links.filter((link) => before.get(link.id) === 'loser').map(placeOf));
  const own = new Set(merging.before.winner.digests);
  const alien = new Set(merging.before.loser.digests.filter((digest) => !own.has(digest)));
  return links.map((link) => {
    const digests = shown.get(link.id) ?? [];
    const isLosers = digests.some((digest) => alien.has(digest)) && !digests.some((digest) => own.has(digest)) && !taken.has(placeOf(link));
    return { ...link, side: before.get(link.id) ?? (isLosers ? 'loser' : 'winner') };
  });
}

const placeOf = (link: HeldLink): string => streamKey(link.connectionId, link.object);

async function digestsShown(
  engine: Engine,
  tx: Tx,
  hubObject: string,
  links: readonly HeldLink[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (links.length === 0) return new Map();
  const object = must(engine.mappings.model.get(hubObject), `hub object ${hubObject}`);
  const streams = await entityStreams(engine, tx, hubObject);
  const { rows } = await sql<{ id: string; connection_id: string; object: string; fields: Fields }>`
    select l.id, l.connection_id, l.object, o.fields
    from link l join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
    where l.id = any(${links.map((link) => link.id)}::uuid[])`.execute(tx);
  return new Map(
    rows.map((row) => {
      const stream = streams.get(streamKey(row.connection_id, row.object));
      return [row.id, stream === undefined ? [] : identitiesOf(object, rulesOf(engine, hubObject), decodeFields(row.fields, stream.lines))];
    }),
  );
}

/** Gives each record its links back, as they stood in the sync. What had been merged over there as well is made there anew. */
export async function partLinks(tx: Tx, { winnerId, loserId, before }: Noted, links: readonly SidedLink[]): Promise<void> {
  const idOf = { winner: winnerId, loser: loserId };
  const moves = links.map((link) => ({ id: link.id, recordId: idOf[link.side], from: link.recordId }));
  await moveLinks(
    tx,
    moves.filter((move) => move.recordId !== move.from),
  );
  const ids = links.map((link) => link.id);
  const were = before.links.filter((link) => link.state !== 'excluded');
  await sql`
    update link l set state = b.state, reason = b.reason, cause = null
    from unnest(${were.map((link) => link.id)}::uuid[], ${were.map((link) => link.state)}::text[], ${were.map((link) => link.reason)}::text[]) as b (id, state, reason)
    where l.id = b.id and l.state = 'excluded' and l.cause = ${MERGED_AWAY}`.execute(tx);
  await sql`
    update link l set remote_id = null, base = '{}', sent = null, sent_at = null, expected = null, state = 'in_sync', reason = 'it is made again', cause = null,
      gone_by = null, due = true, evidence = jsonb_build_object('made', 'remote', 'formerly', l.remote_id)
    from alias a
    where l.id = any(${ids}::uuid[]) and l.state = 'gone' and a.connection_id = l.connection_id and a.object = l.object and a.alias_id = l.remote_id`.execute(
    tx,
  );
  await sql`
    update hold set closed_at = now(), closed_by = 'syncline', decision = '{"superseded":true}'
    where link_id = any(${ids}::uuid[]) and kind = 'merge' and closed_at is null`.execute(tx);
}
