import { chunk } from '../../../../src/kernel/lists.ts';
import { Outbox } from '../../../../src/sandbox/outbox.ts';
import { callOut } from '../../../../src/sandbox/outside.ts';
import { chance } from '../../../../src/sandbox/random.ts';
import { OAUTH_APP } from '../oauth/oauth.ts';
import type { News } from '../portal/news.ts';
import type { Portal } from '../portal/portal.ts';
import type { Shape } from '../wire/shapes.ts';
import { eventsFor } from './events.ts';
import { signatureHeaders } from './signatures.ts';
import type { Subscriptions } from './subscriptions.ts';

const BATCH_MAX = 100;
const RETRIES_MAX = 10;
const LOG_MAX = 100;

type Waiting = { readonly event: Shape; readonly attempt: number; readonly dueAtMs: number };

/** One delivery and how it went. */
export type Delivery = {
  readonly at: string;
  readonly events: number;
  readonly attempts: readonly number[];
  readonly status: number | null;
  readonly failed: string | null;
};

/** Sends what happens to those who want to hear of it: in batches, more than once, and again when it was not taken. */
export class Sender {
  readonly #portal: Portal;
  readonly #subscriptions: Subscriptions;
  readonly #outbox: Outbox<Waiting>;
  #log: readonly Delivery[] = [];
  #given = 0;
  #lost = 0;

  constructor(portal: Portal, subscriptions: Subscriptions) {
    this.#portal = portal;
    this.#subscriptions = subscriptions;
    this.#outbox = new Outbox({ now: portal.now, random: portal.random, switches: portal.switches, send: (due) => this.#sendAll(due) });
    portal.news.listen((news) => this.#note(news));
  }

  /** Newest first. */
  log(): readonly Delivery[] {
    return this.#log;
  }

  /** How many events still wait, and how many were given up after the last try. */
  counts(): { readonly waiting: number; readonly lost: number } {
    return { waiting: this.#outbox.waiting(), lost: this.#lost };
  }

  #note(news: News): void {
    if (this.#subscriptions.settings === null) return;
    const { switches, random, now } = this.#portal;
    this.#given += 1;
    const events = eventsFor(this.#portal, this.#subscriptions.all(), { news, eventId: this.#given });
    const sent = events.flatMap((event) =>
      switches.webhookDuplicates > 0 && chance(random, switches.webhookDuplicates) ? [event, event] : [event],
    );
    this.#outbox.put(sent.map((event) => ({ event, attempt: 0, dueAtMs: now().getTime() })));
  }

  /** Sends everything that is due, and is done when every answer has come or was waited for too long. */
  deliver(): Promise<void> {
    return this.#outbox.deliver();
  }

  close(): Promise<void> {
    return this.#outbox.close();
  }

  async #sendAll(due: readonly Waiting[]): Promise<void> {
    const batches = [...chunk(due, BATCH_MAX)];
    const atOnce = this.#subscriptions.settings?.throttling.maxConcurrentRequests ?? 1;
    const workers = Array.from({ length: Math.min(atOnce, batches.length) }, async () => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) await this.#send(batch);
    });
    await Promise.all(workers);
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const { settings } = this.#subscriptions;
    if (settings === null) return;
    const { switches, now } = this.#portal;
    const at = now();
    const body = JSON.stringify(batch.map(({ event, attempt }) => ({ ...event, attemptNumber: attempt })));
    const signed = { secret: OAUTH_APP.clientSecret, uri: settings.targetUrl, body, timestamp: String(at.getTime()) };
    const headers = signatureHeaders(switches.webhookSignatures.split(/\s+/), signed);
    const answer = await callOut(settings.targetUrl, { method: 'POST', headers, body, timeoutMs: switches.webhookTimeoutMs });
    const status = 'status' in answer ? answer.status : null;
    const attempts = [...new Set(batch.map(({ attempt }) => attempt))];
    const delivery = { at: at.toISOString(), events: batch.length, attempts, status, failed: 'failed' in answer ? answer.failed : null };
    this.#log = [delivery, ...this.#log].slice(0, LOG_MAX);
    if (status === null || status >= 400) this.#retry(batch);
  }

  /** Up to ten times more, spread over a day, each at a time of its own. */
  #retry(batch: readonly Waiting[]): void {
    const { switches, random, now } = this.#portal;
    const stepMs = switches.webhookDayMs / RETRIES_MAX;
    const again = batch.filter(({ attempt }) => attempt < RETRIES_MAX);
    this.#lost += batch.length - again.length;
    const laterMs = (attempt: number) => (attempt === 0 ? random() : 0.5 + random() / 2) * stepMs;
    const tried = again.map(({ event, attempt }) => ({
      event,
      attempt: attempt + 1,
      dueAtMs: now().getTime() + Math.ceil(laterMs(attempt)),
    }));
    this.#outbox.put(tried);
  }
}
