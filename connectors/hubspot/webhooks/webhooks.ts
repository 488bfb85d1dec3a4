import { HubError } from '../../../src/contract/errors.ts';
import { readJson } from '../../../src/contract/raw.ts';
import type { Hint, Hints, WebhookPort } from '../../../src/contract/webhook.ts';
import { indexBy } from '../../../src/kernel/lists.ts';
import { broken } from '../http/shapes.ts';
import { hintsOfEvent } from './events.ts';
import { isSigned } from './signatures.ts';

/** What HubSpot tells by itself: lists of up to a hundred events, in no order, and more than once. */
export const webhooks: WebhookPort = {
  // HubSpot does not ask an address whether it is ours before it calls it.
  greet: () => null,
  verify: isSigned,
  hints: ({ body }) => readEvents(parse(body)),
};

function parse(body: Uint8Array): readonly unknown[] {
  try {
    const parsed = readJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch (error) {
    throw new HubError('broken_answer', 'HubSpot sent something that is not JSON', { cause: error });
  }
}

function readEvents(events: readonly unknown[]): Hints {
  const hints: Hint[] = [];
  const unread: string[] = [];
  for (const event of events) {
    try {
      hints.push(...hintsOfEvent(event));
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      unread.push(error.message);
    }
  }
  if (unread.length > 0 && hints.length === 0 && unread.length === events.length) throw broken('a delivery', 'a list of events');
  return {
    hints: [...indexBy(hints, ({ object, id, reason, account }) => JSON.stringify([object, id, reason, account])).values()],
    unread,
  };
}
