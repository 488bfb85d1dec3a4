import { HubError } from '../../src/contract/errors.ts';
import { isRaw, type Raw, readJson, text } from '../../src/contract/raw.ts';
import type { Delivery, Hint, Hints, WebhookPort } from '../../src/contract/webhook.ts';

const utf8 = (words: string) => new TextEncoder().encode(words);

function fromBase64(words: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(words)) return null;
  return Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
}

/** `sha256=` and the HMAC of the raw body, in base64. There is no time in it: what somebody recorded only gives reason to look once more. */
async function isSigned({ headers, body }: Delivery, secret: string): Promise<boolean> {
  const signature = fromBase64((headers.get('typeform-signature') ?? '').replace(/^sha256=/, ''));
  if (secret === '' || signature === null) return false;
  const key = await crypto.subtle.importKey('raw', utf8(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  // Constant in time by itself.
  return crypto.subtle.verify('HMAC', key, signature, new Uint8Array(body));
}

function eventIn(body: Uint8Array): Raw {
  try {
    const parsed = readJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (isRaw(parsed)) return parsed;
  } catch (cause) {
    throw new HubError('broken_answer', 'Typeform sent something that is not JSON', { cause });
  }
  throw new HubError('broken_answer', 'Typeform sent something that is no event');
}

function hintsOf(event: Raw): readonly Hint[] {
  if (!/^form_response/.test(text(event.event_type) ?? '')) return [];
  const response = isRaw(event.form_response) ? event.form_response : {};
  const [formId, token] = [text(response.form_id), text(response.token)];
  if (formId === null || token === null) throw new HubError('broken_answer', 'an event names no form, or no response');
  return [{ object: 'response', scope: formId, id: `${formId}:${token}`, reason: 'changed', account: null }];
}

/** What Typeform tells by itself: one response a delivery. The lists may show it only later, and then the next poll finds it. */
export const webhooks: WebhookPort = {
  greet: () => null,
  verify: isSigned,
  hints: ({ body }): Hints => ({ hints: hintsOf(eventIn(body)), unread: [] }),
};
