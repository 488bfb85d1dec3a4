import { answersOf } from './answers.ts';
import { hiddenOf } from './render.ts';
import type { StoredResponse } from './store.ts';

/** A page of responses, or why it cannot be had. */
export type Listed =
  | {
      readonly ok: true;
      readonly total: number;
      readonly pages: number;
      readonly items: readonly StoredResponse[];
      readonly only: ReadonlySet<string> | null;
    }
  | { readonly ok: false; readonly why: string };
type Query = Readonly<Record<string, string>>;
type Test = (response: StoredResponse) => boolean;

class Refused extends Error {}
const refuse = (why: string): never => {
  throw new Refused(why);
};

const STATES = ['started', 'partial', 'completed'];
const SORTS = /^(submitted_at|landed_at),(asc|desc)$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$/;

/** Epoch seconds, or ISO 8601 in UTC to the second. */
function moment(name: string, text: string): number {
  if (/^\d{1,11}$/.test(text)) return Number(text) * 1000;
  const at = ISO.test(text) ? Date.parse(text.endsWith('Z') ? text : `${text}Z`) : Number.NaN;
  return Number.isNaN(at) ? refuse(`${name} is neither epoch seconds nor ISO 8601 in UTC to the second`) : at;
}

const listOf = (text: string | undefined): ReadonlySet<string> | null =>
  text === undefined
    ? null
    : new Set(
        text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      );

function statesOf(query: Query): ReadonlySet<string> {
  const asked = listOf(query.response_type);
  if (asked !== null) {
    if (asked.size === 0 || [...asked].some((state) => !STATES.includes(state)))
      refuse('response_type is a list of started, partial, completed');
    return asked;
  }
  if (query.completed === undefined || query.completed === 'true') return new Set(['completed']);
  return query.completed === 'false' ? new Set(['started', 'partial']) : refuse('completed is true or false');
}

/** The time that `since` and `until` look at: of submission where there is one, else of arrival. */
const timeOf = ({ state, at, landedAt }: StoredResponse): number => (state === 'completed' ? at : landedAt);

function textOf(response: StoredResponse): string {
  return JSON.stringify([
    answersOf(response).map(({ field: _field, type: _type, ...content }) => content),
    hiddenOf(response),
  ]).toLowerCase();
}

function testsOf(query: Query): readonly Test[] {
  const states = statesOf(query);
  const [included, excluded, answered] = [
    listOf(query.included_response_ids),
    listOf(query.excluded_response_ids),
    listOf(query.answered_fields),
  ];
  const since = query.since === undefined ? Number.NEGATIVE_INFINITY : moment('since', query.since);
  const until = query.until === undefined ? Number.POSITIVE_INFINITY : moment('until', query.until);
  const words = query.query?.toLowerCase();
  return [
    ({ state }) => states.has(state),
    (response) => timeOf(response) >= since && timeOf(response) <= until,
    ({ token }) => included === null || included.has(token),
    ({ token }) => excluded === null || !excluded.has(token),
    (response) => answered === null || answersOf(response).some(({ field }) => answered.has(field.id)),
    (response) => words === undefined || textOf(response).includes(words),
  ];
}

type Bounds = { readonly after: number; readonly before: number; readonly newestFirst: boolean };

/** Tokens of this form only, neither of them inside. From `before` it goes back in time, from `after` forward. */
function boundsOf(query: Query, held: readonly StoredResponse[]): Bounds | null {
  const { after, before } = query;
  if (after === undefined && before === undefined) return null;
  if (query.sort !== undefined) refuse('sort cannot be combined with after or before');
  const at = (token: string): number =>
    held.find((response) => response.token === token)?.processed ?? refuse(`the token ${token} is not one of this form`);
  return {
    after: after === undefined ? 0 : at(after),
    before: before === undefined ? Number.POSITIVE_INFINITY : at(before),
    newestFirst: after === undefined,
  };
}

function orderOf(query: Query, bounds: Bounds | null): (a: StoredResponse, b: StoredResponse) => number {
  const newestFirst = (a: StoredResponse, b: StoredResponse): number => b.processed - a.processed;
  if (bounds !== null) return bounds.newestFirst ? newestFirst : (a, b) => newestFirst(b, a);
  const [, by, way] = SORTS.exec(query.sort ?? 'submitted_at,desc') ?? refuse('sort is submitted_at or landed_at, with asc or desc');
  const time = by === 'landed_at' ? ({ landedAt }: StoredResponse) => landedAt : timeOf;
  const descending = (a: StoredResponse, b: StoredResponse): number => time(b) - time(a) || newestFirst(a, b);
  return way === 'asc' ? (a, b) => descending(b, a) : descending;
}

function sizeOf(query: Query): number {
  const size = query.page_size ?? '25';
  return /^\d{1,4}$/.test(size) && Number(size) >= 1 && Number(size) <= 1_000
    ? Number(size)
    : refuse('page_size is a number from 1 to 1000');
}

/** Lists what is held of one form by the rules of the vendor. `total` counts what the filters let through, not the page. */
export function listResponses(held: readonly StoredResponse[], query: Query): Listed {
  try {
    const [size, tests, bounds] = [sizeOf(query), testsOf(query), boundsOf(query, held)];
    const order = orderOf(query, bounds);
    const found = held
      .filter(({ processed }) => bounds === null || (processed > bounds.after && processed < bounds.before))
      .filter((response) => tests.every((test) => test(response)))
      .sort(order);
    return {
      ok: true,
      total: found.length,
      pages: Math.ceil(found.length / size),
      items: found.slice(0, size),
      only: listOf(query.fields),
    };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, why: error.message };
    throw error;
  }
}
