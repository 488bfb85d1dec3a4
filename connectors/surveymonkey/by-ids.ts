import type { Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Observation } from '../../src/contract/records.ts';
import { groupBy } from '../../src/kernel/lists.ts';
import { askIfThere } from './client.ts';
import { type Definitions, surveyPath } from './definitions.ts';
import { BEYOND_PLAN } from './errors.ts';
import { observe } from './observation.ts';
import { parseResponse, parseResponses, type Row } from './wire.ts';

/** The most that one page of whole responses holds. */
export const PAGE_SIZE = 100;

export function responsesPath(surveyId: string): string {
  return `${surveyPath(surveyId)}/responses`;
}

/** Both ids that one of ours is made of; null for what can be none. */
function idsIn(id: string): { readonly surveyId: string; readonly responseId: string } | null {
  const [, surveyId, responseId] = /^(\d+):(\d+)$/.exec(id) ?? [];
  return surveyId === undefined || responseId === undefined ? null : { surveyId, responseId };
}

type Found = { readonly row: Row } | { readonly goneAt: string };
const goneAt = (servedAt: string | null): Found => ({ goneAt: servedAt ?? new Date(0).toISOString() });

async function readOne(session: Session, surveyId: string, responseId: string): Promise<Found> {
  const reply = await askIfThere(session, `${responsesPath(surveyId)}/${responseId}/details`).catch(hidden);
  if ('missing' in reply) return goneAt(reply.missing);
  const row = parseResponse(reply.body);
  // Somebody tried the survey out, which is no response.
  return row === null || row.isPreview ? goneAt(reply.servedAt) : { row };
}

/** A response that the plan hides is as good as none, and since no time says that it went, it takes nothing away from whoever has seen it before. */
function hidden(error: unknown): { readonly missing: null } {
  if (error instanceof HubError && error.code === BEYOND_PLAN) return { missing: null };
  throw error;
}

/**
 * Some responses of one survey. What there is reason to look at was mostly modified last, so one call for the newest spares most of the others; of a
 * survey that is gone, all are.
 */
async function readSome(session: Session, surveyId: string, responseIds: readonly string[]): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  if (responseIds.length > 1) {
    const query = { per_page: PAGE_SIZE, sort_by: 'date_modified', sort_order: 'DESC', page: 1 };
    const reply = await askIfThere(session, `${responsesPath(surveyId)}/bulk`, query);
    if ('missing' in reply) return new Map(responseIds.map((id) => [id, goneAt(reply.missing)]));
    for (const row of parseResponses(reply.body).items) if (!row.isPreview) found.set(row.id, { row });
  }
  for (const id of responseIds) if (!found.has(id)) found.set(id, await readOne(session, surveyId, id));
  return found;
}

/** The responses as they are now, whichever surveys they are of: one answer an id. */
export async function byIds(session: Session, definitions: Definitions, ids: readonly string[]): Promise<readonly Observation[]> {
  const named = [...new Set(ids)].flatMap((id) => idsIn(id) ?? []);
  const seen = new Map<string, Observation>();
  for (const [surveyId, some] of groupBy(named, (one) => one.surveyId)) {
    const found = await readSome(
      session,
      surveyId,
      some.map(({ responseId }) => responseId),
    );
    for (const { responseId } of some) {
      const one = found.get(responseId) ?? goneAt(null);
      const id = `${surveyId}:${responseId}`;
      if ('goneAt' in one) seen.set(id, { kind: 'gone', id, changedAt: one.goneAt });
      else seen.set(id, observe(one.row, await definitions.of(surveyId, [one.row], null)));
    }
  }
  return ids.map((id) => seen.get(id) ?? { kind: 'gone', id, changedAt: new Date(0).toISOString() });
}
