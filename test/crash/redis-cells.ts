import { goOn } from './blows.ts';
import { type Blow, type Cell, strike } from './cell.ts';
import { type OwnRedis, openRedis } from './redis.ts';
import { ONE_A_STEP } from './spots.ts';
import { until } from './until.ts';

type RedisBlow = { readonly name: string; fall(redis: OwnRedis): Blow };

const BLOWS: readonly RedisBlow[] = [
  {
    name: 'FLUSHALL',
    fall:
      (redis) =>
      async ({ stage, running, stop }) => {
        await redis.forget();
        stop.release('goes on');
        return goOn(stage, running);
      },
  },
  {
    name: 'kill -9 of Redis, back and empty',
    fall:
      (redis) =>
      async ({ stage, running, stop }) => {
        await redis.kill();
        stop.release('goes on');
        await until('the worker misses its queue', () => /queue complains|ECONNREFUSED/.test(running.said()) || running.hasEnded());
        await redis.startAgain();
        return goOn(stage, running);
      },
  },
  {
    name: 'kill -9 of Redis and worker',
    fall:
      (redis) =>
      async ({ stage, running, stop }) => {
        await redis.kill();
        await running.signal('SIGKILL');
        stop.release('is lost');
        await redis.startAgain();
        await stage.letTimePass();
        await stage.start(running.half);
        return null;
      },
  },
];

/** The queue is only a hint: whatever becomes of Redis costs time and nothing else. */
export const REDIS_CELLS: readonly Cell[] = BLOWS.flatMap(({ name, fall }) =>
  ONE_A_STEP.map(
    (spot): Cell => ({
      step: spot.step,
      blow: name,
      where: spot.where,
      needsRedis: true,
      play: async (home) => {
        await using redis = await openRedis();
        return await strike(home, spot, fall(redis), { redisUrl: redis.url });
      },
    }),
  ),
);
