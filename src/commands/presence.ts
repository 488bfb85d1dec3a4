import type { Services } from '../services.ts';
import { findRecords } from '../sync/explain/explain.ts';
import { personalIdOf } from '../sync/responses/personal-id.ts';
import { archiveRecord, REMOVE_FROM, restoreRecord } from '../sync/steward/presence-by-hand.ts';

/** Who a removal at the command line is journalled as. */
const ACTOR = 'command line';

type Who = { readonly object: string; readonly who: string };

/** Takes a record out of use: by its id, or any id, e-mail address, or phone number that leads to one alone. */
export async function archiveCommand(services: Services, who: Who, from: string): Promise<number> {
  const place = REMOVE_FROM.find((one) => one === from);
  if (place === undefined) return fail(`Say where it goes from: ${REMOVE_FROM.join(', ')}.`);
  return withRecord(services, who, async (id) => {
    const done = await archiveRecord(services.engine, id, { from: place, actor: ACTOR });
    return typeof done === 'object' ? fail(done.refused) : say(`archived ${id}; bring it back with: syncline restore ${who.object} ${id}`);
  });
}

/** Brings a record back into use, and makes it again wherever it was removed. */
export function restoreCommand(services: Services, who: Who): Promise<number> {
  return withRecord(services, who, async (id) => {
    const done = await restoreRecord(services.engine, id, ACTOR);
    return typeof done === 'object' ? fail(done.refused) : say(`restored ${id}`);
  });
}

/** Prints the id that goes into the survey links of a contact, or a link with it in the place of `{id}`. */
export function personalIdCommand(services: Services, who: Who, link: string | undefined): Promise<number> {
  return withRecord(services, who, async (recordId) => {
    const id = await personalIdOf(services.engine, recordId);
    return id === null ? fail(`${recordId} has become another record.`) : say(link === undefined ? id : link.replaceAll('{id}', id));
  });
}

async function withRecord({ engine }: Services, { object, who }: Who, work: (id: string) => Promise<number>): Promise<number> {
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
