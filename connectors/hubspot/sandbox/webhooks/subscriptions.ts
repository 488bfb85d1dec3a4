import type { Portal } from '../portal/portal.ts';
import { invalid, notFound } from '../wire/refusal.ts';
import { object, optionalText, type Shape, text } from '../wire/shapes.ts';

const NAMED = ['contact', 'company', 'deal', 'ticket', 'line_item', 'product', 'object'];
const KINDS = ['creation', 'deletion', 'merge', 'restore', 'propertyChange', 'associationChange'];
const UNSUBSCRIBABLE = ['hs_communication_body', 'hs_email_html', 'hs_lastmodifieddate', 'num_unique_conversion_events'];
const SUBSCRIPTIONS_MAX = 1000;
const CONCURRENT_MIN = 6;

export type Subscription = {
  readonly id: string;
  readonly eventType: string;
  readonly propertyName?: string;
  readonly objectTypeId?: string;
  readonly active: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
};
export type Settings = {
  readonly targetUrl: string;
  readonly throttling: { readonly maxConcurrentRequests: number };
  readonly createdAt: string;
  readonly updatedAt: string;
};

function demandKnown(eventType: string): void {
  const [what = '', kind = ''] = eventType.split('.');
  const isKnown = NAMED.includes(what) && KINDS.includes(kind) && !(what === 'product' && kind === 'associationChange');
  if (!isKnown && eventType !== 'contact.privacyDeletion') throw invalid(`There is no event type ${eventType}`);
}

/** Where an app wants to hear what, by its developer's settings. */
export class Subscriptions {
  readonly #portal: Portal;
  #settings: Settings | null = null;
  #all: readonly Subscription[] = [];
  #last = 0;

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  get settings(): Settings | null {
    return this.#settings;
  }

  demandSettings(): Settings {
    if (this.#settings === null) throw notFound();
    return this.#settings;
  }

  configure(raw: Shape): Settings {
    const targetUrl = text(raw.targetUrl, 'targetUrl');
    if (!URL.canParse(targetUrl)) throw invalid(`${targetUrl} is not an address`);
    const wanted = Number(object(raw.throttling ?? {}, 'throttling').maxConcurrentRequests ?? 10);
    if (!(wanted >= CONCURRENT_MIN)) throw invalid('maxConcurrentRequests must be greater than 5');
    const at = this.#portal.now().toISOString();
    const createdAt = this.#settings?.createdAt ?? at;
    this.#settings = { targetUrl, throttling: { maxConcurrentRequests: wanted }, createdAt, updatedAt: at };
    return this.#settings;
  }

  stop(): void {
    this.#settings = null;
  }

  all(): readonly Subscription[] {
    return this.#all;
  }

  get(id: string): Subscription {
    const found = this.#all.find((one) => one.id === id);
    if (found === undefined) throw notFound();
    return found;
  }

  add(raw: Shape): Subscription {
    const eventType = text(raw.eventType, 'eventType');
    demandKnown(eventType);
    if (this.#all.length >= SUBSCRIPTIONS_MAX) throw invalid(`At most ${SUBSCRIPTIONS_MAX} subscriptions`);
    const propertyName = optionalText(raw.propertyName, 'propertyName');
    if (eventType.endsWith('.propertyChange') && propertyName === undefined) throw invalid('propertyName is required');
    if (UNSUBSCRIBABLE.includes(propertyName ?? '')) throw invalid(`${propertyName} cannot be subscribed to`);
    const objectTypeId = optionalText(raw.objectTypeId, 'objectTypeId');
    if (eventType.startsWith('object.') && objectTypeId === undefined) throw invalid('objectTypeId is required');
    const at = this.#portal.now().toISOString();
    this.#last += 1;
    const subscription = {
      id: String(this.#last),
      eventType,
      ...(propertyName === undefined ? {} : { propertyName }),
      ...(objectTypeId === undefined ? {} : { objectTypeId }),
      active: raw.active === true,
      createdAt: at,
      updatedAt: at,
    };
    this.#all = [...this.#all, subscription];
    return subscription;
  }

  setActive(id: string, active: boolean): Subscription {
    const after = { ...this.get(id), active, updatedAt: this.#portal.now().toISOString() };
    this.#all = this.#all.map((one) => (one.id === id ? after : one));
    return after;
  }

  remove(id: string): void {
    this.get(id);
    this.#all = this.#all.filter((one) => one.id !== id);
  }
}
