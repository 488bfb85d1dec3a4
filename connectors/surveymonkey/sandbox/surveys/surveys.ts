import { notFound } from '../wire/refusal.ts';
import type { World } from '../world.ts';
import { openBuilder } from './build.ts';
import { catalogue } from './catalogue.ts';
import { type Question, questionsOf, type Survey } from './model.ts';

/** The surveys of the account, and what their author does to them. */
export class Surveys {
  readonly #world: World;
  readonly #all: Map<string, Survey>;

  constructor(world: World) {
    this.#world = world;
    this.#all = new Map(catalogue(world).map((survey) => [survey.id, survey]));
  }

  all(): readonly Survey[] {
    return [...this.#all.values()];
  }

  get(id: string): Survey {
    const survey = this.#all.get(id);
    if (survey === undefined) throw notFound();
    return survey;
  }

  /** A survey of so many pages with so many questions of text on each. */
  add(title: string, { pages, questionsPerPage }: { readonly pages: number; readonly questionsPerPage: number }): string {
    const { page, ask } = openBuilder(this.#world.ids);
    const at = this.#world.stamp();
    const question = (nth: number, of: number): Question =>
      ask({ heading: `Question ${of}.${nth}`, family: 'open_ended', subtype: 'single' });
    const made = Array.from({ length: pages }, (_, of) =>
      page(`Page ${of + 1}`, ...Array.from({ length: questionsPerPage }, (_, nth) => question(nth + 1, of + 1))),
    );
    const id = this.#world.ids.next('survey');
    const rest = { metric: null, language: 'en', folderId: '0', customVariables: {}, createdAt: at, modifiedAt: at };
    this.#all.set(id, { id, title, ...rest, pages: made });
    this.#world.tell({ event: 'survey_created', surveyId: id });
    return id;
  }

  edit(id: string, changes: Partial<Pick<Survey, 'title' | 'customVariables' | 'folderId' | 'language' | 'pages'>>): void {
    this.#all.set(id, { ...this.get(id), ...changes, modifiedAt: this.#world.stamp() });
    this.#world.tell({ event: 'survey_updated', surveyId: id });
  }

  editQuestion(id: string, questionId: string, changes: Partial<Pick<Question, 'heading' | 'choices' | 'rows' | 'display'>>): void {
    const survey = this.get(id);
    if (!questionsOf(survey).some((question) => question.id === questionId)) throw notFound();
    const pages = survey.pages.map((page) => ({
      ...page,
      questions: page.questions.map((question) => (question.id === questionId ? { ...question, ...changes } : question)),
    }));
    this.edit(id, { pages });
  }

  /** Takes a choice away; answers that were given keep its id. */
  removeChoice(id: string, choiceId: string): void {
    const question = questionsOf(this.get(id)).find(({ choices }) => choices.some((choice) => choice.id === choiceId));
    if (question === undefined) throw notFound();
    this.editQuestion(id, question.id, { choices: question.choices.filter((choice) => choice.id !== choiceId) });
  }

  remove(id: string): void {
    this.get(id);
    this.#all.delete(id);
    this.#world.tell({ event: 'survey_deleted', surveyId: id });
  }
}
