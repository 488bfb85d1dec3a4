import { type Question, questionFor, type Role, type Survey } from '../surveys/model.ts';
import type { Answer, Answers } from './responses.ts';

/** What one respondent says, in words and numbers. What is left out is skipped. */
export type Said = {
  /** 0 to 10. */
  readonly nps?: number;
  /** 1 to 5; `n/a` for the choice that is no score. */
  readonly csat?: number | 'n/a';
  /** 1 to 7. */
  readonly ces?: number;
  readonly comment?: string;
  /** A choice, or any other word. */
  readonly topic?: string;
  readonly liked?: readonly string[];
  /** Row by row. */
  readonly aspects?: readonly number[];
  /** By the type of the row: name, company, email, phone. */
  readonly contact?: Readonly<Record<string, string>>;
  readonly email?: string;
};

const at = <T>(items: readonly T[], index: number): T => {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no choice ${index + 1}`);
  return item;
};

function chosen({ choices, other }: Question, label: string): Answer {
  const choice = choices.find(({ text }) => text.toLowerCase() === label.toLowerCase());
  if (choice !== undefined) return { choice_id: choice.id };
  if (other === null) throw new Error(`nothing there is called ${label}`);
  return { other_id: other.id, text: label };
}

function scored({ choices, rows }: Question, index: number): Answer {
  const choice_id = at(choices, index).id;
  return rows.length === 0 ? { choice_id } : { row_id: at(rows, 0).id, choice_id };
}

function answerTo(question: Question, said: Said): readonly Answer[] {
  const value = <T>(of: T | undefined, show: (known: T) => readonly Answer[]): readonly Answer[] => (of === undefined ? [] : show(of));
  const shows: Readonly<Record<Role, () => readonly Answer[]>> = {
    nps: () => value(said.nps, (score) => [scored(question, score)]),
    csat: () =>
      value(said.csat, (score) => [scored(question, score === 'n/a' ? question.choices.findIndex(({ isNa }) => isNa) : score - 1)]),
    ces: () => value(said.ces, (score) => [scored(question, score - 1)]),
    comment: () => value(said.comment, (text) => [{ text }]),
    topic: () => value(said.topic, (label) => [chosen(question, label)]),
    liked: () => value(said.liked, (labels) => labels.map((label) => chosen(question, label))),
    aspects: () =>
      value(said.aspects, (scores) =>
        scores.map((score, row) => ({ row_id: at(question.rows, row).id, choice_id: at(question.choices, score - 1).id })),
      ),
    contact: () =>
      value(said.contact, (contact) =>
        question.rows.flatMap(({ id, type }) => {
          const text = type === undefined ? undefined : contact[type];
          return text === undefined ? [] : [{ row_id: id, text }];
        }),
      ),
    email: () => value(said.email, (text) => [{ text }]),
  };
  return question.role === undefined ? [] : shows[question.role]();
}

const ROLES: readonly Role[] = ['nps', 'csat', 'ces', 'comment', 'topic', 'liked', 'aspects', 'contact', 'email'];

/** The answers that this makes in a survey, in ids. */
export function answersOf(survey: Survey, said: Said): Answers {
  const questions = ROLES.flatMap((role) => questionFor(survey, role) ?? []);
  const pairs = questions.map((question) => [question.id, answerTo(question, said)] as const);
  return new Map(pairs.filter(([, answers]) => answers.length > 0));
}
