import { randomFrom, seedOf } from '../../../src/sandbox/random.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { Happening } from './events.ts';
import { Ids } from './ids.ts';
import { openSwitches, type Switches } from './switches.ts';
import { shownAt, toSecond } from './wire/times.ts';

/** What everything in the account shares: its time, its chance, its ids, and the news of what happens in it. */
export type World = {
  readonly switches: Switches;
  readonly seed: number;
  /** For what goes on by itself; the seeded past has another one. */
  readonly random: () => number;
  readonly ids: Ids;
  now(): Date;
  /** The time to the second, as everything is stamped. */
  stamp(): number;
  /** Lets time pass at once. */
  wind(ms: number): void;
  /** A moment as the account writes it. */
  shown(at: number): string;
  /** The address of something, on the host of the account's region. */
  href(path: string): string;
  tell(happening: Happening): void;
  listen(listener: (happening: Happening) => void): void;
};

export function openWorld({ seed, now, origin, switches: given }: SandboxOptions): World {
  const switches = openSwitches(given);
  const listeners: ((happening: Happening) => void)[] = [];
  let woundMs = 0;
  const time = (): Date => new Date(now().getTime() + woundMs);
  return {
    switches,
    seed,
    random: randomFrom(seedOf(seed, 'surveymonkey by itself')),
    ids: new Ids(switches.idPrefix),
    now: time,
    stamp: () => toSecond(time()),
    wind: (ms) => {
      woundMs += ms;
    },
    shown: (at) => shownAt(at, switches.dateOffsetMinutes),
    href: (path) => `${switches.accessUrl === '' ? origin() : switches.accessUrl}/v3${path}`,
    tell: (happening) => {
      for (const listener of listeners) listener(happening);
    },
    listen: (listener) => void listeners.push(listener),
  };
}
