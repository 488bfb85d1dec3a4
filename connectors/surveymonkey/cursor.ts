import { keptInstant, unusableCursor } from '../../src/contract/kept-cursor.ts';
import { isRaw, number, text } from '../../src/contract/raw.ts';
import type { Cursor } from '../../src/contract/records.ts';
import type { Survey } from './survey.ts';

/**
 * Everything that was modified before `watermark` is stored; null: nothing is. While a read is under way (`reading`) it goes on with the page `page`
 * of what was modified since `since`. Once it has ended (`read`), the rest says when there is reason for another one: `marks` are the counters that the
 * list of surveys showed before it, `tries` how often they had moved without a response to show for it, `lookedAt` when it was, by the vendor's clock,
 * and `unfinishedAt` when the last response that was not finished went on. `survey`: what the survey has asked so far.
 */
export type Place = {
  readonly v: 1;
  readonly phase: 'reading' | 'read';
  readonly watermark: string | null;
  readonly since: string | null;
  readonly page: number;
  readonly marks: string | null;
  readonly tries: number;
  readonly lookedAt: string | null;
  readonly unfinishedAt: string | null;
  readonly survey: Survey | null;
};

export const FROM_THE_START: Place = {
  v: 1,
  phase: 'reading',
  watermark: null,
  since: null,
  page: 1,
  marks: null,
  tries: 0,
  lookedAt: null,
  unfinishedAt: null,
  survey: null,
};

const unusable = unusableCursor('survey');
const instant = (value: unknown): string | null => keptInstant(value, unusable);

/** A survey as an earlier session left it here; what is damaged of it is read anew. */
function surveyIn(value: unknown): Survey | null {
  return isRaw(value) && text(value.id) !== null && Array.isArray(value.questions) ? (value as unknown as Survey) : null;
}

/** Refuses a cursor that is ahead of the vendor's own clock by more than `slackMs`: what comes meanwhile would never be read. */
export function requireUsable({ watermark, since, lookedAt }: Place, servedAt: string | null, slackMs: number): void {
  if (servedAt === null) return;
  const latestMs = Date.parse(servedAt) + slackMs;
  if ([watermark, since, lookedAt].some((at) => at !== null && Date.parse(at) > latestMs)) throw unusable('lies in the future');
}

/** Reads back a stored cursor; one that this version did not write is `cursor_expired`. */
export function readCursor(from: Cursor): Place {
  if (from.v !== 1) throw unusable('is of another version');
  const { phase } = from;
  const page = number(from.page);
  if ((phase !== 'reading' && phase !== 'read') || page === null || page < 1) throw unusable('cannot be read');
  return {
    v: 1,
    phase,
    watermark: instant(from.watermark),
    since: instant(from.since),
    page,
    marks: text(from.marks),
    tries: number(from.tries) ?? 0,
    lookedAt: instant(from.lookedAt),
    unfinishedAt: instant(from.unfinishedAt),
    survey: surveyIn(from.survey),
  };
}
