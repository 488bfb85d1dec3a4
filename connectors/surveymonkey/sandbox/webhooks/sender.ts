import { Outbox } from '../../../../src/sandbox/outbox.ts';
import { callOut } from '../../../../src/sandbox/outside.ts';
import { chance } from '../../../../src/sandbox/random.ts';
import { CLIENT_ID, CLIENT_SECRET } from '../access/grants.ts';
import type { Happening } from '../events.ts';
import { USER_ID } from '../users.ts';
import type { Shape } from '../wire/shapes.ts';
import type { World } from '../world.ts';
import { signatureOf } from './signature.ts';
import type { Webhook, Webhooks } from './webhooks.ts';

/** How many minutes after a failure it is tried again, one after the other. */
const RETRIES = [1, 5, 25];
const LOG_MAX = 100;

type Waiting = {
  readonly webhookId: string;
  readonly objectType: string;
  readonly body: string;
  readonly attempt: number;
  readonly dueAtMs: number;
};

/** One delivery and how it went. */
export type Delivery = {
  readonly at: string;
  readonly webhookId: string;
  readonly attempt: number;
  readonly status: number | null;
  readonly failed: string | null;
};

function isWanted({ eventType, objectType, objectIds }: Webhook, { event, surveyId, collectorId }: Happening): boolean {
  if (eventType !== event) return false;
  if (objectType === null) return true;
  return objectIds.includes((objectType === 'survey' ? surveyId : collectorId) ?? '');
}

/** Tells of what happens, by pointers: more than once, in any order, or not at all, as the account is told to. */
export class Sender {
  readonly #world: World;
  readonly #webhooks: Webhooks;
  readonly #outbox: Outbox<Waiting>;
  #log: readonly Delivery[] = [];
  #lost = 0;

  constructor(world: World, webhooks: Webhooks) {
    this.#world = world;
    this.#webhooks = webhooks;
    this.#outbox = new Outbox({ now: world.now, random: world.random, switches: world.switches, send: (due) => this.#sendAll(due) });
    world.listen((happening) => this.#note(happening));
  }

  /** Newest first. */
  log(): readonly Delivery[] {
    return this.#log;
  }

  /** How many still wait, and how many were given up after the last try or never went out. */
  counts(): { readonly waiting: number; readonly lost: number } {
    return { waiting: this.#outbox.waiting(), lost: this.#lost };
  }

  /** Sends everything that is due, and is done when every answer has come or was waited for too long. */
  deliver(): Promise<void> {
    return this.#outbox.deliver();
  }

  close(): Promise<void> {
    return this.#outbox.close();
  }

  #note(happening: Happening): void {
    const { switches, random, now } = this.#world;
    for (const webhook of this.#webhooks.all().filter((one) => isWanted(one, happening))) {
      if (switches.webhookLoss > 0 && chance(random, switches.webhookLoss)) {
        this.#lost += 1;
        continue;
      }
      const payload = this.#payload(webhook, happening);
      const one = { webhookId: webhook.id, objectType: String(payload.object_type), body: JSON.stringify(payload), attempt: 0 };
      const isTwice = switches.webhookDuplicates > 0 && chance(random, switches.webhookDuplicates);
      const made = { ...one, dueAtMs: now().getTime() };
      this.#outbox.put(isTwice ? [made, made] : [made]);
    }
  }

  // A pointer: nothing of what was answered. Whoever filters by survey is not told who answered.
  #payload({ name, objectType, eventType }: Webhook, { surveyId, collectorId, responseId, recipientId }: Happening): Shape {
    const { ids, shown, stamp } = this.#world;
    const [kind = ''] = eventType.split('_');
    const objectId = { response: responseId, collector: collectorId, survey: surveyId, app: CLIENT_ID }[kind];
    const filterId = objectType === 'survey' ? surveyId : collectorId;
    const respondent =
      objectType === 'collector' && responseId !== undefined ? { respondent_id: responseId, recipient_id: recipientId ?? '0' } : {};
    return {
      name,
      ...(objectType === null ? {} : { filter_type: objectType, filter_id: filterId }),
      event_type: eventType,
      event_id: ids.next('event'),
      object_type: kind,
      object_id: objectId,
      event_datetime: shown(stamp()),
      resources: {
        ...respondent,
        ...(surveyId === undefined ? {} : { survey_id: surveyId }),
        ...(collectorId === undefined ? {} : { collector_id: collectorId }),
        user_id: USER_ID,
      },
    };
  }

  async #sendAll(due: readonly Waiting[]): Promise<void> {
    for (const one of due) await this.#send(one);
  }

  async #send(waiting: Waiting): Promise<void> {
    const { webhookId, objectType, body, attempt } = waiting;
    const { switches, now } = this.#world;
    const webhook = this.#webhooks.all().find(({ id }) => id === webhookId);
    if (webhook === undefined) return;
    const headers = {
      'Content-Type': `application/vnd.surveymonkey.${objectType}.v1+json`,
      'Sm-Apikey': CLIENT_ID,
      'Sm-Signature': signatureOf(body, { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }),
      ...(webhook.authorization === null ? {} : { Authorization: webhook.authorization }),
    };
    const answer = await callOut(webhook.url, { method: 'POST', headers, body, timeoutMs: switches.webhookTimeoutMs });
    const status = 'status' in answer ? answer.status : null;
    const delivery = { at: now().toISOString(), webhookId, attempt, status, failed: 'failed' in answer ? answer.failed : null };
    this.#log = [delivery, ...this.#log].slice(0, LOG_MAX);
    if (status !== null && status < 300) return;
    const minutes = RETRIES[attempt];
    if (minutes === undefined) this.#lost += 1;
    else {
      const dueAtMs = now().getTime() + minutes * switches.webhookMinuteMs;
      this.#outbox.put([{ ...waiting, attempt: attempt + 1, dueAtMs }]);
    }
  }
}
