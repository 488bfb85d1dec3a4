import { HubError } from '../../src/contract/errors.ts';
import { isRaw, type Raw, readJson, text } from '../../src/contract/raw.ts';
import type { Delivery, Hint, HintReason, Hints, WebhookPort } from '../../src/contract/webhook.ts';

const utf8 = (words: string) => new TextEncoder().encode(words);

function fromBase64(words: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]{27}=$/.test(words)) return null;
  return Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
}

/**
 * Whether the app signed it: with `<client id>&<client secret>` over the raw body. The id comes along, and says nothing without the secret. There is
 * no time in it, so what somebody recorded can be sent again; it only gives reason to look once more.
 */
async function isSigned({ headers, body }: Delivery, secret: string): Promise<boolean> {
  const clientId = headers.get('sm-apikey') ?? '';
  const signature = fromBase64(headers.get('sm-signature') ?? '');
  if (secret === '' || clientId === '' || signature === null) return false;
  const key = await crypto.subtle.importKey('raw', utf8(`${clientId}&${secret}`), { name: 'HMAC', hash: 'SHA-1' }, false, ['verify']);
  // Constant in time by itself.
  return crypto.subtle.verify('HMAC', key, signature, new Uint8Array(body));
}

const REASONS: Readonly<Record<string, HintReason>> = {
  response_created: 'changed',
  response_updated: 'changed',
  response_completed: 'changed',
  response_disqualified: 'changed',
  response_overquota: 'changed',
  response_deleted: 'removed',
};

function eventIn(body: Uint8Array): Raw {
  try {
    const parsed = readJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (isRaw(parsed)) return parsed;
  } catch (cause) {
    throw new HubError('broken_answer', 'SurveyMonkey sent something that is not JSON', { cause });
  }
  throw new HubError('broken_answer', 'SurveyMonkey sent something that is no event');
}

/** The response that an event points at; events about surveys, collectors, and the app point at none. */
function hintsOf(event: Raw): readonly Hint[] {
  const reason = REASONS[text(event.event_type) ?? ''];
  if (reason === undefined) return [];
  const resources = isRaw(event.resources) ? event.resources : {};
  const surveyId = text(resources.survey_id) ?? (event.filter_type === 'survey' ? text(event.filter_id) : null);
  const responseId = text(event.object_id) ?? text(resources.respondent_id);
  if (surveyId === null || responseId === null) throw new HubError('broken_answer', 'an event names no response, or no survey');
  // The user in it owns the survey, and need not be the one who connected.
  return [{ object: 'response', scope: surveyId, id: `${surveyId}:${responseId}`, reason, account: null }];
}

/** What SurveyMonkey tells by itself: one event a delivery, which points at a response and holds none of it. */
export const webhooks: WebhookPort = {
  // Before it takes an address, SurveyMonkey asks it by HEAD whether it is there.
  greet: ({ method }) => (method === 'HEAD' ? new Response(null, { status: 200 }) : null),
  verify: isSigned,
  hints: ({ body }): Hints => ({ hints: hintsOf(eventIn(body)), unread: [] }),
};
