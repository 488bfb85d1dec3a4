import type { Context } from 'hono';
import { seedOf } from '../../../../src/sandbox/random.ts';
import { badQuery } from '../wire/refusal.ts';
import { queryList, queryWord } from '../wire/requests.ts';
import { minuteOf, momentIn } from '../wire/times.ts';
import type { About } from './render.ts';
import { STATUSES } from './responses.ts';

type Test = (about: About) => boolean;
const UNITS = { second: 1, minute: 60, hour: 3600 } as const;

// Both ends are inside, and an end is a whole minute.
function timeTests(c: Context): readonly Test[] {
  const tests: Test[] = [];
  for (const [name, timeOf] of [
    ['created', ({ response }: About) => response.createdAt],
    ['modified', ({ response }: About) => response.modifiedAt],
  ] as const) {
    const [from, to] = [c.req.query(`start_${name}_at`), c.req.query(`end_${name}_at`)];
    if (from !== undefined) {
      const minute = minuteOf(momentIn(from, `start_${name}_at`));
      tests.push((about) => minuteOf(timeOf(about)) >= minute);
    }
    if (to !== undefined) {
      const minute = minuteOf(momentIn(to, `end_${name}_at`));
      tests.push((about) => minuteOf(timeOf(about)) <= minute);
    }
  }
  return tests;
}

function wordTests(c: Context): readonly Test[] {
  const given = {
    email: ({ contact }: About) => contact?.email,
    first_name: ({ contact }: About) => contact?.firstName,
    last_name: ({ contact }: About) => contact?.lastName,
    ip: ({ response }: About) => response.ip,
    custom: ({ response }: About) => response.customValue,
  };
  return Object.entries(given).flatMap(([name, of]): Test[] => {
    const wanted = c.req.query(name)?.toLowerCase();
    return wanted === undefined ? [] : [(about) => of(about)?.toLowerCase() === wanted];
  });
}

function durationTests(c: Context): readonly Test[] {
  const unit = UNITS[queryWord(c, 'total_time_units', ['second', 'minute', 'hour']) ?? 'second'];
  const seconds = (name: string): number | null => {
    const given = c.req.query(name);
    if (given === undefined) return null;
    if (!/^\d{1,9}$/.test(given)) throw badQuery(`${name} is a number.`);
    return Number(given) * unit;
  };
  const [min, max] = [seconds('total_time_min'), seconds('total_time_max')];
  const taken = ({ response }: About): number => (response.modifiedAt - response.createdAt) / 1000;
  return [(about) => (min === null || taken(about) >= min) && (max === null || taken(about) <= max)];
}

/** Those that the query lets through. All states are in unless one is asked for. */
export function filtered(c: Context, all: readonly About[]): readonly About[] {
  const status = queryWord(c, 'status', STATUSES);
  const collectors = queryList(c, 'collector_ids');
  const tests: readonly Test[] = [
    ...timeTests(c),
    ...wordTests(c),
    ...durationTests(c),
    ({ response }) => status === undefined || response.status === status,
    ({ response }) => collectors?.includes(response.collectorId) ?? true,
  ];
  return all.filter((about) => tests.every((test) => test(about)));
}

/** Where a response stands that nobody has asked to be in order: anywhere, and somewhere else once it was modified. */
const anywhere = ({ response: { id, modifiedAt } }: About): number => seedOf(modifiedAt, id);

/** In the order that is asked for, else in none; those of one second stand anywhere. */
export function sorted(c: Context, all: readonly About[]): readonly About[] {
  const by = queryWord(c, 'sort_by', ['date_modified']);
  const turn = queryWord(c, 'sort_order', ['ASC', 'DESC']) === 'DESC' ? -1 : 1;
  const time = ({ response }: About): number => (by === undefined ? 0 : response.modifiedAt);
  return all.toSorted((a, b) => turn * (time(a) - time(b)) || anywhere(a) - anywhere(b));
}
