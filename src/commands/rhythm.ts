import type { Command } from 'commander';
import { type Connection, findConnection } from '../hub/connections/connections.ts';
import { databaseNow, resumeConnection, setSchedule } from '../hub/rhythm/pausing.ts';
import { nextLook, type QuietHours, quietUntil, type Schedule, wrongInSchedule } from '../hub/rhythm/schedule.ts';
import type { Services } from '../services.ts';
import { pause } from '../sync/rhythm/pause.ts';

type Run = (work: (services: Services) => Promise<number>) => Promise<void>;
type Wish = {
  readonly every?: string;
  readonly cron?: string | false;
  readonly timeZone?: string;
  readonly quiet: readonly string[] | false;
};

const ACTOR = 'command line';
const LOOKS_SHOWN = 3;
const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** `syncline pause`, `resume`, and `schedule`. */
export function addRhythm(program: Command, run: Run): void {
  program
    .command('pause <connections...>')
    .description('stop connections: nothing is read and nothing is written until they are resumed, and webhooks are kept')
    .option('--why <reason>', 'said beside them, so that others know')
    .action((names: string[], { why }: { why?: string }) =>
      run((services) => each(services, names, (one) => pauseOne(services, one, why))),
    );
  program
    .command('resume <connections...>')
    .description('let paused connections go on where they were')
    .action((names: string[]) => run((services) => each(services, names, (one) => resumeOne(services, one))));
  program
    .command('schedule <connection>')
    .description('say when a connection is looked at, and in which hours it is left alone; without options, show it')
    .option('--every <interval>', 'such as 90s, 5m, 2h')
    .option('--cron <expression>', 'such as "0 6 * * 1-5"')
    .option('--no-cron', 'at an interval again')
    .option('--time-zone <zone>', 'whose clocks are meant, such as Asia/Tokyo')
    .option(
      '--quiet <hours>',
      'such as 22:00-06:00, or 22:00-06:00/1,2,3,4,5 for nights that begin from Monday to Friday; may be repeated',
      collect,
      [],
    )
    .option('--no-quiet', 'no quiet hours any more')
    .action((name: string, wish: Wish) => run((services) => each(services, [name], (one) => scheduleOne(services, one, wish))));
}

async function each(services: Services, names: readonly string[], work: (one: Connection) => Promise<string | null>): Promise<number> {
  for (const name of names) {
    const connection = await findConnection(services.hub, name);
    const wrong = connection === undefined ? `There is no connection "${name}".` : await work(connection);
    if (wrong === null) continue;
    process.stderr.write(`${wrong}\n`);
    return 1;
  }
  return 0;
}

async function pauseOne({ engine }: Services, { id, name }: Connection, why = ''): Promise<null> {
  const paused = await pause(engine, id, { actor: ACTOR, why: why.trim() || null });
  print(paused?.rested === false ? `paused ${name}; one request may still be under way` : `paused ${name}`);
  return null;
}

async function resumeOne({ hub }: Services, { id, name }: Connection): Promise<null> {
  await resumeConnection(hub, id);
  print(`resumed ${name}`);
  return null;
}

async function scheduleOne({ hub }: Services, { id, name, schedule: before }: Connection, wish: Wish): Promise<string | null> {
  const everyMs = wish.every === undefined ? undefined : readInterval(wish.every);
  if (everyMs === null) return `"${wish.every}" is no interval from 1s to 24h, such as 90s, 5m, or 2h.`;
  const quiet = quietOf(wish.quiet, before);
  if (typeof quiet === 'string') return quiet;
  const cron = wish.every !== undefined || wish.cron === false ? null : (wish.cron ?? before?.cron ?? null);
  const schedule: Schedule = { cron, timeZone: wish.timeZone ?? before?.timeZone ?? 'UTC', quiet };
  const now = await databaseNow(hub);
  const wrong = wrongInSchedule(schedule, now);
  if (wrong !== null) return wrong.why;
  const isChange =
    wish.every !== undefined || wish.cron !== undefined || wish.timeZone !== undefined || wish.quiet === false || wish.quiet.length > 0;
  if (isChange) await setSchedule(hub, id, { schedule, everyMs, nextAt: nextLook(schedule, now) });
  print(`${name}: ${inWords(schedule, now)}`);
  return null;
}

function quietOf(wish: Wish['quiet'], before: Schedule | null): readonly QuietHours[] | string {
  if (wish === false) return [];
  if (wish.length === 0) return before?.quiet ?? [];
  const read = wish.map((text) => ({ text, hours: readHours(text) }));
  const wrong = read.find(({ hours }) => hours === null);
  return wrong === undefined
    ? read.flatMap(({ hours }) => hours ?? [])
    : `"${wrong.text}" are no hours such as 22:00-06:00 or 22:00-06:00/6,7.`;
}

function readHours(text: string): QuietHours | null {
  const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d';
  const [, from, to, days = ''] = new RegExp(`^(${clock})-(${clock})(?:/([1-7](?:,[1-7])*))?$`).exec(text.trim()) ?? [];
  if (from === undefined || to === undefined) return null;
  return { from, to, days: days === '' ? [] : days.split(',').map(Number) };
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function readInterval(text: string): number | null {
  const [, count, unit = ''] = /^(\d+)([smh])$/.exec(text.trim()) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  return ms >= 1000 && ms <= 86_400_000 ? ms : null;
}

/** A schedule, with the next times that it looks at: what an expression means is best seen by them. */
function inWords(schedule: Schedule, now: Date): string {
  const { cron, timeZone, quiet } = schedule;
  const looks: string[] = [];
  for (let at = nextLook(schedule, now); at !== null && looks.length < LOOKS_SHOWN; at = nextLook(schedule, at))
    looks.push(at.toISOString());
  const hours = quiet.map(({ from, to, days }) => `${from}-${to}${days.length === 0 ? '' : `/${days.join(',')}`}`);
  const until = quietUntil(schedule, now);
  return [
    cron === null ? 'each object at its own interval' : `${cron} (next: ${looks.join(', ')})`,
    hours.length === 0 ? 'no quiet hours' : `quiet ${hours.join(' and ')}${until === null ? '' : `, now until ${until.toISOString()}`}`,
    `times of ${timeZone}`,
  ].join('; ');
}
