import { keepDeliveries } from '../../../src/hub/arrivals/intake.ts';
import type { Hub } from '../../../src/hub/database.ts';
import { between, chance } from '../../../src/sandbox/random.ts';
import type { SimQueue } from './queue.ts';
import type { Schedule } from './schedule.ts';

/** Where the deliveries of one account arrive. */
export type Address = { readonly connectionId: string; readonly streamId: string };

/** What vendors tell of changes by themselves: some of it never comes, some twice, some only days later, and all of it in any order. */
export type Deliveries = {
  /** A record over there has changed. */
  tell(to: Address, remoteId: string): void;
  /** What is days late comes now, all of it. */
  arriveLate(): Promise<void>;
};

type Parts = {
  readonly random: () => number;
  readonly schedule: Schedule;
  readonly queue: SimQueue;
  readonly reached: Set<string>;
  hub(): Hub;
};

export function openDeliveries({ random, schedule, queue, reached, hub }: Parts): Deliveries {
  const late: (() => Promise<void>)[] = [];
  let told = 0;
  return {
    tell(to, remoteId) {
      told += 1;
      const key = `delivery ${told}`;
      const arrive = () => keep(to, { key, remoteId });
      const soon = () => schedule.at(schedule.nowMs() + between(random, 0, 20_000), null, () => void arrive());
      const fate = random();
      if (fate < 0.2) return void reached.add('a delivery was lost');
      if (fate < 0.4) return void late.push(arrive);
      soon();
      if (!chance(random, 0.2)) return;
      reached.add('a delivery came twice');
      soon();
    },
    async arriveLate() {
      if (late.length > 0) reached.add('a delivery came more than a day late');
      for (const arrive of late.splice(0)) await arrive();
    },
  };

  async function keep({ connectionId, streamId }: Address, { key, remoteId }: { key: string; remoteId: string }): Promise<void> {
    const looks = [{ streamId, scope: 'all', remoteId }];
    await keepDeliveries(hub(), [{ connectionId, key, looks, gatherMs: 0, strangers: 0, unread: null }]);
    await queue.asJobQueue.nudge({ name: 'tend', connectionId });
  }
}
