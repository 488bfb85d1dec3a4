import type { Session } from '../../src/contract/connector.ts';
import { ask } from './client.ts';
import { type Listing, parseSurveys } from './wire.ts';

const PER_PAGE = 1000;
const SHOWN = { sort_by: 'date_modified', sort_order: 'ASC', include: 'response_count,date_modified,language,question_count' };

/** A survey with its counters as they were at `servedAt`, by the vendor's clock. */
export type Look = { readonly listing: Listing; readonly servedAt: string | null };

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

export function openSurveys(session: Session): Surveys {
  const looks = new Map<string, Look>();
  return {
    async *all() {
      const ids = wanted(session);
      const seen = new Set<string>();
      for (let page = 1; ; page += 1) {
        const { body, servedAt } = await ask(session, '/surveys', { page, per_page: PER_PAGE, ...SHOWN });
        const { items, isLast } = parseSurveys(body);
        for (const listing of items) {
          if (seen.has(listing.id) || ids?.has(listing.id) === false) continue;
          seen.add(listing.id);
          looks.set(listing.id, { listing, servedAt });
          yield listing;
        }
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
