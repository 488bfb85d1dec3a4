import { type Accepted, type Kept, keepDeliveries } from '../../hub/arrivals/intake.ts';
import type { Hub } from '../../hub/database.ts';
import { must } from '../../kernel/must.ts';
import type { Nudge } from '../parts.ts';

type Waiting = { readonly given: Accepted; resolve(kept: Kept): void; reject(error: unknown): void };

/** No transaction takes more than this at once. */
const TOGETHER = 500;

/**
 * Keeps deliveries before they are answered. Whatever arrives while one commit is under way is committed together with the next: under load
 * that costs few commits, and alone nothing waits.
 */
export function openIntake(hub: Hub, nudge: (job: Nudge) => Promise<void>): (given: Accepted) => Promise<Kept> {
  let line: Waiting[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (line.length > 0) {
      const some = line.slice(0, TOGETHER);
      line = line.slice(TOGETHER);
      await keep(some);
    }
    isRunning = false;
  };
  const keep = async (some: readonly Waiting[]): Promise<void> => {
    try {
      const kept = await keepDeliveries(
        hub,
        some.map(({ given }) => given),
      );
      for (const [i, one] of some.entries()) one.resolve(must(kept[i], 'what became of a delivery'));
    } catch (error) {
      for (const one of some) one.reject(error);
      return;
    }
    // The tables hold what is due: a nudge that does not arrive costs a second.
    const connections = new Set(
      some.flatMap(({ given: { connectionId, looks, arrivals = [] } }) => [
        ...(looks.length > 0 ? [connectionId] : []),
        ...arrivals.map((one) => one.connectionId),
      ]),
    );
    for (const connectionId of connections) await nudge({ name: 'tend', connectionId }).catch(() => undefined);
  };
  return (given) =>
    new Promise((resolve, reject) => {
      line.push({ given, resolve, reject });
      if (!isRunning) void run();
    });
}
