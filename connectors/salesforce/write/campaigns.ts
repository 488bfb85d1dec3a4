import type { Writer } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { Create, FieldValue, Write, WriteOutcome } from '../../../src/contract/records.ts';
import { must } from '../../../src/kernel/must.ts';
import { isId } from '../read/by-ids.ts';
import { queryPages, selectFrom } from '../read/query.ts';
import { listsThatFit, literal } from '../read/soql.ts';
import type { Room } from '../room.ts';

const COLUMN = 'CampaignId';

/** A writer of campaign members that understands the name of a campaign where its id is wanted; one that is not there holds its members alone. */
export function byCampaignName({ client }: Pick<Room, 'client'>, writer: Writer): Writer {
  const known = new Map<string, string>();
  const learn = async (writes: readonly Write[]): Promise<void> => {
    const names = [...new Set(writes.flatMap((write) => nameIn(write) ?? []))].filter((name) => !known.has(name));
    for (const [name, id] of await idsOf(client, names)) known.set(name, id);
  };
  const named = <W extends Write>(write: W): W => {
    const id = known.get(nameIn(write) ?? '');
    return id === undefined || !('fields' in write) ? write : { ...write, fields: { ...write.fields, [COLUMN]: id } };
  };
  const isUnknown = (write: Write): boolean => nameIn(write) !== null && !known.has(nameIn(write) ?? '');
  return {
    async apply(writes, ask) {
      await learn(writes);
      const able = writes.filter((write) => !isUnknown(write));
      const done = able.length === 0 ? [] : await writer.apply(able.map(named), ask);
      const outcomes = new Map(able.map((write, i): [Write, WriteOutcome] => [write, must(done[i], 'an outcome')]));
      return writes.map((write) => outcomes.get(write) ?? { done: false, error: noCampaign(nameIn(write)) });
    },
    async recall(creates, since, ask) {
      await learn(creates);
      return writer.recall(
        creates.map((create): Create => named(create)),
        since,
        ask,
      );
    },
  };
}

const noCampaign = (name: string | null): HubError =>
  new HubError('record_rejected', `Salesforce has no campaign "${name}", or several of that name`, { fields: [COLUMN] });

/** The name that stands where an id is wanted; null when nothing stands there, or an id. */
function nameIn(write: Write): string | null {
  const value: FieldValue | undefined = 'fields' in write ? write.fields[COLUMN] : undefined;
  return typeof value === 'string' && value !== '' && !isId(value) ? value : null;
}

/** The campaigns of these names; a name that several have leads to none of them. */
async function idsOf(client: Room['client'], names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string[]>();
  const head = `${selectFrom('Campaign', ['Name'])} WHERE Name IN `;
  for (const list of names.length === 0 ? [] : listsThatFit(names, head)) {
    for await (const { rows } of queryPages(client, `${head}(${list.map(literal).join(',')})`, { all: false })) {
      for (const { id, cells } of rows) {
        const name = names.find((one) => one.toLowerCase() === String(cells.Name).toLowerCase());
        if (name !== undefined) found.set(name, [...(found.get(name) ?? []), id]);
      }
    }
  }
  return new Map([...found].flatMap(([name, ids]) => (ids.length === 1 ? [[name, must(ids[0], 'a campaign')] as const] : [])));
}
