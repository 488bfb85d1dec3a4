import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { webhookAddress } from '../http/webhooks/receive.ts';
import { findConnection } from '../hub/connections/connections.ts';
import { endSubscription, wantSubscription } from '../hub/connections/subscriptions.ts';
import { webhookOf } from '../hub/views/webhooks.ts';
import type { Services } from '../services.ts';

type WithServices = (work: (services: Services) => Promise<number>) => Promise<void>;
type WebhookOptions = { readonly secret?: string; readonly subscribe?: boolean; readonly off?: boolean };

export function addWebhook(program: Command, withServices: WithServices): void {
  program
    .command('webhook <connection>')
    .description('where a system sends its webhooks, and what became of them')
    .option('--secret <secret>', 'what they are signed with; from then on they are accepted')
    .option('--subscribe', 'ask the vendor for them by itself, and keep it so')
    .option('--off', 'accept none any more, and take back what the vendor was asked for')
    .action((name: string, options: WebhookOptions) => withServices((services) => webhookCommand(services, name, options)));
}

async function webhookCommand(
  { hub, engine, config }: Services,
  name: string,
  { secret, subscribe, off }: WebhookOptions,
): Promise<number> {
  const connection = await findConnection(hub, name);
  if (connection === undefined) return fail(`There is no connection "${name}".`);
  if (engine.connectors.get(connection.connector)?.manifest.webhooks === undefined)
    return fail(`${name} tells nothing by itself that the hub could read: it is asked at its rhythm.`);
  if (secret !== undefined && off === true) return fail('Say --secret or --off, not both.');
  const traits = engine.connectors.get(connection.connector)?.manifest.webhooks;
  if (subscribe === true && traits?.subscribe !== 'api') return fail(`${name} has to be told over there, by hand.`);
  if (secret !== undefined || off === true) await engine.vault.storeWebhookSecret(connection.id, secret ?? null);
  if (off === true) await endSubscription(hub, connection.id);
  if (subscribe === true) {
    const isSet = (await engine.vault.webhookSecret(connection.id)) !== null;
    if (!isSet && traits?.secret.byHub !== true)
      return fail(`Say what they are signed with: --secret <${traits?.secret.label ?? 'secret'}>`);
    if (!isSet) await engine.vault.storeWebhookSecret(connection.id, randomBytes(24).toString('base64url'));
    await wantSubscription(hub, connection.id, webhookAddress(config.publicUrl, connection.id));
    process.stdout.write('asked for with the next look at the connection\n');
  }
  const { secretSetAt, subscription, day } = await webhookOf(hub, connection.id);
  process.stdout.write(`${webhookAddress(config.publicUrl, connection.id)}\n`);
  if (secretSetAt === null) process.stdout.write('no webhook is accepted before it is known what it is signed with: --secret <secret>\n');
  else
    process.stdout.write(
      `last 24 hours: ${Object.entries(day)
        .map(([what, n]) => `${n} ${what}`)
        .join(', ')}\n`,
    );
  if (subscription !== null)
    process.stdout.write(
      `${subscription.kept} registrations stand, ${subscription.mended} mended${subscription.reason === null ? '' : `; ${subscription.reason}`}\n`,
    );
  return 0;
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}
