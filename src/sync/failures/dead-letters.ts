import { sql } from 'kysely';
import { validate } from 'uuid';
import { causeOf } from '../../causes/cause-of.ts';
import type { CauseId } from '../../causes/causes.ts';
import type { FieldValue } from '../../contract/records.ts';
import { nameForSentence } from '../../hub/access/actors.ts';
import type { Tx } from '../../hub/database.ts';
import { digestOf } from '../../hub/ids.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import { readRefs } from '../reconciling/refs.ts';
import { planTree, readHolds, readLinks, readRecords } from '../reconciling/trees.ts';
import { entityStreams } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import { takeAllAgain } from './take-again.ts';

export const FAILURE_ACTIONS = ['retry', 'skip', 'exclude', 'include'] as const;
/**
 * What a person makes of links that cannot be written: try again now; leave it until the record wants another write; take the link out of the
 * sync; or take it back into it.
 */
export type FailureAction = (typeof FAILURE_ACTIONS)[number];
/** One link, or all of a cause, on one connection or on all; `at`: those of which a hold keeps one of these values of this field back. */
export type Failures =
  | { readonly linkId: string }
  | {
      readonly cause: CauseId;
      readonly connectionId?: string | undefined;
      readonly at?: { readonly object: string; readonly field: string; readonly values: readonly FieldValue[] } | undefined;
    };

const AT_ONCE = 500;
/** Deliveries that could not be read stand for no link: to retry one is to read it again. */
const UNREAD = causeOf({ kind: 'unread', detail: { because: 'arrived' } });

type Row = { readonly id: string; readonly recordId: string };

/** Carries out what a person decided about links, hundreds a transaction; how many it was carried out for. Asking twice does no harm. */
export async function actOnFailures(engine: Engine, of: Failures, action: FailureAction, actor: string): Promise<number> {
  if ('linkId' in of && !validate(of.linkId)) return 0;
  if ('cause' in of && of.cause === UNREAD) return action === 'retry' ? takeAllAgain(engine, of.connectionId, actor) : 0;
  let done = 0;
  for (let after: string | null = ''; after !== null; ) {
    const from: string = after;
    const some = await inTransaction(engine.hub, async (tx) => {
      const { rows, last } = await lockLinks(tx, of, action, from);
      return { last, acted: rows.length === 0 ? 0 : await ACT[action](engine, tx, rows, actor) };
    });
    after = some.last;
    done += some.acted;
  }
  return done;
}

/** The next links that an action is for, with their records locked first, as a reconcile does; `last` is where to go on, if anywhere. */
async function lockLinks(
  tx: Tx,
  of: Failures,
  action: FailureAction,
  after: string,
): Promise<{ readonly rows: readonly Row[]; readonly last: string | null }> {
  const { rows } = await sql<Row>`
    select l.id, l.record_id as "recordId" from link l
    where ${chosenBy(of)} and (${after} = '' or l.id > nullif(${after}, '')::uuid) and ${FITS[action]} order by l.id limit ${AT_ONCE}`.execute(
    tx,
  );
  await sql`select id from record where id = any(${rows.map((row) => row.recordId)}::uuid[]) order by id for update`.execute(tx);
  const { rows: still } = await sql<Row>`
    select l.id, l.record_id as "recordId" from link l where l.id = any(${rows.map((row) => row.id)}::uuid[]) and ${FITS[action]} order by l.id for update`.execute(
    tx,
  );
  return { rows: still, last: rows.length < AT_ONCE ? null : must(rows.at(-1), 'the last link').id };
}

function chosenBy(of: Failures) {
  if ('linkId' in of) return sql`l.id = ${of.linkId}::uuid`;
  const { cause, connectionId = null, at } = of;
  const held = sql`select 1 from hold h where h.link_id = l.id and h.closed_at is null and h.cause = ${cause}`;
  const chosen =
    at === undefined
      ? sql`(l.cause = ${cause} or exists (${held}))`
      : sql`exists (${held} and h.object = ${at.object} and h.field = ${at.field}
          and h.detail -> 'value' = any(${at.values.map((value) => JSON.stringify(value))}::text[]::jsonb[]))`;
  return sql`${chosen} and (${connectionId}::uuid is null or l.connection_id = ${connectionId}::uuid)`;
}

const REFUSED = sql`exists (select 1 from hold h where h.link_id = l.id and h.closed_at is null and h.kind in ('refused_field', 'refused_record'))`;
/** Which links an action makes sense for. */
const FITS = {
  retry: sql`(l.state = 'failing' or ${REFUSED})`,
  // A hold that names one field keeps that field alone back: there is nothing else to skip.
  skip: sql`(l.state = 'failing' and l.cause is distinct from ${causeOf({ link: 'failing', because: 'skipped' })}
    or exists (select 1 from hold h where h.link_id = l.id and h.closed_at is null and h.kind = 'refused_record' and h.detail ? 'digest'))`,
  exclude: sql`l.state not in ('excluded', 'gone')`,
  include: sql`l.state = 'excluded' and l.cause in (${causeOf({ link: 'excluded', because: 'hand' })}, ${causeOf({ link: 'excluded' })})`,
} as const;

