import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import type { SurveymonkeySandbox } from '../hands.ts';
import type { StoredResponse } from '../responses/responses.ts';
import type { Survey } from '../surveys/model.ts';
import { shownAt } from '../wire/times.ts';

type Hands = Omit<SurveymonkeySandbox, 'app'>;
type Html = ReturnType<typeof html>;

const SHOWN = 50;
const STYLE = `
:root { --ink: #1e252b; --soft: #5a6670; --line: #d9dee2; --accent: #00684d; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; background: #f4f6f7; color: var(--ink); margin: 0; }
header { background: var(--accent); color: #fff; padding: .75rem 1.5rem; display: flex; gap: 1.5rem; align-items: baseline; flex-wrap: wrap; }
h1 { font-size: 1.1rem; margin: 0; } h2 { font-size: 1rem; margin: 0 0 .6rem; }
main { padding: 1.5rem; display: grid; gap: 1.25rem; max-width: 80rem; }
section { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; font-size: .85rem; } td.code { font: .85rem/1.5 ui-monospace, monospace; }
form { display: flex; gap: .5rem; flex-wrap: wrap; align-items: end; } label { display: grid; font-size: .85rem; color: var(--soft); }
input, button { font: inherit; padding: .3rem .6rem; border: 1px solid #8b97a1; border-radius: 4px; background: #fff; color: var(--ink); }
button { cursor: pointer; } .note { color: #8f2c2c; }
`;

function surveySection({ id, title, metric }: Survey, count: number): Html {
  const [min, max] = metric === 'nps' ? [0, 10] : metric === 'csat' ? [1, 5] : [1, 7];
  const form =
    metric === null
      ? html`<form method="post" action="/_sandbox/surveys/${id}/fillIn"><button>Answer everything</button></form>`
      : html`<form method="post" action="/_sandbox/surveys/${id}/answers">
<label>Score, ${min} to ${max}<input name="score" type="number" min="${min}" max="${max}" required></label>
<label>Comment<input name="comment" size="40"></label>
<label>CRM id<input name="crm_id" size="14"></label>
<button>Answer</button></form>`;
  return html`<section><h2>${title}</h2><p>Survey ${id}, ${count} responses</p>${form}</section>`;
}

function responseRow({ id, status, mode, modifiedAt, customVariables }: StoredResponse, title: string): Html {
  const finish =
    status === 'partial' ? html`<form method="post" action="/_sandbox/responses/${id}/complete"><button>Finish</button></form>` : '';
  return html`<tr><td class="code">${shownAt(modifiedAt, 0)}</td><td class="code">${id}</td><td>${title}</td><td>${status}, ${mode}</td>
<td class="code">${customVariables.crm_id ?? ''}</td><td>${finish}</td>
<td><form method="post" action="/_sandbox/responses/${id}/erase"><button>Erase</button></form></td></tr>`;
}

function page(hands: Hands, now: Date, refused: string | undefined): Html {
  const all = hands.all();
  const titles = new Map(hands.surveys.all().map(({ id, title }) => [id, title]));
  const last = all.toSorted((a, b) => b.modifiedAt - a.modifiedAt).slice(0, SHOWN);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>SurveyMonkey sandbox</title><style>${raw(STYLE)}</style></head>
<body><header><h1>SurveyMonkey sandbox</h1><span>${now.toISOString()}</span></header><main>
${refused === undefined ? '' : html`<section class="note" role="alert">${refused}</section>`}
${hands.surveys.all().map((survey) => surveySection(survey, all.filter(({ surveyId }) => surveyId === survey.id).length))}
<section><h2>Last responses</h2><table><thead><tr><th>Modified</th><th>Id</th><th>Survey</th><th>State</th><th>CRM id</th><th></th><th></th></tr></thead>
<tbody>${last.map((response) => responseRow(response, titles.get(response.surveyId) ?? ''))}</tbody></table></section>
</main></body></html>`;
}

/** A page to look into the account, and to answer its surveys. */
export function pageRoutes(hands: Hands, now: () => Date): Hono {
  const app = new Hono();
  app.get('/', (c) => c.html(page(hands, now(), c.req.query('refused'))));
  // What cannot be done is said on the page.
  const act = (c: Context, run: () => void): Response => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError) throw error;
      return c.redirect(`/_sandbox?${new URLSearchParams({ refused: error.message })}`, 303);
    }
    return c.redirect('/_sandbox', 303);
  };
  app.post('/surveys/:id/fillIn', (c) => act(c, () => void hands.fillIn(c.req.param('id'))));
  app.post('/surveys/:id/answers', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const [comment = '', crmId = ''] = [form.get('comment') ?? '', form.get('crm_id') ?? ''];
    return act(c, () => {
      const { id, metric } = hands.surveys.get(c.req.param('id'));
      hands.answer({
        surveyId: id,
        ...(metric === null ? {} : { [metric]: Number(form.get('score')) }),
        ...(comment === '' ? {} : { comment }),
        ...(crmId === '' ? {} : { customVariables: { crm_id: crmId } }),
      });
    });
  });
  app.post('/responses/:id/complete', (c) => act(c, () => hands.complete(c.req.param('id'))));
  app.post('/responses/:id/erase', (c) => act(c, () => hands.erase(c.req.param('id'))));
  return app;
}
