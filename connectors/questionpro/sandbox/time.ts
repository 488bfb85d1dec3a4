const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Zones that English date formats have no letters for. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  'Asia/Kolkata': 'IST',
  'Asia/Tokyo': 'JST',
  'Asia/Bangkok': 'ICT',
  'Asia/Singapore': 'SGT',
};

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  formats.set(zone, made);
  return made;
}

function partsIn(zone: string, at: number): ReadonlyMap<string, string> {
  return new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
}

/** `20 Nov, 2026 09:14:05 PM PST`: the account's own clock, with the letters of its zone on that day. */
export function timestampIn(zone: string, at: number): string {
  const parts = partsIn(zone, at);
  const part = (name: string): string => parts.get(name) ?? '';
  const hour = Number(part('hour'));
  const twelve = String(hour % 12 === 0 ? 12 : hour % 12).padStart(2, '0');
  const letters = ABBREVIATIONS[zone] ?? part('timeZoneName');
  const clock = `${twelve}:${part('minute')}:${part('second')} ${hour < 12 ? 'AM' : 'PM'}`;
  return `${part('day')} ${MONTHS[Number(part('month')) - 1]}, ${part('year')} ${clock} ${letters}`;
}

/** The wall clock of the zone at that moment, as if it were UTC. */
function wallOf(zone: string, at: number): number {
  const parts = partsIn(zone, at);
  const number = (name: string): number => Number(parts.get(name));
  return Date.UTC(number('year'), number('month') - 1, number('day'), number('hour'), number('minute'), number('second'));
}

const DAY = /^(\d\d)\/(\d\d)\/(\d{4})$/;

/** The day `MM/dd/yyyy` as `yyyy-MM-dd`; null when there is no such day. */
export function dayOf(written: string): string | null {
  const [, month, day, year] = DAY.exec(written) ?? [];
  const iso = `${year}-${month}-${day}`;
  const at = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== iso ? null : iso;
}

/** The day `yyyy-MM-dd` that it is in the zone at that moment. */
export function dayIn(zone: string, at: number): string {
  return new Date(wallOf(zone, at)).toISOString().slice(0, 10);
}

const WALL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/;
const GMT = /^GMT([+-])(\d\d):(\d\d)$/;

/** The moment that a filter's wall time means: in `GMT+hh:mm`, or in US Pacific time when no zone is given. Null when it is unreadable. */
export function momentOf(wall: string, zone: string | undefined): number | null {
  if (!WALL.test(wall)) return null;
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return null;
  if (zone === undefined) {
    const guess = asUtc - (wallOf('America/Los_Angeles', asUtc) - asUtc);
    return asUtc - (wallOf('America/Los_Angeles', guess) - guess);
  }
  const offset = GMT.exec(zone);
  if (offset === null) return null;
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  return asUtc - (offset[1] === '+' ? minutes : -minutes) * 60_000;
}
