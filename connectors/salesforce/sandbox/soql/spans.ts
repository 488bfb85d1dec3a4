const DAY_MS = 86_400_000;

/** The first day of a span and the first after it, as days since 1970. */
type Days = readonly [number, number];

const dayOf = (year: number, month: number, date = 1) => Date.UTC(year, month, date) / DAY_MS;

/** The span that a date word stands for, in whole UTC days; undefined when there is no such word. Weeks begin on Sunday. */
export function daysIn(name: string, count: number, now: number): Days | undefined {
  const today = Math.floor(now / DAY_MS);
  const date = new Date(today * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const week = today - date.getUTCDay();
  const spans: Readonly<Record<string, Days>> = {
    TODAY: [today, today + 1],
    YESTERDAY: [today - 1, today],
    TOMORROW: [today + 1, today + 2],
    THIS_WEEK: [week, week + 7],
    LAST_WEEK: [week - 7, week],
    NEXT_WEEK: [week + 7, week + 14],
    THIS_MONTH: [dayOf(year, month), dayOf(year, month + 1)],
    LAST_MONTH: [dayOf(year, month - 1), dayOf(year, month)],
    NEXT_MONTH: [dayOf(year, month + 1), dayOf(year, month + 2)],
    THIS_YEAR: [dayOf(year, 0), dayOf(year + 1, 0)],
    LAST_YEAR: [dayOf(year - 1, 0), dayOf(year, 0)],
    NEXT_YEAR: [dayOf(year + 1, 0), dayOf(year + 2, 0)],
    LAST_90_DAYS: [today - 89, today + 1],
    NEXT_90_DAYS: [today + 1, today + 91],
    LAST_N_DAYS: [today - count, today + 1],
    NEXT_N_DAYS: [today + 1, today + 1 + count],
  };
  return spans[name];
}

/** A day as the text of a date field. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The instant at which a day begins. */
export function dayStart(day: number): number {
  return day * DAY_MS;
}
