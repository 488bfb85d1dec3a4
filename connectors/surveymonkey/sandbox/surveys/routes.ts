import type { Context, Hono } from 'hono';
import type { Account } from '../account.ts';
import { notFound } from '../wire/refusal.ts';
import { included, pageOf, pathPart, queryWord } from '../wire/requests.ts';
import { minuteOf, momentIn } from '../wire/times.ts';
import type { Page, Survey } from './model.ts';
import { renderPage, renderQuestion, renderQuestionsOf, renderSurvey } from './render.ts';

const INCLUDES = ['response_count', 'date_created', 'date_modified', 'language', 'question_count', 'analyze_url', 'preview'];
const SHARING = ['shared_with', 'shared_by', 'owned'];
/** What lies on later pages is left out of the details, without a word. */
const PAGES_SHOWN = 100;

/** The surveys that a list asks for. Its order is the account's own unless it asks for one. */
function listed(c: Context, { surveys, responses }: Account): readonly Survey[] {
  const [after, before] = [c.req.query('start_modified_at'), c.req.query('end_modified_at')];
  const from = after === undefined ? Number.NEGATIVE_INFINITY : minuteOf(momentIn(after, 'start_modified_at'));
  const to = before === undefined ? Number.POSITIVE_INFINITY : minuteOf(momentIn(before, 'end_modified_at'));
  const [title, folder] = [c.req.query('title')?.toLowerCase() ?? '', c.req.query('folder_id')];
  const found = surveys.all().filter((survey) => {
    const minute = minuteOf(survey.modifiedAt);
    return minute >= from && minute <= to && survey.title.toLowerCase().includes(title) && (folder ?? survey.folderId) === survey.folderId;
  });
  const by = queryWord(c, 'sort_by', ['title', 'date_modified', 'num_responses']);
  const turn = queryWord(c, 'sort_order', ['ASC', 'DESC']) === 'DESC' ? -1 : 1;
  if (by === undefined) return found;
  const counted = new Map(found.map((survey) => [survey, responses.of(survey.id).length]));
  const order = {
    title: (a: Survey, b: Survey) => (a.title < b.title ? -1 : 1),
    date_modified: (a: Survey, b: Survey) => a.modifiedAt - b.modifiedAt,
    num_responses: (a: Survey, b: Survey) => (counted.get(a) ?? 0) - (counted.get(b) ?? 0),
  }[by];
  return found.toSorted((a, b) => turn * order(a, b));
}

/** What tells of surveys and how they ask. */
export function surveyRoutes(api: Hono, account: Account): void {
  const { world, surveys, responses, rights } = account;
  const may = rights('surveys_read');
  const surveyIn = (c: Context): Survey => surveys.get(pathPart(c, 'survey'));
  const pageIn = (c: Context): { survey: Survey; page: Page } => {
    const survey = surveyIn(c);
    const page = survey.pages.find(({ id }) => id === c.req.param('page'));
    if (page === undefined) throw notFound();
    return { survey, page };
  };
  const whole = (survey: Survey) => renderSurvey(world, survey, responses.of(survey.id).length);
  api.get('/surveys', may, (c) => {
    const asked = included(c, [...INCLUDES, ...SHARING]);
    const row = (survey: Survey) => {
      const { id, title, nickname, href, ...more } = whole(survey);
      const sharing = { shared_with: [], shared_by: null, owned: true };
      const extra = Object.entries({ ...more, ...sharing }).filter(([name]) => asked.has(name));
      return { id, title, nickname, href, ...Object.fromEntries(extra) };
    };
    return pageOf(c, world, { items: listed(c, account), render: row });
  });
  api.get('/surveys/:survey', may, (c) => c.json(whole(surveyIn(c))));
  api.get('/surveys/:survey/details', may, (c) => {
    const survey = surveyIn(c);
    const pages = survey.pages.slice(0, PAGES_SHOWN).map((page) => ({
      ...renderPage(world, survey, page),
      questions: renderQuestionsOf(world, survey, page),
    }));
    return c.json({ ...whole(survey), pages });
  });
  api.get('/surveys/:survey/pages', may, (c) => {
    const survey = surveyIn(c);
    return pageOf(c, world, { items: survey.pages, render: (page) => renderPage(world, survey, page) });
  });
  api.get('/surveys/:survey/pages/:page', may, (c) => {
    const { survey, page } = pageIn(c);
    return c.json(renderPage(world, survey, page));
  });
  api.get('/surveys/:survey/pages/:page/questions', may, (c) => {
    const { survey, page } = pageIn(c);
    const items = renderQuestionsOf(world, survey, page);
    const brief = ({ id, position, href, headings }: (typeof items)[number]) => ({ id, position, href, headings });
    return pageOf(c, world, { items, render: (item) => (world.switches.questionRows === 'brief' ? brief(item) : item) });
  });
  api.get('/surveys/:survey/pages/:page/questions/:question', may, (c) => {
    const { page } = pageIn(c);
    const at = page.questions.findIndex(({ id }) => id === c.req.param('question'));
    const question = page.questions[at];
    if (question === undefined) throw notFound();
    return c.json(renderQuestion(question, at, world.href(c.req.path.replace(/^\/v3/, ''))));
  });
}
