import type { HubSpot } from '../http/client.ts';
import { identifier, list, object, texts } from '../http/shapes.ts';
import { parseAfter } from '../http/wire.ts';

type Owner = {
  readonly id: string;
  readonly userId: string | null;
  readonly email: string;
  readonly name: string;
  readonly archived: boolean;
};

/** The people whom records belong to: read once, and again only for an id that was never seen. */
export type Owners = {
  /** The active owners. */
  all(): Promise<readonly Owner[]>;
  /** E-mail by owner id, former owners included. An id that is not in it belongs to nobody whom HubSpot names. */
  emails(ids: ReadonlySet<string>): Promise<ReadonlyMap<string, string>>;
  /** The name of a user who is among the owners that were read, or null. */
  nameOfUser(userId: string): string | null;
  /** Owner id by e-mail in lower case, active owners only. */
  ids(): Promise<ReadonlyMap<string, string>>;
};

/** The owners of one portal, for as long as the connector is open. */
export function ownersOf(hubspot: HubSpot): Owners {
  let active: Promise<readonly Owner[]> | null = null;
  const byId = new Map<string, string>();
  const userNames = new Map<string, string>();
  const nobody = new Set<string>();

  const noteUsers = (owners: readonly Owner[]) => {
    for (const { userId, name } of owners) if (userId !== null && !userNames.has(userId)) userNames.set(userId, name);
  };
  const load = (): Promise<readonly Owner[]> => {
    const loading = readOwners(hubspot, false).then((owners) => {
      for (const { id, email } of owners) byId.set(id, email);
      noteUsers(owners);
      return owners;
    });
    active = loading;
    // A refusal is not the answer for ever: the next caller asks again.
    loading.catch(() => {
      if (active === loading) active = null;
    });
    return loading;
  };
  const all = () => active ?? load();

  return {
    all,
    async emails(ids) {
      const isNew = () => [...ids].filter((id) => !byId.has(id) && !nobody.has(id));
      if (ids.size > 0 && active === null) await load();
      if (isNew().length > 0) {
        // Who left still owns records; blank would be a lie.
        const former = await readOwners(hubspot, true);
        for (const { id, email } of former) if (!byId.has(id)) byId.set(id, email);
        noteUsers(former);
        if (isNew().length > 0) await load();
        for (const id of isNew()) nobody.add(id);
      }
      return byId;
    },
    nameOfUser: (userId) => userNames.get(userId) ?? null,
    async ids() {
      return new Map((await all()).map(({ id, email }) => [email.toLowerCase(), id]));
    },
  };
}

async function readOwners(hubspot: HubSpot, archived: boolean): Promise<readonly Owner[]> {
  const owners: Owner[] = [];
  let after: string | null = null;
  do {
    const query: [string, string][] = [
      ['limit', '100'],
      ...(after === null ? [] : [['after', after] as [string, string]]),
      ['archived', String(archived)],
    ];
    const { body } = await hubspot.get(hubspot.paths.owners(), query);
    const { results, paging } = object(body, 'owners');
    owners.push(...list(results, 'owners.results').flatMap(parseOwner(archived)));
    after = parseAfter(paging);
  } while (after !== null);
  return owners;
}

// A queue owns records too, but has no e-mail to be known by.
const parseOwner =
  (archived: boolean) =>
  (raw: unknown): Owner[] => {
    const { id, email, firstName, lastName, userId, userIdIncludingInactive } = object(raw, 'owner');
    if (typeof email !== 'string' || email === '') return [];
    const name = [firstName, lastName].filter((part) => typeof part === 'string' && part !== '').join(' ');
    // In lower case, as every system shows owners: their spelling is no difference.
    const known = { id: identifier(id, 'owner.id'), userId: texts(userIdIncludingInactive ?? userId)[0] ?? null };
    return [{ ...known, email: email.trim().toLowerCase(), name: name === '' ? email : name, archived }];
  };
