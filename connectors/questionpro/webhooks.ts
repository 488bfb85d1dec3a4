import { HubError } from '../../src/contract/errors.ts';
import { isRaw, type Raw, readJson, text } from '../../src/contract/raw.ts';
import type { Delivery, Hint, Hints, WebhookPort } from '../../src/contract/webhook.ts';

/** QuestionPro signs nothing, but sends a header along that it was told: this one holds the secret. */
export const SECRET_HEADER = 'X-Syncline-Secret';
/** The survey that an address was registered for, since a broken body may not name it. */
export const SURVEY_PARAMETER = 'survey';

const digestOf = (words: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(words));

/** Compared as digests, so that how long it takes tells nothing of the secret. */
async function isKnown({ headers }: Delivery, secret: string): Promise<boolean> {
  const said = headers.get(SECRET_HEADER) ?? '';
  if (secret === '' || said === '') return false;
  const [one, other] = (await Promise.all([digestOf(said), digestOf(secret)])).map((bytes) => new Uint8Array(bytes));
  return one !== undefined && other !== undefined && one.every((byte, at) => byte === other[at]);
}

function parsed(body: string): Raw | null {
  try {
    const value = readJson(body);
    return isRaw(value) ? value : null;
  } catch {
    return null;
  }
}

type Named = { readonly surveyId: string | null; readonly responseId: string | null };

/** The response is put into a template: wrapped or not, and broken where an answer holds a quote. Its id is found all the same. */
function namedIn(body: string): Named {
  const whole = parsed(body);
  const response = whole !== null && isRaw(whole.response) ? whole.response : whole;
  if (response !== null) return { surveyId: text(response.surveyID), responseId: text(response.responseID) };
  const numberAfter = (name: string): string | null => new RegExp(`"${name}"\\s*:\\s*"?(\\d+)`).exec(body)?.[1] ?? null;
  return { surveyId: numberAfter('surveyID'), responseId: numberAfter('responseID') };
}

function hintsOf({ url, body }: Delivery): readonly Hint[] {
  const { surveyId, responseId } = namedIn(new TextDecoder().decode(body));
  const survey = new URL(url).searchParams.get(SURVEY_PARAMETER) ?? surveyId;
  if (survey === null || responseId === null || !/^\d+$/.test(`${survey}${responseId}`))
    throw new HubError('broken_answer', 'QuestionPro sent something that names no survey, or no response');
  return [{ object: 'response', scope: survey, id: `${survey}:${responseId}`, reason: 'changed', account: null }];
}

/** What QuestionPro tells by itself: once, after a survey was answered. What the body says is never believed. */
export const webhooks: WebhookPort = {
  greet: () => null,
  verify: isKnown,
  hints: (delivery): Hints => ({ hints: hintsOf(delivery), unread: [] }),
};
