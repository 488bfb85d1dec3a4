import type { Services } from '../services.ts';
import { findRecords } from '../sync/explain.ts';
import { archiveRecord, REMOVE_FROM, type RemoveFrom, restoreRecord } from '../sync/presence-by-hand.ts';

/** Who a removal at the command line is journalled as. */
const ACTOR = 'command line';

/** Takes a record out of use: by its id, or any id, e-mail address, or phone number that leads to one alone. */
export async function archiveCommand(services: Services, who: string, { object, from }: { object: string; from: string }): Promise<number> {
  const place = REMOVE_FROM.find((one) => one === from);
  if (place === undefined) return fail(`Say where it goes from: ${REMOVE_FROM.join(', ')}.`);
  return withRecord(services, { who, object }, (id) => archive(services, id, place));
}

async function archive(services: Services, id: string, from: RemoveFrom): Promise<number> {
  const done = await archiveRecord(services.engine, id, { from, actor: ACTOR });
  return typeof done === 'object' ? fail(done.refused) : say(`archived ${id}; bring it back with: syncline restore ${id}`);
}

/** Brings a record back into use, and makes it again wherever it was removed. */
export function restoreCommand(services: Services, who: string, { object }: { object: string }): Promise<number> {
  return withRecord(services, { who, object }, async (id) => {
    const done = await restoreRecord(services.engine, id, ACTOR);
    return typeof done === 'object' ? fail(done.refused) : say(`restored ${id}`);
  });
}

async function withRecord(
  { engine }: Services,
  { who, object }: { readonly who: string; readonly object: string },
  work: (id: string) => Promise<number>,
): Promise<number> {
  const [id, ...others] = await findRecords(engine, object, who);
  if (id === undefined) return fail(`There is no ${object} that ${who} leads to.`);
  return others.length > 0 ? fail(`${who} leads to ${others.length + 1} records: ${[id, ...others].join(', ')}.`) : work(id);
}

function say(line: string): number {
  process.stdout.write(`${line}\n`);
  return 0;
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}
