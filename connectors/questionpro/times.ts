const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours east of UTC. QuestionPro's IST is India's, its CST and EST America's. */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  SAST: 2,
  MSK: 3,
  AST: -4,
  ADT: -3,
  GST: 4,
  PKT: 5,
  IST: 5.5,
  ICT: 7,
  WIB: 7,
  SGT: 8,
  MYT: 8,
  HKT: 8,
  PHT: 8,
  AWST: 8,
  JST: 9,
  KST: 9,
  ACST: 9.5,
  ACDT: 10.5,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
  BRT: -3,
  ART: -3,
  NST: -3.5,
  NDT: -2.5,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  AKST: -9,
  AKDT: -8,
  HST: -10,
};

const STAMP = /^(\d{1,2}) ([A-Za-z]{3})[a-z]*,? (\d{4}) (\d{1,2}):(\d\d):(\d\d) ?([AP]M)? ?(.*)$/;
const OFFSET = /^(?:GMT|UTC)?([+-])(\d{1,2}):?(\d\d)?$/;

function hoursEast(zone: string): number | null {
  const known = ZONES[zone.toUpperCase()];
  if (known !== undefined) return known;
  const offset = OFFSET.exec(zone);
  if (offset === null) return null;
  const hours = Number(offset[2]) + Number(offset[3] ?? 0) / 60;
  return offset[1] === '-' ? -hours : hours;
}

/** `05 Oct, 2020 02:51:51 PM PDT` as ISO; null when it, or its zone, cannot be read. `new Date` would guess. */
export function instantOfStamp(stamp: string): string | null {
  const parts = STAMP.exec(stamp.trim().replace(/\s+/g, ' '));
  if (parts === null) return null;
  const [, day, name = '', year, hour, minute, second, half, zone = ''] = parts;
  const month = MONTHS.indexOf(name.toLowerCase());
  const east = hoursEast(zone.trim());
  if (month === -1 || east === null) return null;
  const hour24 = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return new Date(
    Date.UTC(Number(year), month, Number(day), hour24, Number(minute), Number(second)) - Math.round(east * 3_600_000),
  ).toISOString();
}

// An epoch in seconds does not reach this before the year 5138.
const LEAST_MS = 1e11;
const MOST_MS = 8.64e15;

/** An epoch in seconds or milliseconds, which the vendor does not tell apart, as ISO; null when it is neither. */
export function instantOfEpoch(epoch: number | null): string | null {
  if (epoch === null || epoch <= 0) return null;
  const ms = epoch >= LEAST_MS ? epoch : epoch * 1000;
  return ms > MOST_MS ? null : new Date(ms).toISOString();
}

/** The day of `iso` as `MM/dd/yyyy`: the list of CX responses wants it so, while other calls of CX want the day first. */
export function monthFirst(iso: string): string {
  const [year, month, day] = iso.slice(0, 10).split('-');
  return `${month}/${day}/${year}`;
}

/** `iso` moved by `ms`. */
export function shift(iso: string, ms: number): string {
  return new Date(Date.parse(iso) + ms).toISOString();
}

/** The earliest of the instants that are known; null when none is. */
export function earliest(...instants: readonly (string | null)[]): string | null {
  return instants.filter((iso) => iso !== null).sort()[0] ?? null;
}

/** The latest of the instants that are known; null when none is. */
export function latest(...instants: readonly (string | null)[]): string | null {
  return (
    instants
      .filter((iso) => iso !== null)
      .sort()
      .at(-1) ?? null
  );
}
