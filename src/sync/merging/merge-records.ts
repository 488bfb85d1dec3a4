import { sql } from 'kysely';
import type { Db, Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { BeforeMerging } from '../../hub/stored.ts';
import { must } from '../../kernel/must.ts';
import { type Arrangement, arrangeLinks, type Tie } from '../../merge/arrange-links.ts';
import { withoutSelf } from '../../merge/self-references.ts';
import { type Survivor, survive } from '../../merge/survive.ts';
import type { Engine } from '../engine.ts';
import { askWhoTheyAre } from '../identity/ask-who-they-are.ts';
import { identitiesOf, rulesOf } from '../identity/identities.ts';
import { attachWaiting } from '../responses/attach.ts';
import { type HeldLink, lockLinks, moveLinks, putAside, tieOf } from './move-links.ts';
import { lockPair, type Pair, type PairRefused } from './pair.ts';
import { handOnPairHolds } from './pair-holds.ts';
import { proposeMerges } from './propose-merges.ts';
import { repoint } from './repoint.ts';
import { survivorshipOf } from './survivorship.ts';

/** Which two records are to become one, and on whose account. */
export type MergeWish = {
  readonly winnerId: string;
  readonly loserId: string;
  readonly cause: 'steward' | 'rule' | 'vendor';
  readonly actor: string | null;
  /** The run that saw the vendor merge them, and where that was. */
  readonly seen?: { readonly runId: string | null; readonly connectionId: string };
};
/** `winnerId` and `loserId` are the records that became one: those asked for may have been merged into others before. */
export type Merged = { readonly mergingId: string; readonly winnerId: string; readonly loserId: string };

/**
 * Makes two records of the hub one, in the caller's transaction: values by the mappings' rules, links, pending writes, identities, responses, and
 * references. What it was before is kept, so that it can be taken back. Where two links would come to stand for records of one system, the loser's
 * is put aside, and merging them over there is proposed.
 */
export async function mergeRecords(engine: Engine, tx: Tx, wish: MergeWish): Promise<Merged | PairRefused> {
  const pair = await lockPair(tx, wish.winnerId, wish.loserId);
  if ('refused' in pair) return pair;
  const { winner, loser } = pair;
  const links = await lockLinks(tx, [winner.id, loser.id]);
  const arranged = arrangeLinks(tiesOf(links, winner.id), tiesOf(links, loser.id));
  if (!arranged.ok) return busy(tx, links, arranged.underWay);
  const mergingId = newId();
  const before = await readBefore(tx, pair, links);
  const survivor = await survivorOf(engine, tx, pair);
  await writeRecords(tx, pair, survivor);
  await joinLinks(tx, pair, arranged);
  const references = await repoint(engine, tx, {
    object: pair.object,
    from: loser.id,
    to: winner.id,
    cause: 'merged',
    mergingId,
    actor: wish.actor,
  });
  await sql`update response set record_id = ${winner.id} where record_id = ${loser.id}`.execute(tx);
  await writeJournal(tx, mergingId, { pair, survivor, wish });
  await noteMerging(tx, mergingId, { pair, wish, before: { ...before, references } });
  await proposeMerges(engine, tx, {
    mergingId,
    object: pair.object,
    winnerId: winner.id,
    fields: survivor.fields,
    links,
    meets: arranged.meets,
  });
  await joinIdentities(engine, tx, pair, survivor);
  await handOnPairHolds(tx, { winnerId: winner.id, loserId: loser.id });
  await askWhoTheyAre(tx, [winner.id, loser.id]);
  return { mergingId, winnerId: winner.id, loserId: loser.id };
}

/** What the record holds that two become: a reference of one to the other would be one to itself. */
export async function survivorOf(engine: Engine, db: Db, pair: Pair): Promise<Survivor> {
  const how = await survivorshipOf(engine, db, pair.object);
  const survivor = survive(pair, how);
  return { ...survivor, fields: withoutSelf(survivor.fields, how.object, [pair.winner.id, pair.loser.id]) };
}

const tiesOf = (links: readonly HeldLink[], recordId: string): readonly Tie[] =>
  links.filter((link) => link.recordId === recordId).map(tieOf);

async function busy(tx: Tx, links: readonly HeldLink[], underWay: Tie): Promise<PairRefused> {
  const link = must(
    links.find((one) => one.id === underWay.id),
    'the link of a write',
  );
  const { name } = await tx.selectFrom('connection').select('name').where('id', '=', link.connectionId).executeTakeFirstOrThrow();
  return { refused: `One of the two is just being made in ${name}, where the other is already. Try again in a moment.`, later: true };
}

/** How far back journal lines are looked at to tell those that come after: longer than any transaction takes. */
const RECENT = sql`interval '15 minutes'`;

async function readBefore(tx: Db, { winner, loser }: Pair, links: readonly HeldLink[]): Promise<Omit<BeforeMerging, 'references'>> {
  const ids = [winner.id, loser.id];
  const { rows: digests } = await sql<{ record_id: string; digest: string }>`
    select record_id, digest from identity where record_id = any(${ids}::uuid[]) order by digest`.execute(tx);
  const { rows: responses } = await sql<{ record_id: string; id: string }>`
    select record_id, id from response where record_id = any(${ids}::uuid[]) order by id`.execute(tx);
  const { rows: recent } = await sql<{ id: string }>`
    select id from change where record_id = ${winner.id} and at >= now() - ${RECENT}`.execute(tx);
  const sideOf = ({ id, fields, stamps }: Pair['winner']) => ({
    fields,
    stamps,
    digests: digests.filter((row) => row.record_id === id).map((row) => row.digest),
    responses: responses.filter((row) => row.record_id === id).map((row) => row.id),
  });
  return {
    winner: sideOf(winner),
    loser: sideOf(loser),
    links: links.map(({ id, recordId, state, reason }) => ({ id, of: recordId === winner.id ? 'winner' : 'loser', state, reason })),
    recent: recent.map((row) => row.id),
  };
}

/** The winner holds what survives; the loser keeps what it held, and leads to the winner, like all that were merged into it before. */
async function writeRecords(tx: Tx, { winner, loser }: Pair, survivor: Survivor): Promise<void> {
  await tx
    .updateTable('record')
    .set({ fields: JSON.stringify(survivor.fields), stamps: JSON.stringify(survivor.stamps), dirty: true, updated_at: sql`now()` })
    .where('id', '=', winner.id)
    .execute();
  await tx
    .updateTable('record')
    .set({ merged_into: winner.id, dirty: false, updated_at: sql`now()` })
    .where((e) => e.or([e('id', '=', loser.id), e('merged_into', '=', loser.id)]))
    .execute();
}

async function joinLinks(tx: Tx, { winner, loser }: Pair, arranged: Extract<Arrangement, { ok: true }>): Promise<void> {
  const { moves, leaves, stays, meets } = arranged;
  const met = new Map(meets.map((meeting) => [meeting.loser.id, meeting.winner]));
  await putAside(
    tx,
    [...leaves, ...stays].map((tie) => {
      const other = met.get(tie.id);
      const reason =
        other === undefined ? 'the record that it was merged with has its own' : `${other.remoteId} stands for the same record`;
      return { id: tie.id, reason };
    }),
  );
  await moveLinks(tx, [...moves.map(({ id }) => ({ id, recordId: winner.id })), ...leaves.map(({ id }) => ({ id, recordId: loser.id }))]);
}

type Account = { readonly pair: Pair; readonly wish: MergeWish };

async function writeJournal(tx: Tx, mergingId: string, { pair, survivor, wish }: Account & { survivor: Survivor }): Promise<void> {
  await tx
    .insertInto('change')
    .values({
      id: newId(),
      record_id: pair.winner.id,
      cause: 'merged',
      connection_id: wish.seen?.connectionId ?? null,
      remote_id: null,
      run_id: wish.seen?.runId ?? null,
      actor: wish.actor,
      fields: JSON.stringify(survivor.changed),
      conflict: survivor.conflict,
      detail: JSON.stringify({ mergingId, loserId: pair.loser.id, by: wish.cause }),
    })
    .execute();
}

async function noteMerging(tx: Tx, id: string, { pair, wish, before }: Account & { before: BeforeMerging }): Promise<void> {
  await tx
    .insertInto('merging')
    .values({
      id,
      winner_id: pair.winner.id,
      loser_id: pair.loser.id,
      // Not the transaction's time: of two merges of one record the later one has waited for the earlier.
      at: sql`clock_timestamp()`,
      cause: wish.cause,
      actor: wish.actor,
      before: JSON.stringify(before),
      undone_at: null,
      undone_by: null,
    })
    .execute();
}

/** The winner answers to all that the loser answered to, and to what it holds now. Responses that could not tell the two apart find it. */
async function joinIdentities(engine: Engine, tx: Tx, { object, winner, loser }: Pair, survivor: Survivor): Promise<void> {
  const own = identitiesOf(must(engine.mappings.model.get(object), `hub object ${object}`), rulesOf(engine, object), survivor.fields);
  await sql`
    insert into identity (digest, record_id)
    select digest, ${winner.id}::uuid from identity where record_id = ${loser.id} union select digest, ${winner.id}::uuid from unnest(${own}::uuid[]) as d (digest)
    on conflict do nothing`.execute(tx);
  await sql`delete from identity where record_id = ${loser.id}`.execute(tx);
  const { rows } = await sql<{ digest: string }>`select digest from identity where record_id = ${winner.id}`.execute(tx);
  await attachWaiting(
    engine,
    tx,
    rows.map((row) => row.digest),
  );
}
