import { sql } from 'kysely';
import { validate } from 'uuid';
import type { Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { ChangedField } from '../../hub/stored.ts';
import { must } from '../../kernel/must.ts';
import { type HubObject, isComputed } from '../../mapping/mapping.ts';
import { partSides } from '../../merge/part-sides.ts';
import { sameValue } from '../../merge/same.ts';
import type { Side, Sides } from '../../merge/survive.ts';
import type { Engine } from '../engine.ts';
import { askWhoTheyAre } from '../identity/ask-who-they-are.ts';
import { identitiesOf, lockMaking, rulesOf } from '../identity/identities.ts';
import { readRecords } from '../reconciling/trees.ts';
import { attachAfresh } from '../responses/attach.ts';
import { inTransaction } from '../transaction.ts';
import { readLaterLines } from './later-lines.ts';
import { lockLinks } from './move-links.ts';
import type { Noted } from './noted.ts';
import { dropPairHolds } from './pair-holds.ts';
import { partLinks, sideLinks } from './part-links.ts';
import { markReferring, repoint } from './repoint.ts';
import { meetTwins } from './twins.ts';

type Refused = { readonly refused: string };

/**
 * Takes a merge of two records back, as if they had never met: each gets its own values with the edits that came through its own systems since,
 * its links, identities, responses, and references; what arrived since is attached by its evidence. Edits by hand stay with the winner, unless
 * they correct what only the loser had. The systems get each record's own values again. The pair is not proposed again.
 */
export function unmerge(engine: Engine, mergingId: string, actor: string): Promise<'unmerged' | 'not_found' | Refused> {
  return inTransaction(engine.hub, async (tx) => {
    if (!validate(mergingId)) return 'not_found';
    const found = await lockMerging(tx, mergingId);
    if (found === null) return 'not_found';
    if ('refused' in found) return found;
    await part(engine, tx, found, actor);
    engine.log.info({ mergingId, winnerId: found.winnerId, loserId: found.loserId }, 'took a merge back');
    return 'unmerged';
  });
}

/** The merge with both its records locked; or why it cannot be taken back now. */
async function lockMerging(tx: Tx, id: string): Promise<Noted | Refused | null> {
  const { rows: kinds } = await sql<{ object: string }>`
    select r.object from merging m join record r on r.id = m.winner_id where m.id = ${id}`.execute(tx);
  if (kinds[0] === undefined) return null;
  await lockMaking(tx, kinds[0].object);
  const { rows } = await sql<Noted & { undone: boolean }>`
    select m.id, m.winner_id as "winnerId", m.loser_id as "loserId", m.at, m.before, m.undone_at is not null as undone, ${kinds[0].object} as object
    from merging m where m.id = ${id} for update`.execute(tx);
  const merging = must(rows[0], 'a merge that was found');
  if (merging.undone) return { refused: 'This merge has been taken back already.' };
  const { rows: later } = await sql<{ id: string; at: Date }>`
    select id, at from merging
    where undone_at is null and id <> ${id} and (winner_id in (${merging.winnerId}, ${merging.loserId}) or loser_id = ${merging.winnerId})
      and (at, id) > (select at, id from merging where id = ${id}) order by at desc, id desc limit 1`.execute(tx);
  if (later[0] !== undefined) return { refused: `The record was merged again since. Take back the merge ${later[0].id} first.` };
  const { rows: archived } = await sql`select 1 from record where id = ${merging.winnerId} and archived_at is not null`.execute(tx);
  return archived.length === 0 ? merging : { refused: 'The merged record is archived. Restore it first.' };
}

async function part(engine: Engine, tx: Tx, merging: Noted, actor: string): Promise<void> {
  const { winnerId, loserId, before } = merging;
  const object = must(engine.mappings.model.get(merging.object), `hub object ${merging.object}`);
  await sql`select id from record where id in (${winnerId}, ${loserId}) order by id for update`.execute(tx);
  const records = await readRecords(tx, [winnerId, loserId]);
  const now = { winner: must(records.get(winnerId), 'the winner'), loser: must(records.get(loserId), 'the loser') };
  const links = await sideLinks(engine, tx, merging, await lockLinks(tx, [winnerId, loserId]));
  const { fields, since } = await readLaterLines(tx, merging, links);
  const sides = withRollUps(partSides(before, { fields, now: now.winner, since }, object), now, object);
  await writeSides(tx, merging, sides);
  await partLinks(tx, merging, links);
  await partIdentities(engine, tx, merging, { object, sides });
  await partResponses(engine, tx, merging);
  await repoint(
    engine,
    tx,
    { object: merging.object, from: winnerId, to: loserId, cause: 'unmerged', mergingId: merging.id, actor },
    before.references,
  );
  await markReferring(engine, tx, { object: merging.object, id: winnerId });
  await writeJournal(tx, merging, { now, sides, actor });
  await sql`update merging set undone_at = now(), undone_by = ${actor} where id = ${merging.id}`.execute(tx);
  await askWhoTheyAre(tx, [winnerId, loserId]);
  await askAboutPairs(engine, tx, merging);
}

/** Roll-ups are computed anew from the responses that each has then. */
function withRollUps(sides: Sides, now: Sides, object: HubObject): Sides {
  const computed = [...object.fields.values()].filter(isComputed).map((field) => field.name);
  const restore = (side: Side, before: Side): Side => {
    const fields = Object.fromEntries(Object.entries(side.fields).filter(([name]) => !computed.includes(name)));
    for (const name of computed) if (before.fields[name] !== undefined) fields[name] = before.fields[name];
    return { ...side, fields };
  };
  return { winner: restore(sides.winner, now.winner), loser: restore(sides.loser, now.loser) };
}

async function writeSides(tx: Tx, { winnerId, loserId }: Noted, sides: Sides): Promise<void> {
  for (const [id, side] of [
    [winnerId, sides.winner],
    [loserId, sides.loser],
  ] as const)
    await tx
      .updateTable('record')
      .set({
        fields: JSON.stringify(side.fields),
        stamps: JSON.stringify(side.stamps),
        dirty: true,
        merged_into: null,
        updated_at: sql`now()`,
      })
      .where('id', '=', id)
      .execute();
  // What had been merged into the loser before goes with it.
  await sql`
    with recursive under as (
      select loser_id as id from merging where winner_id = ${loserId} and undone_at is null
      union select m.loser_id from merging m join under u on m.winner_id = u.id where m.undone_at is null)
    update record set merged_into = ${loserId} where id in (select id from under)`.execute(tx);
}

type Parted = { readonly object: HubObject; readonly sides: Sides };

/** Each answers again to what it alone answered to, and to what it holds now. */
async function partIdentities(engine: Engine, tx: Tx, { winnerId, loserId, before }: Noted, { object, sides }: Parted): Promise<void> {
  const rules = rulesOf(engine, object.name);
  const of = (side: 'winner' | 'loser'): readonly string[] => {
    const held = new Set(identitiesOf(object, rules, before[side].fields));
    const inherited = before[side].digests.filter((digest) => !held.has(digest));
    return [...new Set([...inherited, ...identitiesOf(object, rules, sides[side].fields)])];
  };
  const rows = [...of('winner').map((digest) => ({ digest, id: winnerId })), ...of('loser').map((digest) => ({ digest, id: loserId }))];
  await sql`delete from identity where record_id in (${winnerId}, ${loserId})`.execute(tx);
  await sql`
    insert into identity (digest, record_id)
    select * from unnest(${rows.map((row) => row.digest)}::uuid[], ${rows.map((row) => row.id)}::uuid[]) on conflict do nothing`.execute(
    tx,
  );
}

/** The loser's responses go back to it. Those that came since are attached anew, unless a person attached them. */
async function partResponses(engine: Engine, tx: Tx, { winnerId, loserId, before }: Noted): Promise<void> {
  await sql`update response set record_id = ${loserId} where id = any(${before.loser.responses}::uuid[]) and record_id = ${winnerId}`.execute(
    tx,
  );
  await attachAfresh(engine, tx, winnerId, before.winner.responses);
}

async function writeJournal(tx: Tx, merging: Noted, parted: { now: Sides; sides: Sides; actor: string }): Promise<void> {
  for (const side of ['winner', 'loser'] as const) {
    const [id, otherId] = side === 'winner' ? [merging.winnerId, merging.loserId] : [merging.loserId, merging.winnerId];
    await tx
      .insertInto('change')
      .values({
        id: newId(),
        record_id: id,
        cause: 'unmerged',
        connection_id: null,
        remote_id: null,
        run_id: null,
        actor: parted.actor,
        fields: JSON.stringify(changesOf(parted.now[side], parted.sides[side])),
        detail: JSON.stringify({ mergingId: merging.id, otherId }),
      })
      .execute();
  }
}

function changesOf(before: Side, after: Side): Readonly<Record<string, ChangedField>> {
  const names = new Set([...Object.keys(before.fields), ...Object.keys(after.fields)]);
  const changes = [...names].map((name) => [name, { old: before.fields[name] ?? null, new: after.fields[name] ?? null }] as const);
  return Object.fromEntries(changes.filter(([, change]) => !sameValue(change.old, change.new)));
}

/** Whether one of the two is the same as a third one is asked of the one whom it concerns. */
async function askAboutPairs(engine: Engine, tx: Tx, { winnerId, loserId, object }: Noted): Promise<void> {
  await dropPairHolds(tx, [winnerId, loserId]);
  const { rows } = await sql<{ digest: string; recordId: string }>`
    select digest, record_id as "recordId" from identity where record_id in (${winnerId}, ${loserId})`.execute(tx);
  await meetTwins(engine, tx, object, rows);
}
