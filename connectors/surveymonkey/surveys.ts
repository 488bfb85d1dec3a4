import type { Session } from '../../src/contract/connector.ts';
import { indexBy } from '../../src/kernel/lists.ts';
import { ask } from './client.ts';
import { dayLimitIn } from './limits.ts';
import { type Listing, parseSurveys } from './wire.ts';

const PER_PAGE = 1000;
const SHOWN = { sort_by: 'date_modified', sort_order: 'ASC', include: 'response_count,date_modified,language,question_count' };

const DAY_MS = 86_400_000;
// What part of the app's day goes into surveys whose counters stand still.
const FOR_QUIET = 0.2;

/**
 * A survey with its counters as they were at `servedAt`, by the vendor's clock. An edit may move no counter, so each survey is read now and then all
 * the same: after `quietMs`, as often as the app's day allows for so many of them.
 */
export type Look = { readonly listing: Listing; readonly servedAt: string | null; readonly quietMs: number };

export type Surveys = {
  /** The surveys that the settings name, else all of the account: one call for a thousand. */
  all(): AsyncIterable<Listing>;
  /** How the last list showed a survey: once, so that nothing stale is believed. */
  take(id: string): Look | null;
};

function wanted({ settings }: Session): ReadonlySet<string> | null {
  const ids = String(settings.surveyIds ?? '')
    .split(/[\s,;]+/)
    .filter((id) => id !== '');
  return ids.length === 0 ? null : new Set(ids);
}

/** Some wait a little longer than others, so that they do not come all at once. */
function quietMsOf(surveyId: string, surveys: number, dayLimit: number | null): number {
  if (dayLimit === null || dayLimit <= 0) return 0;
  const place = [...surveyId].reduce((sum, digit) => (sum * 31 + digit.charCodeAt(0)) % 997, 7) / 997;
  return ((surveys * DAY_MS) / (dayLimit * FOR_QUIET)) * (1 + place / 4);
}

export function openSurveys(session: Session): Surveys {
  const looks = new Map<string, Look>();
  return {
    async *all() {
      const ids = wanted(session);
      const seen = new Set<string>();
      for (let page = 1; ; page += 1) {
        const { body, servedAt, headers } = await ask(session, '/surveys', { page, per_page: PER_PAGE, ...SHOWN });
        const { items, isLast } = parseSurveys(body);
        const fresh = [...indexBy(items, ({ id }) => id).values()].filter(({ id }) => !seen.has(id) && ids?.has(id) !== false);
        for (const { id } of fresh) seen.add(id);
        for (const listing of fresh)
          looks.set(listing.id, { listing, servedAt, quietMs: quietMsOf(listing.id, seen.size, dayLimitIn(headers)) });
        yield* fresh;
        if (isLast) return;
      }
    },
    take(id) {
      const look = looks.get(id) ?? null;
      looks.delete(id);
      return look;
    },
  };
}