type Act = (engine: Engine, tx: Tx, rows: readonly Row[], actor: string) => Promise<number>;

const ACT: Readonly<Record<FailureAction, Act>> = { retry, skip, exclude, include };

/** Nothing that was refused, or failed, stands in the way any more; the merge says anew what is due. */
async function retry(_engine: Engine, tx: Tx, rows: readonly Row[], actor: string): Promise<number> {
  await sql`
    update link set attempts = 0, given_up = null, not_before = '-infinity', due = due or (state = 'failing' and sent is null)
    where id = any(${idsOf(rows)}::uuid[])`.execute(tx);
  await closeRefusals(tx, rows, { retry: true }, actor);
  await markDirty(tx, rows);
  return rows.length;
}

async function skip(engine: Engine, tx: Tx, rows: readonly Row[], actor: string): Promise<number> {
  const set = await setAside(engine, tx, rows, {
    because: 'skipped',
    reason: `skipped by ${await nameForSentence(tx, actor)} until the record changes`,
  });
  await closeRefusals(
    tx,
    rows.filter(({ id }) => set.has(id)),
    { skip: true },
    actor,
  );
  return set.size;
}

type Why = { readonly because: 'skipped' | 'cancelled'; readonly reason: string };

/** What links lack is not written until somebody retries it. It is kept by its digest: as soon as the record wants another write, that is tried. */
export async function setAside(engine: Engine, tx: Tx, rows: readonly Row[], { because, reason }: Why): Promise<ReadonlySet<string>> {
  const digests = [...(await digestsOf(engine, tx, rows))];
  await sql`
    update link l set state = 'failing', due = false, cause = ${causeOf({ link: 'failing', because })}, reason = ${reason}, given_up = d.digest
    from unnest(${digests.map(([id]) => id)}::uuid[], ${digests.map(([, digest]) => digest)}::uuid[]) as d (id, digest) where l.id = d.id`.execute(
    tx,
  );
  return new Set(digests.map(([id]) => id));
}

/** What each link lacks now, by digest; also what a refusal holds back as a whole. */
async function digestsOf(engine: Engine, tx: Tx, rows: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(idsOf(rows));
  const records = await readRecords(
    tx,
    rows.map((row) => row.recordId),
  );
  const links = (await readLinks(tx, [...records.keys()])).filter((link) => wanted.has(link.id));
  const holds = await readHolds(tx, [...wanted]);
  const digests = new Map<string, string>();
  for (const hubObject of engine.mappings.model.keys()) {
    const streams = await entityStreams(engine, tx, hubObject);
    const refs = await readRefs(tx, streams, { links, records });
    for (const link of links) {
      const record = must(records.get(link.recordId), 'the record of a link');
      const own = planTree(record, [link], { holds, refs }, streams).links.get(link.id);
      const lacks = own !== undefined && (own.standing.kind === 'remove' || Object.keys(own.push).length > 0);
      if (lacks) digests.set(link.id, digestOf(own.push));
    }
  }
  return digests;
}

/** Nothing flows on the link any more, in either direction, until somebody includes it again. */
async function exclude(_engine: Engine, tx: Tx, rows: readonly Row[], actor: string): Promise<number> {
  const reason = `excluded by ${await nameForSentence(tx, actor)}`;
  await sql`
    update link set state = 'excluded', due = false, given_up = null, attempts = 0, cause = ${causeOf({ link: 'excluded', because: 'hand' })}, reason = ${reason}
    where id = any(${idsOf(rows)}::uuid[])`.execute(tx);
  await sql`
    update hold set closed_at = now(), closed_by = ${actor}, decision = '{"exclude":true}' where link_id = any(${idsOf(rows)}::uuid[]) and closed_at is null`.execute(
    tx,
  );
  return rows.length;
}

/** The link takes part again, with all that changed on both sides meanwhile. */
async function include(_engine: Engine, tx: Tx, rows: readonly Row[]): Promise<number> {
  await sql`update link set state = 'in_sync', cause = null, reason = null where id = any(${idsOf(rows)}::uuid[])`.execute(tx);
  await markDirty(tx, rows);
  return rows.length;
}

async function closeRefusals(tx: Tx, rows: readonly Row[], decision: object, actor: string): Promise<void> {
  await sql`
    update hold set closed_at = now(), closed_by = ${actor}, decision = ${JSON.stringify(decision)}::jsonb
    where link_id = any(${idsOf(rows)}::uuid[]) and closed_at is null and kind in ('refused_field', 'refused_record')`.execute(tx);
}

async function markDirty(tx: Tx, rows: readonly Row[]): Promise<void> {
  await sql`update record set dirty = true where id = any(${rows.map((row) => row.recordId)}::uuid[])`.execute(tx);
}

const idsOf = (rows: readonly Row[]): readonly string[] => rows.map((row) => row.id);
