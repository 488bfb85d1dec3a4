import type { Command } from 'commander';
import { sql } from 'kysely';
import { createApiKey } from '../http/security/access.ts';
import { noteAudit } from '../hub/access/audit.ts';
import { ROLES, type Role } from '../hub/tables/access.ts';
import type { Services } from '../services.ts';
import { COMMAND_LINE } from './command-line.ts';

type WithServices = (work: (services: Services) => Promise<number>) => Promise<void>;

const DAY_MS = 86_400_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const fail = (line: string): number => {
  process.stderr.write(`${line}\n`);
  return 1;
};

/** `syncline key`: keys for the API. */
export function addKeys(program: Command, withServices: WithServices): void {
  const key = program.command('key').description('keys for the API');
  key
    .command('create')
    .description('make a key, and print it this once')
    .requiredOption('--name <name>')
    .option('--role <role>', ROLES.join(', '), 'admin')
    .option('--days <n>', 'how long it is good for; without it, until it is revoked')
    .action((options: { name: string; role: string; days?: string }) => withServices((services) => create(services, options)));
  key
    .command('list')
    .description('the keys there are, without their secrets')
    .action(() => withServices(list));
  key
    .command('revoke <id>')
    .description('make a key good for nothing')
    .action((id: string) => withServices((services) => revoke(services, id)));
}

async function create({ hub }: Services, { name, role: wanted, days }: { name: string; role: string; days?: string }): Promise<number> {
  const role = ROLES.find((one): one is Role => one === wanted);
  if (role === undefined) return fail(`There is no role "${wanted}". There are: ${ROLES.join(', ')}.`);
  if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days)) return fail(`--days is a whole number, and is "${days}".`);
  const expiresAt = days === undefined ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
  const { id, secret } = await createApiKey(hub, { name, role, expiresAt });
  await noteAudit(hub, { ...COMMAND_LINE, action: 'post /api-keys', subjects: [id], detail: { role } }, 201);
  say(secret);
  return 0;
}

async function list({ hub }: Services): Promise<number> {
  const keys = await hub.selectFrom('api_key').select(['id', 'name', 'role', 'hint', 'expires_at', 'last_used_at']).orderBy('id').execute();
  for (const { id, name, role, hint, expires_at, last_used_at } of keys)
    say(
      [
        id,
        role,
        hint,
        name,
        last_used_at === null ? 'not used yet' : `used ${last_used_at.toISOString()}`,
        expires_at === null ? '' : `until ${expires_at.toISOString()}`,
      ]
        .filter((part) => part !== '')
        .join('  '),
    );
  if (keys.length === 0) say('There is no key yet.');
  return 0;
}

async function revoke({ hub }: Services, id: string): Promise<number> {
  const { numDeletedRows } = await hub.deleteFrom('api_key').where(sql`id::text`, '=', id).executeTakeFirstOrThrow();
  if (numDeletedRows === 0n) return fail('There is no such key.');
  await noteAudit(hub, { ...COMMAND_LINE, action: 'delete /api-keys/{id}', subjects: [id] }, 204);
  say('It is good for nothing any more.');
  return 0;
}
