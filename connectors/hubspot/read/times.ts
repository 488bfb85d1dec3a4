/** The latest of some ISO times, or null when there is none. */
export function latest(times: Iterable<string | null>): string | null {
  let last: string | null = null;
  for (const time of times) if (time !== null && (last === null || time > last)) last = time;
  return last;
}

/** An ISO time moved by `ms`, never before 1970: HubSpot has no earlier record. */
export function shift(iso: string, ms: number): string {
  return new Date(Math.max(0, Date.parse(iso) + ms)).toISOString();
}
