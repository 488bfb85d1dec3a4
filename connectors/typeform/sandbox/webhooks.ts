import { createHmac } from 'node:crypto';
import { Outbox } from '../../../src/sandbox/outbox.ts';
import { callOut } from '../../../src/sandbox/outside.ts';
import { chance, randomFrom, seedOf } from '../../../src/sandbox/random.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { Form } from './forms.ts';
import { renderForm, renderResponse } from './render.ts';
import type { StoredResponse } from './store.ts';
import type { Switches } from './switches.ts';

/** A webhook of a form, as it was put there. The secret is never shown. */
export type Webhook = {
  readonly id: string;
  readonly formId: string;
  readonly tag: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly secret: string | null;
  readonly events: ReadonlySet<string>;
  readonly madeAt: string;
  readonly changedAt: string;
};

type Waiting = { readonly formId: string; readonly tag: string; readonly body: string; readonly attempt: number; readonly dueAtMs: number };

// 408, 423, 429, and 503 are tried every few minutes for ten hours; other failures in these minutes after the first.
const SHORTLY = new Set([408, 423, 429, 503]);
const SHORTLY_MINUTES = 3;
const SHORTLY_TRIES = 200;
const BACK_OFF_MINUTES = [5, 10, 20, 60, 120, 180, 240];
const SWITCHES_OFF = new Set([404, 410]);

/** What the account tells by itself. */
export class Webhooks {
  readonly #options: SandboxOptions;
  readonly #switches: Switches;
  readonly #outbox: Outbox<Waiting>;
  readonly #random: () => number;
  readonly #held = new Map<string, Webhook>();
  #events = 0;

  constructor(options: SandboxOptions, switches: Switches) {
    this.#options = options;
    this.#switches = switches;
    this.#random = randomFrom(seedOf(options.seed, 'webhooks'));
    this.#outbox = new Outbox({ now: options.now, random: this.#random, switches, send: (due) => this.#sendAll(due) });
  }

  of(formId: string): readonly Webhook[] {
    return [...this.#held.values()].filter((one) => one.formId === formId);
  }

  /** Makes it or replaces it; a secret that is not said stays. */
  put(given: Pick<Webhook, 'formId' | 'tag' | 'url' | 'enabled' | 'secret' | 'events'>): Webhook {
    const key = `${given.formId}/${given.tag}`;
    const before = this.#held.get(key);
    const now = this.#options.now().toISOString();
    const webhook = {
      ...given,
      id: before?.id ?? `wh_${this.#held.size + 1}`,
      secret: given.secret ?? before?.secret ?? null,
      madeAt: before?.madeAt ?? now,
      changedAt: now,
    };
    this.#held.set(key, webhook);
    return webhook;
  }

  remove(formId: string, tag: string): boolean {
    return this.#held.delete(`${formId}/${tag}`);
  }

  /** A response came, or was saved half-way. */
  tell(response: StoredResponse): void {
    const type = response.state === 'completed' ? 'form_response' : 'form_response_partial';
    for (const { formId, tag, events, enabled } of this.of(response.form.id)) {
      if (!enabled || !events.has(type) || this.#happens(this.#switches.webhookLoss)) continue;
      const one = { formId, tag, body: this.#bodyOf(response.form, response, type), attempt: 0, dueAtMs: this.#options.now().getTime() };
      this.#outbox.put(this.#happens(this.#switches.webhookDuplicates) ? [one, one] : [one]);
    }
  }

  deliver(): Promise<void> {
    return this.#outbox.deliver();
  }

  close(): Promise<void> {
    return this.#outbox.close();
  }

  // Nothing is drawn for what never happens, so that a switch moves no other dice.
  #happens(share: number): boolean {
    return share > 0 && chance(this.#random, share);
  }

  #bodyOf(form: Form, response: StoredResponse, type: string): string {
    this.#events += 1;
    const {
      landing_id: _landing,
      response_id: _response,
      response_type: _type,
      metadata: _metadata,
      ...shown
    } = renderResponse(response, null);
    const { id, title, fields } = renderForm(form, { created_at: '', last_updated_at: '' }, this.#options.origin()) as Readonly<
      Record<string, unknown>
    >;
    return JSON.stringify({
      event_id: `01SANDBOX${String(this.#events).padStart(8, '0')}`,
      event_type: type,
      form_response: { form_id: form.id, ...shown, definition: { id, title, fields } },
    });
  }

  async #sendAll(due: readonly Waiting[]): Promise<void> {
    for (const one of due) await this.#send(one);
  }

  async #send(waiting: Waiting): Promise<void> {
    const webhook = this.#held.get(`${waiting.formId}/${waiting.tag}`);
    if (webhook === undefined || !webhook.enabled) return;
    const { url, secret } = webhook;
    const signature =
      secret === null ? {} : { 'Typeform-Signature': `sha256=${createHmac('sha256', secret).update(waiting.body).digest('base64')}` };
    const headers = { 'Content-Type': 'application/json', 'User-Agent': 'Typeform Webhooks', ...signature };
    const answer = await callOut(url, { method: 'POST', headers, body: waiting.body, timeoutMs: this.#switches.webhookTimeoutMs });
    const status = 'status' in answer ? answer.status : null;
    if (status !== null && status < 300) return;
    if (status !== null && SWITCHES_OFF.has(status)) {
      this.put({ ...webhook, enabled: false });
      return;
    }
    const minutes =
      status !== null && SHORTLY.has(status)
        ? waiting.attempt < SHORTLY_TRIES
          ? SHORTLY_MINUTES
          : undefined
        : BACK_OFF_MINUTES[waiting.attempt];
    if (minutes === undefined) return;
    const dueAtMs = this.#options.now().getTime() + minutes * this.#switches.webhookMinuteMs;
    this.#outbox.put([{ ...waiting, attempt: waiting.attempt + 1, dueAtMs }]);
  }
}
