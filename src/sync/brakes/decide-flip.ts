import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { must } from '../../kernel/must.ts';
import type { Base } from '../../merge/merge-field.ts';
import { judgeLink } from '../../merge/merge-record.ts';
import type { Engine } from '../engine.ts';
import { readRefs } from '../reconciling/refs.ts';
import { readHolds, readLinks, readRecords, treeOf } from '../reconciling/trees.ts';
import { entityStreams, streamKey } from '../streams.ts';

/** A field of a record that is frozen since it went back and forth. */
export type Frozen = { readonly recordId: string; readonly object: string; readonly field: string };

/** Lets a frozen field flow again as the rules say. */
export async function releaseFlip(tx: Tx, { recordId }: Pick<Frozen, 'recordId'>): Promise<void> {
  await sql`update record set dirty = true where id = ${recordId}`.execute(tx);
}

/**
 * Lets the value that the hub holds now stand, whatever the rules and the clocks over there say: as if each system had shown its own before the hub
 * was changed.
 */
export async function letStand(engine: Engine, tx: Tx, { recordId, object, field }: Frozen): Promise<void> {
  const records = await readRecords(tx, [recordId], { lock: true });
  const links = await readLinks(tx, [recordId]);
  const streams = await entityStreams(engine, tx, object);
  const holds = await readHolds(
    tx,
    links.map(({ id }) => id),
  );
  const refs = await readRefs(tx, streams, { links, records });
  const record = must(records.get(recordId), 'the record of a frozen field');
  const trees = links.flatMap((link) => {
    const stream = streams.get(streamKey(link.connectionId, link.object));
    return stream === undefined ? [] : [treeOf(link, stream, { holds, refs, record })];
  });
  const bases = trees.flatMap((link): readonly { id: string; base: Base }[] => {
    const shown = judgeLink({ ...record, recordId, links: trees }, link).find(({ line }) => line.hub === field)?.trees.remote;
    return shown === undefined ? [] : [{ id: link.linkId, base: { hub: shown, remote: shown } }];
  });
  await sql`
    update link l set base = l.base || jsonb_build_object(${field}::text, b.base::jsonb)
    from unnest(${bases.map(({ id }) => id)}::uuid[], ${bases.map(({ base }) => JSON.stringify(base))}::text[]) as b (id, base) where l.id = b.id`.execute(
    tx,
  );
  await sql`
    update record set dirty = true, stamps = stamps || jsonb_build_object(${field}::text,
      jsonb_build_array(to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'hub')) where id = ${recordId}`.execute(
    tx,
  );
}
