import { isRaw, list, number, object, objects, type Raw, text } from '../../src/contract/raw.ts';
import { plainText } from '../../src/kernel/html.ts';
import { indexBy } from '../../src/kernel/lists.ts';
import { instant } from './wire.ts';

/** A choice; `weight` is the score that its author gave it, `isNa` one that says "does not apply". */
export type Choice = {
  readonly id: string;
  readonly text: string;
  readonly position: number;
  readonly weight: number | null;
  readonly isNa: boolean;
  /** It was taken away since it was first seen: who has chosen it keeps its words. */
  readonly isPast: boolean;
};
/** `part`: what a row of a contact question asks for. */
export type Line = { readonly id: string; readonly text: string; readonly part: string | null };
export type Column = { readonly id: string; readonly text: string; readonly choices: readonly Choice[] };
export type Question = {
  readonly id: string;
  readonly text: string;
  readonly family: string;
  readonly subtype: string;
  readonly display: string;
  /** An open question that takes only an address. */
  readonly isEmail: boolean;
  readonly choices: readonly Choice[];
  readonly rows: readonly Line[];
  readonly columns: readonly Column[];
  /** A box beside the choices: an answer of its own where `isChoice`, else a comment. */
  readonly other: { readonly id: string; readonly isChoice: boolean } | null;
};
/** What a survey asks, with everything that it has asked since it was first read. Plain JSON. */
export type Survey = {
  readonly id: string;
  readonly title: string;
  readonly language: string | null;
  readonly modifiedAt: string | null;
  readonly customs: readonly string[];
  readonly questions: readonly Question[];
};

function choice(raw: Raw, at: number): readonly Choice[] {
  const id = text(raw.id);
  if (id === null) return [];
  const position = number(raw.position) ?? at + 1;
  return [{ id, text: plainText(text(raw.text) ?? ''), position, weight: number(raw.weight), isNa: raw.is_na === true, isPast: false }];
}

function line(raw: Raw): readonly Line[] {
  const id = text(raw.id);
  return id === null ? [] : [{ id, text: plainText(text(raw.text) ?? ''), part: text(raw.type) }];
}

function column(raw: Raw): readonly Column[] {
  const id = text(raw.id);
  return id === null ? [] : [{ id, text: plainText(text(raw.text) ?? ''), choices: objects(raw.choices).flatMap(choice) }];
}

function headingOf(raw: Raw): string {
  const [first] = objects(raw.headings);
  return plainText(text(first?.heading) ?? text(raw.heading) ?? '');
}

/** One question; null for what has no id. One without a family was only named, and has to be asked for by itself. */
export function parseQuestion(item: unknown): Question | null {
  const raw = isRaw(item) ? item : {};
  const id = text(raw.id);
  if (id === null) return null;
  const answers = isRaw(raw.answers) ? raw.answers : {};
  const display = isRaw(raw.display_options) ? raw.display_options : {};
  const validation = isRaw(raw.validation) ? raw.validation : {};
  const other = isRaw(answers.other) ? answers.other : {};
  const otherId = text(other.id);
  return {
    id,
    text: headingOf(raw),
    family: text(raw.family) ?? '',
    subtype: text(raw.subtype) ?? '',
    display: text(display.display_type) ?? '',
    isEmail: text(validation.type) === 'email',
    choices: objects(answers.choices).flatMap(choice),
    rows: objects(answers.rows).flatMap(line),
    columns: objects(answers.cols).flatMap(column),
    other: otherId === null ? null : { id: otherId, isChoice: other.is_answer_choice === true },
  };
}

export type Page = { readonly id: string; readonly questions: readonly Question[] };

function page(raw: Raw): readonly Page[] {
  const id = text(raw.id);
  if (id === null) return [];
  return [{ id, questions: objects(raw.questions).flatMap((one) => parseQuestion(one) ?? []) }];
}

/** A survey with the pages that were shown, which are not more than a hundred. */
export function parseDetails(body: unknown): { readonly survey: Survey; readonly pages: readonly Page[]; readonly pageCount: number } {
  const raw = object(body, 'the survey');
  const pages = objects(list(raw.pages, 'the pages of the survey')).flatMap(page);
  return { survey: surveyOf(raw), pages, pageCount: number(raw.page_count) ?? pages.length };
}

/** What a survey says of itself, without its questions. */
export function parseHead(body: unknown): Survey {
  return surveyOf(object(body, 'the survey'));
}

function surveyOf(raw: Raw): Survey {
  return {
    id: text(raw.id) ?? '',
    title: text(raw.title)?.trim() ?? '',
    language: text(raw.language),
    modifiedAt: instant(raw.date_modified),
    customs: isRaw(raw.custom_variables) ? Object.keys(raw.custom_variables) : [],
    questions: [],
  };
}

/** `now` with what `before` had and was taken away since, behind it. */
export function withPast(now: Survey, before: Survey | null): Survey {
  if (before === null) return now;
  const held = indexBy(before.questions, ({ id }) => id);
  const questions = now.questions.map((question) => {
    const old = held.get(question.id);
    if (old === undefined) return question;
    return {
      ...question,
      choices: together(question.choices, past(old.choices)),
      rows: together(question.rows, old.rows),
      columns: together(question.columns, old.columns),
    };
  });
  return { ...now, questions: together(questions, before.questions) };
}

const past = (choices: readonly Choice[]): readonly Choice[] => choices.map((one) => ({ ...one, isPast: true }));

function together<T extends { readonly id: string }>(now: readonly T[], before: readonly T[]): readonly T[] {
  const there = new Set(now.map(({ id }) => id));
  return [...now, ...before.filter(({ id }) => !there.has(id))];
}
