import type { World } from '../world.ts';
import { type Choice, type Page, type Question, questionsOf, type Survey } from './model.ts';

type Json = Readonly<Record<string, unknown>>;

function renderChoice({ id, text, weight, isNa }: Choice, at: number): Json {
  return {
    id,
    text,
    position: at + 1,
    visible: true,
    ...(weight === undefined ? {} : { weight, description: '' }),
    ...(isNa === true ? { is_na: true } : {}),
  };
}

function renderAnswers({ choices, rows, cols, other }: Question): Json {
  return {
    ...(choices.length === 0 ? {} : { choices: choices.map(renderChoice) }),
    ...(rows.length === 0 ? {} : { rows: rows.map((row, at) => ({ ...row, visible: true, position: at + 1 })) }),
    ...(cols.length === 0
      ? {}
      : {
          cols: cols.map(({ id, text, choices: menu }, at) => ({
            id,
            text,
            position: at + 1,
            visible: true,
            ...(menu === undefined ? {} : { choices: menu.map(renderChoice) }),
          })),
        }),
    ...(other === null
      ? {}
      : { other: { id: other.id, text: other.text, visible: true, position: 0, is_answer_choice: true, apply_all_rows: false } }),
  };
}

/** A question as it is defined; what the sandbox knows of it stays out. */
export function renderQuestion(question: Question, at: number, href: string): Json {
  const { id, heading, family, subtype, display, required, validation, forcedRanking } = question;
  const answers = renderAnswers(question);
  return {
    id,
    position: at + 1,
    visible: true,
    family,
    subtype,
    layout: null,
    sorting: null,
    required: required ? { text: 'This question requires an answer.', type: 'all', amount: '0' } : null,
    validation,
    forced_ranking: forcedRanking,
    quiz_options: null,
    display_options: display,
    headings: [{ heading, random_assignment: null }],
    href,
    ...(Object.keys(answers).length === 0 ? {} : { answers }),
  };
}

function pageHref(world: World, survey: Survey, page: Page): string {
  return world.href(`/surveys/${survey.id}/pages/${page.id}`);
}

export function renderPage(world: World, survey: Survey, page: Page): Json {
  return {
    id: page.id,
    title: page.title,
    description: '',
    position: survey.pages.indexOf(page) + 1,
    question_count: page.questions.length,
    href: pageHref(world, survey, page),
  };
}

export function renderQuestionsOf(world: World, survey: Survey, page: Page): readonly Json[] {
  return page.questions.map((question, at) => renderQuestion(question, at, `${pageHref(world, survey, page)}/questions/${question.id}`));
}

/** A survey without its pages. */
export function renderSurvey(world: World, survey: Survey, responseCount: number): Json {
  const { id, title, language, folderId, customVariables, createdAt, modifiedAt, pages } = survey;
  const site = 'https://www.surveymonkey.com';
  return {
    id,
    title,
    nickname: '',
    language,
    folder_id: folderId,
    category: '',
    question_count: questionsOf(survey).length,
    page_count: pages.length,
    response_count: responseCount,
    date_created: world.shown(createdAt),
    date_modified: world.shown(modifiedAt),
    buttons_text: { next_button: 'Next', prev_button: 'Prev', exit_button: 'Exit', done_button: 'Done' },
    custom_variables: customVariables,
    footer: true,
    is_owner: true,
    href: world.href(`/surveys/${id}`),
    preview: `${site}/r/Preview/?sm=x${id}`,
    edit_url: `${site}/create/?sm=x${id}`,
    collect_url: `${site}/collect/list?sm=x${id}`,
    analyze_url: `${site}/analyze/x${id}`,
    summary_url: `${site}/summary/x${id}`,
  };
}
