import type { Context, Hono } from 'hono';
import { listPage, type PageAsk, type Refusal, single } from './envelopes.ts';
import type { Survey } from './surveys.ts';
import type { Webhook, WebhookGiven, Webhooks } from './webhooks.ts';

type Helpers = {
  readonly webhooks: Webhooks;
  readonly origin: () => string;
  pageAsk(c: Context): PageAsk | null;
  no(c: Context, refusal: Refusal, why?: string): Response;
  withSurvey(c: Context, run: (survey: Survey) => Response | Promise<Response>): Response | Promise<Response>;
};

const shown = ({ id, surveyId, ...given }: Webhook) => ({
  webhookID: id,
  surveyID: surveyId,
  ...given,
  questionID: 0,
  type: 1,
  createdDate: 'Thu 08 Aug, 10:14:10 GMT 2026',
});

function given(body: unknown): WebhookGiven | null {
  if (typeof body !== 'object' || body === null) return null;
  const raw: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(body));
  const text = (name: string, initial: string): string => (typeof raw[name] === 'string' ? raw[name] : initial);
  const url = text('requestURL', '');
  if (!URL.canParse(url)) return null;
  return {
    description: text('description', ''),
    requestURL: url,
    requestHeader: text('requestHeader', ''),
    requestJSON: text('requestJSON', ''),
    requestMethod: raw.requestMethod === 'METHOD_GET' ? 'METHOD_GET' : 'METHOD_POST',
    location: raw.location === 'LOCATION_BEFORE_SURVEY' ? 'LOCATION_BEFORE_SURVEY' : 'LOCATION_AFTER_SURVEY',
  };
}

async function bodyOf(c: Context): Promise<WebhookGiven | null> {
  try {
    return given(JSON.parse(await c.req.text()));
  } catch {
    return null;
  }
}

/** Webhooks of a survey. One is deleted under `/webhook/…`, whatever the title of the vendor's page says. */
export function webhookRoutes(app: Hono, { webhooks, origin, pageAsk, no, withSurvey }: Helpers): void {
  const found = (c: Context, survey: Survey): Webhook | undefined =>
    webhooks.of(survey.id).find(({ id }) => String(id) === c.req.param('webhook'));
  app.get('/surveys/:survey/webhooks', (c) =>
    withSurvey(c, (survey) => {
      const ask = pageAsk(c);
      return ask === null ? no(c, 'url') : listPage(c, webhooks.of(survey.id), { ...ask, origin: origin(), render: shown });
    }),
  );
  app.post('/surveys/:survey/webhooks', (c) =>
    withSurvey(c, async (survey) => {
      const body = await bodyOf(c);
      return body === null ? no(c, 'schema', 'requestURL is an address') : single(c, shown(webhooks.add(survey.id, body)));
    }),
  );
  app.put('/surveys/:survey/webhooks/:webhook', (c) =>
    withSurvey(c, async (survey) => {
      const [before, body] = [found(c, survey), await bodyOf(c)];
      if (before === undefined) return no(c, 'missing');
      return body === null ? no(c, 'schema', 'requestURL is an address') : single(c, shown(webhooks.replace(before, body)));
    }),
  );
  app.delete('/surveys/:survey/webhook/:webhook', (c) =>
    withSurvey(c, (survey) => {
      const before = found(c, survey);
      if (before === undefined) return no(c, 'missing');
      webhooks.remove(before.id);
      return single(c, { success: true });
    }),
  );
}
