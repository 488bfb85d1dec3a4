import { findConnection, listConnections } from '../hub/connections/connections.ts';
import { readAllowances, setDailyShare } from '../hub/limits/allowances.ts';
import { type Day, daysOf } from '../hub/limits/day.ts';
import type { Services } from '../services.ts';

const many = (calls: number): string => calls.toLocaleString('en');

/** What was used of a vendor's day, and what the hub may use. */
export function quotaInWords({ max, ours, others, share, percent, resetsAt }: Day): string {
  if (max === null || share === null) return `${many(ours)} calls within the last 24 hours; this system has told of no limit for a day`;
  return `${many(ours)} of its ${many(share)} calls today (${percent} % of ${many(max)}); others ${many(others)}; more from ${resetsAt}`;
}

/** Shows what each connection has used of its vendor's day, or sets the hub's share of it. */
export async function limitsCommand(services: Services, name: string | undefined, share: string | undefined): Promise<number> {
  const { hub } = services;
  const connection = name === undefined ? undefined : await findConnection(hub, name);
  if (name !== undefined && connection === undefined) return fail(`There is no connection "${name}".`);
  if (share !== undefined) {
    const percent = Number(share);
    if (connection === undefined) return fail('Say which connection the share is for.');
    if (!Number.isInteger(percent) || percent < 1 || percent > 100) return fail('A share is a whole number of percent from 1 to 100.');
    await setDailyShare(hub, connection.id, percent);
  }
  const days = await daysOf(hub, await readAllowances(hub));
  for (const each of await listConnections(hub)) {
    const day = days.get(each.id);
    if (day !== undefined && (connection === undefined || connection.id === each.id))
      process.stdout.write(`${each.name}: ${quotaInWords(day)}\n`);
  }
  return 0;
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}
