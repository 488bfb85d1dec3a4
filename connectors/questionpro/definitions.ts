import type { Session } from '../../src/contract/connector.ts';
import { indexQuestions, type Known } from './answers.ts';
import { askIfThere } from './client.ts';
import { PER_PAGE } from './surveys.ts';
import { parseQuestions, type Question, type Row } from './wire.ts';

/** All questions of a survey: one call for each thousand. None where the vendor knows no such survey, as it may be with those of CX. */
export async function readQuestions(session: Session, surveyId: string): Promise<readonly Question[]> {
  const questions: Question[] = [];
  for (let page = 1; ; page += 1) {
    const query = { page, perPage: PER_PAGE };
    const reply = await askIfThere(session, `/surveys/${encodeURIComponent(surveyId)}/questions`, { query });
    if ('missing' in reply) return questions;
    const { items, totalPages } = parseQuestions(reply.body);
    questions.push(...items);
    if (items.length === 0 || page >= (totalPages ?? 1)) return questions;
  }
}

export type Definitions = {
  /** What the questions of these responses are, read when they are first needed and again when one is asked that was not there. */
  of(surveyId: string, rows: readonly Row[]): Promise<Known>;
};

export function openDefinitions(session: Session): Definitions {
  const read = new Map<string, { readonly known: Known; readonly absent: ReadonlySet<string> }>();
  return {
    async of(surveyId, rows) {
      const asked = new Set(rows.flatMap(({ entries }) => entries).map(({ questionId }) => questionId));
      const absentFrom = (known: Known) => [...asked].filter((id) => !known.questions.has(id) && !known.rows.has(id));
      const had = read.get(surveyId);
      if (had !== undefined && absentFrom(had.known).every((id) => had.absent.has(id))) return had.known;
      const known = indexQuestions(await readQuestions(session, surveyId));
      read.set(surveyId, { known, absent: new Set([...(had?.absent ?? []), ...absentFrom(known)]) });
      return known;
    },
  };
}
