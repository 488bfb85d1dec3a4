import type { SimDatabase } from './database.ts';
import { type History, keep } from './history.ts';
import { type Played, play } from './play.ts';

const MOST_TRIES = 120;
type Shrunk = { readonly numbers: readonly number[]; readonly broken: readonly string[]; readonly history: History };

const promiseOf = (broken: Played['broken']): string | undefined => broken[0]?.split(':')[0];

/** The fewest steps found that still break a promise, by their numbers. */
export async function shrink(history: History, database: SimDatabase, found: Played['broken']): Promise<Shrunk> {
  let numbers: readonly number[] = history.steps.map((_, i) => i);
  let broken = found;
  const promise = promiseOf(found);
  let tries = 0;
  for (let size = Math.ceil(numbers.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < numbers.length && tries < MOST_TRIES; ) {
      const fewer = numbers.filter((_, i) => i < from || i >= from + size);
      tries += 1;
      const played = await play(keep(history, fewer), database);
      if (promiseOf(played.broken) === promise) [numbers, broken] = [fewer, played.broken];
      else from += size;
    }
  }
  return { numbers, broken, history: keep(history, numbers) };
}
