import { HubError } from '../../contract/errors.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { Hub, Tx } from '../../hub/database.ts';
import { addUsage, lockAllowance, writeAllowance } from '../../hub/limits/allowances.ts';
import { type Day, dayOf, leftOf } from '../../hub/limits/day.ts';
import { takeSlices, type Want } from '../../hub/limits/ledger.ts';
import type { Allowance, Told } from './allowance.ts';

/** Whose calls are counted: a connection's, of a vendor that counts a day or does not, made by one process. */
export type Account = { readonly connectionId: string; readonly name: string; readonly day: Manifest['day']; readonly holder: string };

/** The account that all processes share: one row for each connection, asked once for several calls. */
export function storedAllowance(hub: Hub, account: Account): Allowance {
  return {
    ahead: true,
    take: async (wants, told) => {
      // What has been counted stays so, also when nothing more is to be had.
      const answer = await hub.transaction().execute((tx) => takeStored(tx, account, wants, told));
      if (answer.spent !== null) throw answer.spent;
      return answer;
    },
  };
}

type Answer = { readonly calls: readonly number[]; readonly waitMs: number; readonly spent: HubError | null };

async function takeStored(tx: Tx, account: Account, wants: readonly Want[], told: Told): Promise<Answer> {
  const { connectionId, holder } = account;
  const row = await lockAllowance(tx, connectionId);
  if (row === undefined) return { calls: wants.map(() => 0), waitMs: 0, spent: new HubError('misconfigured', 'The connection is gone') };
  await addUsage(tx, connectionId, -told.unused);
  const known = { ...row, ends: account.day?.ends ?? null };
  const counted = account.day === undefined ? null : await dayOf(tx, connectionId, known);
  const heard = told.day === undefined || counted === null ? row.day : { ...told.day, ours: counted.ours, atMs: row.nowMs };
  const day = counted === null || heard === row.day ? counted : await dayOf(tx, connectionId, { ...known, day: heard });
  const spent = day === null || wants.length === 0 || told.inHand > 0 ? null : spentError(account, day);
  const left = day === null ? Number.POSITIVE_INFINITY : Math.min(...Object.values(leftOf(day))) + told.inHand;
  const capped = wants.map((want) => ({ ...want, atOnce: Math.min(want.atOnce, left) }));
  const taken = spent === null ? takeSlices(row.ledger, { holder, nowMs: row.nowMs }, capped) : null;
  await writeAllowance(tx, connectionId, { ledger: taken?.ledger ?? row.ledger, day: heard, ends: known.ends });
  const wide = wants.findIndex(({ window }) => window.startsWith('/'));
  await addUsage(tx, connectionId, taken?.calls[wide] ?? 0);
  return { calls: taken?.calls ?? wants.map(() => 0), waitMs: taken?.waitMs ?? 0, spent };
}

/** What to say when nothing is left: of the hub's share, or of the vendor's day. */
function spentError({ name }: Account, day: Day): HubError | null {
  const left = leftOf(day);
  const again = { retryAfterMs: day.resetsInMs };
  if (left.share <= 0) {
    const told = `The hub has used its share of the day in ${name}: ${day.percent} % of ${day.max ?? 0} calls. It goes on at ${day.resetsAt}`;
    return new HubError('quota_spent', told, { code: 'SHARE_SPENT', ...again });
  }
  if (left.day > 0) return null;
  const told = `All ${day.max ?? 0} calls of the day in ${name} are used, ${day.others} of them by others. It goes on at ${day.resetsAt}`;
  return new HubError('quota_spent', told, { code: 'DAY_SPENT', ...again });
}
