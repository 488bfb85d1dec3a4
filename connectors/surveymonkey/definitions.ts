import type { Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { isRaw, text } from '../../src/contract/raw.ts';
import { ask } from './client.ts';
import { TOO_LARGE } from './errors.ts';
import { type Page, parseDetails, parseHead, parseQuestion, type Question, type Survey, withPast } from './survey.ts';
import { parseList, type Row } from './wire.ts';

const PER_PAGE = 1000;

export function surveyPath(surveyId: string): string {
  return `/surveys/${encodeURIComponent(surveyId)}`;
}

async function listAll<T>(session: Session, path: string, read: (item: unknown) => T): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = 1; ; page += 1) {
    const { body } = await ask(session, path, { page, per_page: PER_PAGE });
    const { items, isLast } = parseList(body, path, read);
    all.push(...items);
    if (isLast) return all;
  }
}

/** The questions of one page, each by itself where the list only names them. */
async function questionsOf(session: Session, path: string): Promise<readonly Question[]> {
  const questions: Question[] = [];
  for (const named of await listAll(session, `${path}/questions`, parseQuestion)) {
    if (named === null) continue;
    const whole = named.family === '' ? parseQuestion((await ask(session, `${path}/questions/${named.id}`)).body) : named;
    questions.push(whole ?? named);
  }
  return questions;
}

/** All pages, those in `known` without a further call. */
async function readPages(session: Session, surveyId: string, known: readonly Page[]): Promise<readonly Question[]> {
  const there = new Map(known.map(({ id, questions }) => [id, questions]));
  const path = `${surveyPath(surveyId)}/pages`;
  const questions: Question[] = [];
  for (const id of await listAll(session, path, (item) => (isRaw(item) ? text(item.id) : null))) {
    if (id === null) continue;
    questions.push(...(there.get(id) ?? (await questionsOf(session, `${path}/${id}`))));
  }
  return questions;
}

// The details leave out what comes after so many pages, and say nothing of it.
const MOST_PAGES = 100;

/** The definition of a survey, as it is now: one call, but for those that SurveyMonkey shows only in parts. */
export async function readSurvey(session: Session, surveyId: string): Promise<Survey> {
  const { survey, pages, pageCount } = await detailsOf(session, surveyId);
  const isCut = pages.length < pageCount || pages.length >= MOST_PAGES;
  const questions = isCut ? await readPages(session, surveyId, pages) : pages.flatMap((page) => page.questions);
  return { ...survey, id: surveyId, title: survey.title || `Survey ${surveyId}`, questions };
}

async function detailsOf(session: Session, surveyId: string): Promise<ReturnType<typeof parseDetails>> {
  try {
    return parseDetails((await ask(session, `${surveyPath(surveyId)}/details`)).body);
  } catch (error) {
    // More than a thousand questions.
    if (!(error instanceof HubError) || error.code !== TOO_LARGE) throw error;
    return { survey: parseHead((await ask(session, surveyPath(surveyId))).body), pages: [], pageCount: MOST_PAGES };
  }
}

export type Definitions = {
  /**
   * What these responses answer. It is read when it is first needed, when the list of surveys says that it was edited since (`modifiedAt`), and when
   * something is answered that was not there.
   */
  of(surveyId: string, rows: readonly Row[], modifiedAt: string | null): Promise<Survey>;
  /** What was read of a survey so far, for the next session. */
  held(surveyId: string): Survey | null;
  /** What an earlier session had read. */
  remember(survey: Survey): void;
};

type Held = { readonly survey: Survey; readonly absent: ReadonlySet<string> };

export function openDefinitions(session: Session): Definitions {
  const read = new Map<string, Held>();
  return {
    held: (surveyId) => read.get(surveyId)?.survey ?? null,
    remember(survey) {
      if (!read.has(survey.id)) read.set(survey.id, { survey, absent: new Set() });
    },
    async of(surveyId, rows, modifiedAt) {
      const had = read.get(surveyId);
      const wanted = idsIn(rows);
      const absentFrom = ({ questions }: Survey) => {
        const there = idsOf(questions);
        return [...wanted].filter((id) => !there.has(id));
      };
      const isEdited = modifiedAt !== null && had !== undefined && had.survey.modifiedAt !== modifiedAt;
      if (had !== undefined && !isEdited && absentFrom(had.survey).every((id) => had.absent.has(id))) return had.survey;
      const now = withPast(await readSurvey(session, surveyId), had?.survey ?? null);
      // Compared with the list next time, which may write the time otherwise.
      const survey = { ...now, modifiedAt: modifiedAt ?? now.modifiedAt };
      read.set(surveyId, { survey, absent: new Set([...(had?.absent ?? []), ...absentFrom(survey)]) });
      return survey;
    },
  };
}

function idsIn(rows: readonly Row[]): ReadonlySet<string> {
  const ids = rows.flatMap(({ entries }) =>
    entries.flatMap(({ questionId, given }) => [questionId, ...given.flatMap(({ choiceId, rowId }) => [choiceId, rowId])]),
  );
  return new Set(ids.filter((id) => id !== null));
}

function idsOf(questions: readonly Question[]): ReadonlySet<string> {
  return new Set(
    questions.flatMap(({ id, choices, rows, columns }) => [
      id,
      ...choices.map((choice) => choice.id),
      ...rows.map((row) => row.id),
      ...columns.flatMap((column) => column.choices.map((choice) => choice.id)),
    ]),
  );
}
