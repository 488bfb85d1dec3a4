import { chunk } from '../../../src/kernel/lists.ts';
import { identifier, instantOrNull, isObject, list, object } from '../http/shapes.ts';
import { OWNER_FIELD, OWNER_PROPERTY } from '../object-types.ts';
import { isVirtual, type Room } from '../room.ts';
import { latest } from './times.ts';

// Half of what a batch takes without history.
const HISTORY_MAX = 50;

type Times = Readonly<Record<string, string>>;

/** When each field came to hold its value, from the history that HubSpot keeps of properties: one request for each fifty records. */
export async function readFieldTimes(room: Room, ids: readonly string[], fields: readonly string[]): Promise<ReadonlyMap<string, Times>> {
  const { hubspot, type } = room;
  const propertyOf = new Map(
    fields.filter((field) => !isVirtual(type, field)).map((field) => [field, field === OWNER_FIELD ? OWNER_PROPERTY : field]),
  );
  const found = new Map<string, Times>();
  if (propertyOf.size === 0) return found;
  const possible = [...new Set(ids)].filter((id) => /^\d+$/.test(id));
  for (const part of chunk(possible, HISTORY_MAX)) {
    const { body } = await hubspot.ask(hubspot.paths.objects(type.name, '/batch/read'), {
      inputs: part.map((id) => ({ id })),
      properties: ['hs_object_id'],
      propertiesWithHistory: [...new Set(propertyOf.values())],
    });
    for (const raw of list(object(body, 'batch answer').results ?? [], 'results')) {
      const { id, propertiesWithHistory } = object(raw, 'record');
      const own = identifier(id, 'record.id');
      // An id that was merged away may be answered with its survivor, whose history is another's.
      if (part.includes(own)) found.set(own, timesIn(propertiesWithHistory, propertyOf));
    }
  }
  return found;
}

function timesIn(history: unknown, propertyOf: ReadonlyMap<string, string>): Times {
  const versions = isObject(history) ? history : {};
  return Object.fromEntries(
    [...propertyOf].flatMap(([field, property]) => {
      const times = list(versions[property] ?? [], `the history of ${property}`).map((one) =>
        instantOrNull(object(one, 'version').timestamp),
      );
      const at = latest(times);
      return at === null ? [] : [[field, at] as const];
    }),
  );
}
