import { EVENT_TYPES, type EventType } from '../events.ts';
import { badBody, notFound, Refusal } from '../wire/refusal.ts';
import { onlyKnown, optionalText, optionalTruth, type Shape, text, texts, word } from '../wire/shapes.ts';
import type { World } from '../world.ts';

const OBJECT_TYPES = ['survey', 'collector'] as const;
const KNOWN = ['name', 'event_type', 'object_type', 'object_ids', 'subscription_url', 'authorization', 'verify_ssl', 'bypass_ping'];
/** They are about no survey that there is yet. */
const WITHOUT_OBJECT: readonly EventType[] = ['survey_created', 'app_installed', 'app_uninstalled'];

export type Webhook = {
  readonly id: string;
  readonly name: string;
  readonly eventType: EventType;
  readonly objectType: (typeof OBJECT_TYPES)[number] | null;
  readonly objectIds: readonly string[];
  readonly url: string;
  readonly authorization: string | null;
  readonly verifySsl: boolean;
};
export type WebhookGiven = Omit<Webhook, 'id'>;

/** What a registration asks for, or a 400 that says why it cannot be. */
export function readWebhook(body: Shape): WebhookGiven {
  onlyKnown(body, KNOWN);
  const eventType = word(body.event_type, EVENT_TYPES, 'event_type');
  const url = text(body.subscription_url, 'subscription_url');
  if (!URL.canParse(url)) throw badBody('subscription_url is an address.');
  const whole = { name: text(body.name, 'name'), eventType, url };
  const ways = {
    authorization: optionalText(body.authorization, 'authorization') ?? null,
    verifySsl: optionalTruth(body.verify_ssl, 'verify_ssl') ?? true,
  };
  if (WITHOUT_OBJECT.includes(eventType)) {
    if (body.object_type !== undefined || body.object_ids !== undefined)
      throw badBody(`${eventType} has no object_type and no object_ids.`);
    return { ...whole, ...ways, objectType: null, objectIds: [] };
  }
  const objectType = word(body.object_type, OBJECT_TYPES, 'object_type');
  if (objectType === 'collector' && (eventType === 'collector_created' || eventType.startsWith('survey_')))
    throw badBody(`${eventType} cannot be filtered by collector.`);
  const objectIds = texts(body.object_ids, 'object_ids');
  if (objectIds.length === 0) throw badBody('object_ids is required.');
  return { ...whole, ...ways, objectType, objectIds };
}

/** The webhooks of the account: one kind of event each, and no two with one address. */
export class Webhooks {
  readonly #world: World;
  readonly #all = new Map<string, Webhook>();

  constructor(world: World) {
    this.#world = world;
  }

  all(): readonly Webhook[] {
    return [...this.#all.values()];
  }

  get(id: string): Webhook {
    const webhook = this.#all.get(id);
    if (webhook === undefined) throw notFound();
    return webhook;
  }

  demandFreeUrl(url: string, except?: string): void {
    if (!this.all().some((webhook) => webhook.url === url && webhook.id !== except)) return;
    throw this.#world.switches.sameUrlStatus === 409 ? new Refusal(1026) : badBody('subscription_url is taken.');
  }

  add(given: WebhookGiven): Webhook {
    return this.replace(this.#world.ids.next('webhook'), given);
  }

  replace(id: string, given: WebhookGiven): Webhook {
    const webhook = { id, ...given };
    this.#all.set(id, webhook);
    return webhook;
  }

  remove(id: string): void {
    this.get(id);
    this.#all.delete(id);
  }
}
