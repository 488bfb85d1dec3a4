import type { Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { Identified } from '../../merge/recognise.ts';
import type { Batch } from './batch.ts';
import type { LinkRow } from './link-row.ts';
import type { RecordRow } from './rows.ts';
import { readLinks, readRecords } from './trees.ts';

type Trees = Pick<Batch, 'identified'> & { readonly records: Map<string, RecordRow>; readonly links: readonly LinkRow[] };

/**
 * Locks what is claimed and who strangers are, and reads it. Until a record is locked another worker may give it a place of its own, which is then
 * the one that a stranger takes.
 */
export async function claimTrees(
  tx: Tx,
  claimed: ReadonlySet<string>,
  identifyStrangers: () => Promise<readonly Identified[]>,
): Promise<Trees> {
  for (;;) {
    const identified = await identifyStrangers();
    const ids = [...claimed.union(new Set(identified.flatMap((one) => (one.kind === 'known' ? [one.recordId] : []))))];
    const records = await readRecords(tx, ids, { lock: true });
    const links = await readLinks(tx, ids);
    if (identified.some((one) => isOvertaken(one, links))) continue;
    for (const one of identified) {
      if (one.kind === 'new') records.set(one.recordId, { id: one.recordId, fields: {}, stamps: {}, archived: null, fresh: true });
    }
    return { identified, records, links: withIdentified(links, identified, records) };
  }
}

/** Whether the place that a stranger was to have is another one by now. */
const isOvertaken = (one: Identified, links: readonly LinkRow[]): boolean =>
  one.kind === 'known' &&
  links.some(
    ({ id, recordId, connectionId, object }) =>
      recordId === one.recordId && connectionId === one.stranger.connectionId && object === one.stranger.object && id !== one.fill,
  );

/** Links as they will be: with those that identification has found or filled. */
function withIdentified(
  links: readonly LinkRow[],
  identified: readonly Identified[],
  records: ReadonlyMap<string, RecordRow>,
): readonly LinkRow[] {
  const byId = new Map(links.map((link) => [link.id, link]));
  for (const one of identified) {
    if (one.kind !== 'new' && one.kind !== 'known') continue;
    const { stranger, recordId } = one;
    const waiting = one.kind === 'known' && one.fill !== null ? byId.get(one.fill) : undefined;
    const link: LinkRow = {
      id: waiting?.id ?? newId(),
      connectionId: stranger.connectionId,
      object: stranger.object,
      remoteId: stranger.remoteId,
      recordId,
      base: {},
      sent: null,
      expected: null,
      // Whoever turns up for a record that is out of use brings it back.
      state: records.get(recordId)?.archived == null ? 'in_sync' : 'gone',
      reason: null,
      due: false,
      givenUp: null,
      braked: [],
      lane: 0,
      waitsFor: [],
      seen: stranger.fields,
      changedAt: stranger.changedAt,
      gone: false,
      removal: null,
      goneBy: null,
      cause: null,
      runId: stranger.runId,
      changedBy: stranger.changedBy,
      evidence: one.kind === 'known' ? { matched: one.evidence } : { made: 'record' },
    };
    byId.set(link.id, link);
  }
  return [...byId.values()];
}
