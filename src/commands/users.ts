import type { Command } from 'commander';
import { createSignInLink } from '../http/security/access.ts';
import {
  changeOperator,
  dropTwoFactor,
  listOperators,
  makeOperator,
  type OperatorRow,
  operatorByEmail,
} from '../http/security/operators.ts';
import { endSessions } from '../http/security/sessions.ts';
import { type AuditLine, noteAudit } from '../hub/access/audit.ts';
import { ROLES, type Role } from '../hub/tables/access.ts';
import type { Services } from '../services.ts';
import { COMMAND_LINE } from './command-line.ts';

type WithServices = (work: (services: Services) => Promise<number>) => Promise<void>;
const ALL = { after: null, limit: 1000 };

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const fail = (line: string): number => {
  process.stderr.write(`${line}\n`);
  return 1;
};

/** `syncline user`: who may work with this hub; the way back in, too, when nobody can sign in any more. */
export function addUsers(program: Command, withServices: WithServices): void {
  const user = program.command('user').description('who may work with this hub, and what they may do');
  user
    .command('list')
    .description('everybody, with role and standing')
    .action(() => withServices(list));
  user
    .command('invite <email>')
    .description('print a link that signs them in once, within the hour; also for who is there already')
    .option('--name <name>')
    .option('--role <role>', ROLES.join(', '), 'viewer')
    .action((email: string, options: { name?: string; role: string }) => withServices((services) => invite(services, email, options)));
  user
    .command('role <email> <role>')
    .description(`give somebody another role: ${ROLES.join(', ')}`)
    .action((email: string, role: string) => withServices((services) => changeRole(services, email, role)));
  const act = (name: string, about: string, work: (services: Services, operator: OperatorRow) => Promise<number>) =>
    user
      .command(`${name} <email>`)
      .description(about)
      .action((email: string) => withServices((services) => forOne(services, email, (operator) => work(services, operator))));
  act('disable', 'switch somebody off: out at once, and in nowhere', (services, operator) => turn(services, operator, true));
  act('enable', 'switch somebody on again', (services, operator) => turn(services, operator, false));
  act('sign-out', 'end all sessions of somebody, at once', signOut);
  act('reset-two-factor', 'take away the second factor of somebody who has lost it', resetFactor);
}

async function list({ hub }: Services): Promise<number> {
  const { items } = await listOperators(hub, ALL);
  for (const { email, role, name, disabled_at, two_factor_enabled, last_sign_in_at } of items) {
    const marks = [...(disabled_at === null ? [] : ['switched off']), ...(two_factor_enabled ? ['second factor'] : [])];
    const seen = last_sign_in_at === null ? 'has not signed in yet' : `signed in ${last_sign_in_at.toISOString()}`;
    say([role, email, name, ...marks, seen].join('  '));
  }
  return 0;
}

async function invite(services: Services, email: string, { name, role: wanted }: { name?: string; role: string }): Promise<number> {
  const { hub, config } = services;
  const role = roleIn(wanted);
  if (role === undefined) return noRole(wanted);
  const known = await operatorByEmail(hub, email);
  const operator = known ?? (await makeOperator(hub, { name: name ?? email, email, role }, null));
  if (known === undefined) await note(services, 'post /operators', operator, { role });
  say(await createSignInLink(hub, config.publicUrl, { email: operator.email }));
  return 0;
}

async function changeRole(services: Services, email: string, wanted: string): Promise<number> {
  const role = roleIn(wanted);
  if (role === undefined) return noRole(wanted);
  return forOne(services, email, async (operator) => {
    const changed = await changeOperator(services.hub, operator.id, { role });
    if (changed === 'last_admin') return lastAdmin();
    await note(services, 'patch /operators/{id}', operator, { role });
    return 0;
  });
}

async function turn(services: Services, operator: OperatorRow, disabled: boolean): Promise<number> {
  if ((await changeOperator(services.hub, operator.id, { disabled })) === 'last_admin') return lastAdmin();
  await note(services, 'patch /operators/{id}', operator, { disabled });
  return 0;
}

async function signOut(services: Services, operator: OperatorRow): Promise<number> {
  say(`Sessions ended: ${await endSessions(services.hub, operator.id)}`);
  await note(services, 'delete /operators/{id}/sessions', operator);
  return 0;
}

async function resetFactor(services: Services, operator: OperatorRow): Promise<number> {
  if (!(await dropTwoFactor(services.hub, operator.id))) return fail('There is no second factor.');
  await note(services, 'delete /operators/{id}/two-factor', operator);
  return 0;
}

async function forOne({ hub }: Services, email: string, work: (operator: OperatorRow) => Promise<number>): Promise<number> {
  const operator = await operatorByEmail(hub, email);
  return operator === undefined ? fail(`No operator has the e-mail ${email}.`) : work(operator);
}

async function note({ hub }: Services, action: string, { id }: OperatorRow, detail: AuditLine['detail'] = {}): Promise<void> {
  await noteAudit(hub, { ...COMMAND_LINE, action, subjects: [id], detail }, 200);
}

const roleIn = (text: string): Role | undefined => ROLES.find((one): one is Role => one === text);
const noRole = (text: string): number => fail(`There is no role "${text}". There are: ${ROLES.join(', ')}.`);
const lastAdmin = (): number => fail('This is the only admin. Make another one first.');
