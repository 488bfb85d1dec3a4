import type { Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { ask, askIfThere, type Reply } from './client.ts';
import { parseSurvey, parseSurveys, type Survey } from './wire.ts';

/** A survey with its counters as they were at `servedAt`. */
export type Look = { readonly survey: Survey; readonly servedAt: string | null };

/** The most that one page of any list holds. */
export const PER_PAGE = 1000;

function wanted(session: Session): readonly string[] | null {
  const ids = String(session.settings.surveyIds ?? '')
    .split(/[\s,;]+/)
    .filter((id) => id !== '');
  return ids.length === 0 ? null : [...new Set(ids)];
}

/** The address of the user's surveys. */
export function userPath(session: Session): string {
  const userId = String(session.settings.userId ?? '').trim();
  if (userId === '') throw new HubError('misconfigured', 'the connection has no user id');
  return `/users/${encodeURIComponent(userId)}/surveys`;
}

async function* pages(session: Session): AsyncGenerator<readonly Look[]> {
  for (let page = 1; ; page += 1) {
    const reply: Reply = await ask(session, userPath(session), { query: { page, perPage: PER_PAGE } });
    const { items, totalPages } = parseSurveys(reply.body);
    yield items.map((survey) => ({ survey, servedAt: reply.servedAt }));
    if (items.length === 0 || page >= (totalPages ?? 1)) return;
  }
}

async function lookIfThere(session: Session, id: string): Promise<Look | null> {
  const reply = await askIfThere(session, `/surveys/${encodeURIComponent(id)}`);
  if ('missing' in reply) return null;
  const survey = parseSurvey(reply.body);
  if (survey === null) throw new HubError('broken_answer', `QuestionPro sent no survey for ${id}`);
  return { survey, servedAt: reply.servedAt };
}

async function lookAt(session: Session, id: string): Promise<Look> {
  const look = await lookIfThere(session, id);
  if (look === null) throw new HubError('misconfigured', `QuestionPro knows no survey ${id}`, { code: '1040' });
  return look;
}

export type Surveys = {
  /** The surveys that the settings name, else all of the user's: one call for them all. */
  all(): AsyncIterable<Survey>;
  /** A survey with its counters: from the last `all`, once; after that by a call of its own, so that nothing stale is believed. */
  latest(id: string): Promise<Look>;
  /** The same by a call of its own; null where the vendor knows no such survey. */
  ifThere(id: string): Promise<Look | null>;
};

export function openSurveys(session: Session): Surveys {
  const looks = new Map<string, Look>();
  async function* all(): AsyncGenerator<Survey> {
    const ids = wanted(session);
    const missing = new Set(ids ?? []);
    for await (const page of pages(session)) {
      for (const look of page) {
        const { id } = look.survey;
        if (ids !== null && !ids.includes(id)) continue;
        missing.delete(id);
        looks.set(id, look);
        yield look.survey;
      }
    }
    // Named surveys may belong to a colleague, and stand in no list of this user.
    for (const id of missing) {
      const look = await lookAt(session, id);
      looks.set(id, look);
      yield look.survey;
    }
  }
  return {
    all,
    ifThere: (id) => lookIfThere(session, id),
    async latest(id) {
      const look = looks.get(id);
      looks.delete(id);
      return look ?? lookAt(session, id);
    },
  };
}
