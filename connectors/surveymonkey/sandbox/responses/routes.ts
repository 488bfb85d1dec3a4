import type { Context, Hono } from 'hono';
import type { Account } from '../account.ts';
import { type Question, questionsOf, type Survey } from '../surveys/model.ts';
import { badBody, notFound, Refusal } from '../wire/refusal.ts';
import { pageOf, pathPart, queryList, queryWord, readBody } from '../wire/requests.ts';
import { readResponse, unanswered } from './body.ts';
import { filtered, sorted } from './filter.ts';
import { type About, aboutOf, renderHead, renderResponse, renderRow, type Shown } from './render.ts';
import type { ResponseGiven, StoredResponse } from './responses.ts';
import { rollupOf } from './rollup.ts';

const QUESTIONS_MOST = 1_000;

/** Where responses are looked for: in a survey, or in one of its collectors. */
type Place = { readonly survey: Survey; readonly collectorId: string | null };

function placeOf(c: Context, { surveys, collectors }: Account): Place {
  const collectorId = c.req.param('collector');
  if (collectorId === undefined) return { survey: surveys.get(pathPart(c, 'survey')), collectorId: null };
  return { survey: surveys.get(collectors.get(collectorId).surveyId), collectorId };
}

function responsesIn(account: Account, { survey, collectorId }: Place): readonly About[] {
  const all = account.responses.of(survey.id).filter((response) => collectorId === null || response.collectorId === collectorId);
  return all.map((response) => aboutOf(account, response));
}

function responseIn(c: Context, account: Account, place: Place): StoredResponse {
  const response = account.responses.get(place.survey.id, pathPart(c, 'response'));
  if (place.collectorId !== null && response.collectorId !== place.collectorId) throw notFound();
  return response;
}

function shownIn(c: Context): Shown {
  return {
    pages: queryList(c, 'page_ids'),
    questions: queryList(c, 'question_ids'),
    simple: queryWord(c, 'simple', ['true', 'false']) === 'true',
  };
}

const ALL: Shown = { pages: null, questions: null, simple: false };

/** Puts a body into a response: a PUT in the place of everything that was answered, a PATCH question by question. */
function changed(account: Account, before: StoredResponse, given: Partial<ResponseGiven>, isWhole: boolean): StoredResponse {
  const answers = isWhole ? (given.answers ?? new Map()) : new Map([...before.answers, ...(given.answers ?? [])]);
  const status = given.status ?? before.status;
  const missing = status === 'completed' ? unanswered(account.surveys.get(before.surveyId), answers) : [];
  if (missing.length > 0) throw badBody(`question ${missing[0]?.id} requires an answer.`);
  return account.responses.change(before.surveyId, before.id, { ...given, answers, status });
}

/** Lists of responses, and single ones, under a survey and under a collector. */
export function responseRoutes(api: Hono, account: Account): void {
  const { world, responses, rights } = account;
  for (const base of ['/surveys/:survey', '/collectors/:collector'] as const) {
    api.get(`${base}/responses`, rights('responses_read'), (c) => {
      const items = sorted(c, filtered(c, responsesIn(account, placeOf(c, account))));
      return pageOf(c, world, { items, render: (about) => renderRow(account, about) });
    });
    api.get(`${base}/responses/bulk`, rights('responses_read_detail'), (c) => {
      const place = placeOf(c, account);
      if (questionsOf(place.survey).length > QUESTIONS_MOST) throw new Refusal(1030);
      const shown = shownIn(c);
      const items = sorted(c, filtered(c, responsesIn(account, place)));
      const answer = pageOf(c, world, { items, max: 100, render: (about) => renderResponse(account, about, shown) });
      for (let come = 0; come < world.switches.arrivalsPerPage; come += 1) account.arrive();
      return answer;
    });
    api.get(`${base}/responses/:response`, rights('responses_read'), (c) =>
      c.json(renderHead(account, aboutOf(account, responseIn(c, account, placeOf(c, account))))),
    );
    api.get(`${base}/responses/:response/details`, rights('responses_read_detail'), (c) =>
      c.json(renderResponse(account, aboutOf(account, responseIn(c, account, placeOf(c, account))), shownIn(c))),
    );
    for (const method of ['PATCH', 'PUT'] as const) {
      api.on(method, `${base}/responses/:response`, rights('responses_write'), async (c) => {
        const place = placeOf(c, account);
        const before = responseIn(c, account, place);
        const given = readResponse(await readBody(c), place.survey);
        return c.json(renderResponse(account, aboutOf(account, changed(account, before, given, method === 'PUT')), ALL));
      });
    }
    api.delete(`${base}/responses/:response`, rights('responses_write'), (c) => {
      const { surveyId, id } = responseIn(c, account, placeOf(c, account));
      responses.remove(surveyId, id);
      return c.body(null, 204);
    });
  }
  api.post('/collectors/:collector/responses', rights('responses_write'), async (c) => {
    const { survey } = placeOf(c, account);
    const { answers = new Map(), status = 'completed', ...given } = readResponse(await readBody(c), survey);
    if (status === 'completed' && unanswered(survey, answers).length > 0) throw badBody('a required question has no answer.');
    const collector = account.collectors.get(pathPart(c, 'collector'));
    if (collector.status === 'closed') throw new Refusal(1025, 'The collector is closed.');
    const made = responses.add(collector, { ...given, answers, status });
    return c.json(renderResponse(account, aboutOf(account, made), ALL), 201);
  });
  api.delete('/collectors/:collector/responses', rights('responses_write'), (c) => {
    responses.removeAllOf(pathPart(c, 'collector'));
    return c.body(null, 204);
  });
  rollupRoutes(api, account);
}

/** What the vendor works out itself: previews do not count. */
function rollupRoutes(api: Hono, account: Account): void {
  const may = account.rights('responses_read_detail');
  const answer = (c: Context, choose: (question: Question, pageId: string) => boolean): Response => {
    const place = placeOf(c, account);
    const counted = filtered(c, responsesIn(account, place)).filter(({ response }) => !response.mode.endsWith('preview'));
    const asked = place.survey.pages.flatMap(({ id, questions }) => questions.filter((question) => choose(question, id)));
    if (asked.length === 0) throw notFound();
    const items = asked.map((question) =>
      rollupOf(
        question,
        counted.map(({ response }) => response),
      ),
    );
    return pageOf(c, account.world, { items, render: (item) => item });
  };
  api.get('/surveys/:survey/rollups', may, (c) => answer(c, () => true));
  api.get('/surveys/:survey/pages/:page/rollups', may, (c) => answer(c, (_question, pageId) => pageId === c.req.param('page')));
  api.get('/surveys/:survey/pages/:page/questions/:question/rollups', may, (c) =>
    answer(c, ({ id }, pageId) => pageId === c.req.param('page') && id === c.req.param('question')),
  );
  // An add-on that this account has not bought.
  api.get('/benchmark_bundles', () => {
    throw new Refusal(1015, 'Benchmarks are an add-on.');
  });
}
