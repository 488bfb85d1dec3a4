import { Outbox } from '../../../src/sandbox/outbox.ts';
import { callOut } from '../../../src/sandbox/outside.ts';
import { chance, randomFrom, seedOf } from '../../../src/sandbox/random.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { renderResponse } from './render-response.ts';
import type { StoredResponse } from './store.ts';
import type { Switches } from './switches.ts';

/** A webhook of a survey. `requestJSON` is a template. */
export type Webhook = {
  readonly id: number;
  readonly surveyId: number;
  readonly description: string;
  readonly requestURL: string;
  readonly requestHeader: string;
  readonly requestJSON: string;
  readonly requestMethod: 'METHOD_POST' | 'METHOD_GET';
  readonly location: 'LOCATION_AFTER_SURVEY' | 'LOCATION_BEFORE_SURVEY';
};
export type WebhookGiven = Omit<Webhook, 'id' | 'surveyId'>;

type Waiting = { readonly webhook: Webhook; readonly body: string; readonly dueAtMs: number };
const TIMEOUT_MS = 10_000;

/** One header a line, as people type them. */
function headersIn(text: string): Readonly<Record<string, string>> {
  const lines = text
    .split(/\r?\n/)
    .map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()] as const);
  return Object.fromEntries(lines.filter(([name]) => name !== ''));
}

/** What the account tells by itself: once, unsigned, and without a second try. */
export class Webhooks {
  readonly #options: SandboxOptions;
  readonly #switches: Switches;
  readonly #outbox: Outbox<Waiting>;
  readonly #random: () => number;
  readonly #held = new Map<number, Webhook>();
  #made = 0;

  constructor(options: SandboxOptions, switches: Switches) {
    this.#options = options;
    this.#switches = switches;
    this.#random = randomFrom(seedOf(options.seed, 'webhooks'));
    this.#outbox = new Outbox({ now: options.now, random: this.#random, switches, send: (due) => this.#sendAll(due) });
  }

  of(surveyId: number): readonly Webhook[] {
    return [...this.#held.values()].filter((one) => one.surveyId === surveyId);
  }

  add(surveyId: number, given: WebhookGiven): Webhook {
    this.#made += 1;
    const webhook = { ...given, surveyId, id: 7_000 + this.#made };
    this.#held.set(webhook.id, webhook);
    return webhook;
  }

  replace(before: Webhook, given: Partial<WebhookGiven>): Webhook {
    const webhook = { ...before, ...given };
    this.#held.set(before.id, webhook);
    return webhook;
  }

  remove(id: number): boolean {
    return this.#held.delete(id);
  }

  /** A response is finished. */
  tell(response: StoredResponse): void {
    if (response.status !== 'Completed') return;
    for (const webhook of this.of(response.survey.id)) {
      if (webhook.location !== 'LOCATION_AFTER_SURVEY' || this.#happens(this.#switches.webhookLoss)) continue;
      const one = { webhook, body: this.#bodyOf(webhook, response), dueAtMs: this.#options.now().getTime() };
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

  #bodyOf({ requestJSON }: Webhook, response: StoredResponse): string {
    const shown = renderResponse(response, this.#switches);
    const whole = JSON.stringify(this.#switches.webhookWrapped ? { response: shown } : shown);
    // Put in as it is written, a quote in an answer breaks the JSON around it.
    const body =
      this.#switches.webhookBroken && response.comment !== null
        ? whole.replace(JSON.stringify(response.comment), `"${response.comment}""`)
        : whole;
    return requestJSON.replaceAll('{complete_response}', body);
  }

  async #sendAll(due: readonly Waiting[]): Promise<void> {
    for (const { webhook, body } of due)
      await callOut(webhook.requestURL, { method: 'POST', headers: headersIn(webhook.requestHeader), body, timeoutMs: TIMEOUT_MS });
  }
}
