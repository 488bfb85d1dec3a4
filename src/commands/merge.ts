import type { Services } from '../services.ts';
import { mergeRecords } from '../sync/merging/merge-records.ts';
import { type MergePreview, previewMerge } from '../sync/merging/preview-merge.ts';
import { unmerge } from '../sync/merging/unmerge.ts';
import { inTransaction } from '../sync/transaction.ts';

/** Who a merge at the command line is journalled as. */
const ACTOR = 'command line';

/** Merges one record of the hub into another, or prints what that would do. */
export async function mergeCommand(services: Services, pair: { winner: string; loser: string }, preview: boolean): Promise<number> {
  const { engine } = services;
  if (preview) {
    const shown = await previewMerge(engine, pair.winner, pair.loser);
    if ('refused' in shown) return fail(shown.refused);
    process.stdout.write(asText(shown));
    return 0;
  }
  const done = await inTransaction(engine.hub, (tx) =>
    mergeRecords(engine, tx, { winnerId: pair.winner, loserId: pair.loser, cause: 'steward', actor: ACTOR }),
  );
  if ('refused' in done) return fail(done.refused);
  process.stdout.write(`merged ${done.loserId} into ${done.winnerId}; take it back with: syncline unmerge ${done.mergingId}\n`);
  return 0;
}

/** Takes a merge back. */
export async function unmergeCommand(services: Services, mergingId: string): Promise<number> {
  const done = await unmerge(services.engine, mergingId, ACTOR);
  if (done === 'not_found') return fail('There is no such merge.');
  if (typeof done === 'object') return fail(done.refused);
  process.stdout.write(`took the merge ${mergingId} back\n`);
  return 0;
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}

const show = (value: unknown): string => (value === null ? '(blank)' : JSON.stringify(value));

const FATES = { kept: 'stays in step', aside: 'is put aside', proposed: 'is put aside; merging the two there is proposed' } as const;

function asText(preview: MergePreview): string {
  const { winner, loser, hindrance } = preview;
  const fields = preview.fields.map((one) => {
    const from = `${show(one.winner)} and ${show(one.loser)} -> ${show(one.result)}`;
    return `  ${one.field}: ${from}${one.rule === null ? '' : ` (${one.rule})`}`;
  });
  const links = preview.links.map(
    (link) => `  ${link.connection} ${link.remoteId ?? '(not there yet)'} of the ${link.of} ${FATES[link.becomes]}`,
  );
  const lines = [
    `${loser.title} (${loser.id}) would be merged into ${winner.title} (${winner.id})`,
    ...fields,
    ...links,
    `  ${preview.responses} responses and ${preview.references} references would move`,
    ...(hindrance === null ? [] : [`  not now: ${hindrance}`]),
  ];
  return `${lines.join('\n')}\n`;
}
