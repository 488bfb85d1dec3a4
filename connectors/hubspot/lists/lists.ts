import { HubError } from '../../../src/contract/errors.ts';
import type { HubSpot } from '../http/client.ts';
import { identifier, list, object, textOr, texts } from '../http/shapes.ts';

const CONTACTS = '0-1';
/** The most ids that one call adds or removes. HubSpot documents no limit; this many are quick. */
export const MEMBERS_MAX = 1000;
const PAGE_MAX = '250';

/** The static lists of contacts of a portal. */
export type Lists = {
  /** The id of the list of that name, or of that id; null when there is none. One whose members follow from filters is refused. */
  find(nameOrId: string): Promise<string | null>;
  make(name: string): Promise<void>;
  /** Adds contacts; those that were not on it before, and those that HubSpot does not know. */
  add(listId: string, ids: readonly string[]): Promise<{ readonly added: ReadonlySet<string>; readonly missing: ReadonlySet<string> }>;
  /** Who is not on it stays so. */
  remove(listId: string, ids: readonly string[]): Promise<void>;
  /** Everybody who is on it; null when there is no such list. */
  members(listId: string): Promise<ReadonlySet<string> | null>;
};

export function openLists(hubspot: HubSpot): Lists {
  const { paths } = hubspot;
  const known = new Map<string, string>();
  const find = async (nameOrId: string): Promise<string | null> => {
    const isId = /^\d+$/.test(nameOrId);
    const named = `/object-type-id/${CONTACTS}/name/${encodeURIComponent(nameOrId)}`;
    const reply = (isId ? await hubspot.find(paths.lists(`/${nameOrId}`)) : null) ?? (await hubspot.find(paths.lists(named)));
    return reply === null ? null : staticList(reply.body, nameOrId);
  };
  return {
    async find(nameOrId) {
      const id = known.get(nameOrId) ?? (await find(nameOrId));
      if (id !== null) known.set(nameOrId, id);
      return id;
    },
    make: async (name) => void (await hubspot.tell(paths.lists(), { name, objectTypeId: CONTACTS, processingType: 'MANUAL' })),
    async add(listId, ids) {
      const { body } = await hubspot.put(paths.lists(`/${listId}/memberships/add`), ids);
      // HubSpot spells the two in its own way.
      const { recordsIdsAdded, recordIdsMissing } = object(body, 'the answer to new members');
      return { added: new Set(texts(recordsIdsAdded)), missing: new Set(texts(recordIdsMissing)) };
    },
    remove: async (listId, ids) => void (await hubspot.put(paths.lists(`/${listId}/memberships/remove`), ids)),
    members: (listId) => readMembers(hubspot, listId),
  };
}

function staticList(body: unknown, name: string): string {
  const { listId, processingType, objectTypeId } = object(object(body, 'a list').list, 'a list');
  if (textOr(processingType, '') === 'DYNAMIC')
    throw new HubError('record_rejected', `The members of the list "${name}" follow from its filters in HubSpot: nobody can be put on it`);
  if (textOr(objectTypeId, '') !== CONTACTS) throw new HubError('record_rejected', `"${name}" is no list of contacts in HubSpot`);
  return identifier(listId, 'listId');
}

async function readMembers({ find, paths }: HubSpot, listId: string): Promise<ReadonlySet<string> | null> {
  const members = new Set<string>();
  let after: string | null = '';
  while (after !== null) {
    const query: [string, string][] = [['limit', PAGE_MAX], ...(after === '' ? [] : [['after', after] as [string, string]])];
    const reply = await find(paths.lists(`/${listId}/memberships`), query);
    if (reply === null) return null;
    const { results, paging } = object(reply.body, 'members of a list');
    for (const one of list(results, 'members of a list')) members.add(identifier(object(one, 'a member').recordId, 'recordId'));
    after = paging === undefined ? null : identifier(object(object(paging, 'paging').next, 'the next page').after, 'after');
  }
  return members;
}
