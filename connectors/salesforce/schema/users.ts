import type { Client } from '../http/client.ts';
import { parseUsers, type User } from '../http/wire.ts';
import { queryPath } from '../read/soql.ts';

/** The active users of the org: asked for when first needed, and again on `refresh`. */
export type Users = {
  list(): Promise<readonly User[]>;
  refresh(): Promise<readonly User[]>;
};

async function readUsers(client: Client): Promise<readonly User[]> {
  const all: User[] = [];
  let path: string | null = queryPath('SELECT Id, Email, Name FROM User WHERE IsActive = true', { all: false });
  while (path !== null) {
    const { body } = await client.send({ method: 'GET', path });
    const { users, next }: ReturnType<typeof parseUsers> = parseUsers(body);
    all.push(...users);
    path = next;
  }
  return all;
}

/** Opens the list of users. */
export function openUsers(client: Client): Users {
  let listed: Promise<readonly User[]> | null = null;
  function refresh(): Promise<readonly User[]> {
    const asked = readUsers(client);
    listed = asked;
    asked.catch(() => {
      if (listed === asked) listed = null;
    });
    return asked;
  }
  return { list: () => listed ?? refresh(), refresh };
}
