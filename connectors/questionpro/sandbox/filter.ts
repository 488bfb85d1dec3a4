import type { StoredResponse } from './store.ts';
import type { Switches } from './switches.ts';
import { dayIn, dayOf, momentOf } from './time.ts';

/** What a filter lets through, or why it cannot be read. */
export type Filter =
  | { readonly ok: true; readonly lets: (response: StoredResponse) => boolean }
  | { readonly ok: false; readonly why: string };

const MODES: Readonly<Record<number, StoredResponse['status'] | null>> = { 0: null, 1: 'Started', 2: 'Completed', 3: 'Terminated' };
const LOW = /^custom[1-5]$/;
const HIGH = /^custom(?:[6-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/;

const no = (why: string): Filter => ({ ok: false, why });
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Window = { readonly from: number; readonly to: number };
function windowOf({ startDate, endDate, timeZone }: Readonly<Record<string, unknown>>): Window | string {
  if (startDate === undefined && endDate === undefined) return { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  if (typeof startDate !== 'string' || typeof endDate !== 'string') return 'startDate and endDate go together';
  if (timeZone !== undefined && typeof timeZone !== 'string') return 'timeZone is text such as GMT+00:00';
  const [from, to] = [momentOf(startDate, timeZone), momentOf(endDate, timeZone)];
  if (from === null || to === null) return 'dates are yyyy-MM-ddTHH:mm:ss and timeZone is GMT+hh:mm';
  return { from, to };
}

function customsOf(body: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] | string {
  const high = body.highCustomVariables ?? {};
  if (!isObject(high)) return 'highCustomVariables is an object';
  const wanted = [...Object.entries(body).filter(([name]) => LOW.test(name)), ...Object.entries(high)];
  const unknown = Object.keys(high).find((name) => !HIGH.test(name));
  if (unknown !== undefined) return `${unknown} is not one of custom6 to custom255`;
  const values = wanted.filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return values.length === wanted.length ? values : 'custom variables are text';
}

const KNOWN = /^(resultMode|startDate|endDate|timeZone|highCustomVariables|custom[1-5])$/;

/** Reads the body of a filter. Both ends of its window are inside, and a window has both. */
export function readFilter(body: unknown, switches: Switches): Filter {
  if (!isObject(body)) return no('the body is an object');
  const stranger = Object.keys(body).find((name) => !KNOWN.test(name));
  if (stranger !== undefined) return no(`${stranger} is not known`);
  const mode = body.resultMode ?? 0;
  if (typeof mode !== 'number' || !(mode in MODES)) return no('resultMode is 0, 1, 2, or 3');
  const window = windowOf(body);
  if (typeof window === 'string') return no(window);
  const customs = customsOf(body);
  if (typeof customs === 'string') return no(customs);
  const status = MODES[mode] ?? null;
  const timeOf = ({ startedAt, at }: StoredResponse): number => (switches.windowOn === 'start' ? startedAt : at);
  return {
    ok: true,
    lets: (response) =>
      (status === null || response.status === status) &&
      timeOf(response) >= window.from &&
      timeOf(response) <= window.to &&
      customs.every(([slot, value]) => response.customs[slot] === value),
  };
}

/** The window of CX: whole days of the account's zone, written the American way, by when that happened which is asked about. Null: unreadable. */
export function readTransactions(body: unknown, { timeZone }: Switches): ((response: StoredResponse) => boolean) | null {
  if (!isObject(body) || typeof body.transactionStartDate !== 'string' || typeof body.transactionEndDate !== 'string') return null;
  const [start, end] = [dayOf(body.transactionStartDate), dayOf(body.transactionEndDate)];
  if (start === null || end === null) return null;
  return ({ happenedAt }) => {
    const day = dayIn(timeZone, happenedAt);
    return day >= start && day <= end;
  };
}

/** The filter of the GET form: by external reference and custom variables. */
export function filterOfQuery(query: Readonly<Record<string, string>>): (response: StoredResponse) => boolean {
  const customs = Object.entries(query).filter(([name]) => LOW.test(name) || HIGH.test(name));
  const reference = query.extRef;
  return (response) =>
    (reference === undefined || response.externalReference === reference) &&
    customs.every(([slot, value]) => response.customs[slot] === value);
}
