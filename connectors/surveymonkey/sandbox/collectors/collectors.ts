import { notFound } from '../wire/refusal.ts';
import type { Shape } from '../wire/shapes.ts';
import type { World } from '../world.ts';

export const COLLECTOR_TYPES = ['weblink', 'email', 'sms', 'popup'] as const;
export const ANONYMOUS_TYPES = ['not_anonymous', 'partially_anonymous', 'fully_anonymous'] as const;
export type Collector = {
  readonly id: string;
  readonly surveyId: string;
  readonly type: (typeof COLLECTOR_TYPES)[number];
  readonly name: string;
  readonly status: 'open' | 'closed';
  readonly anonymousType: (typeof ANONYMOUS_TYPES)[number];
  readonly senderEmail: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
};
export type CollectorGiven = Pick<Collector, 'type'> & Partial<Pick<Collector, 'name' | 'status' | 'anonymousType' | 'senderEmail'>>;

/** The doors through which answers come. */
export class Collectors {
  readonly #world: World;
  readonly #all = new Map<string, Collector>();

  constructor(world: World) {
    this.#world = world;
  }

  of(surveyId: string): readonly Collector[] {
    return [...this.#all.values()].filter((collector) => collector.surveyId === surveyId);
  }

  get(id: string): Collector {
    const collector = this.#all.get(id);
    if (collector === undefined) throw notFound();
    return collector;
  }

  add(surveyId: string, given: CollectorGiven): Collector {
    const at = this.#world.stamp();
    const initial = { name: 'New collector', status: 'open', anonymousType: 'not_anonymous', senderEmail: '' } as const;
    const collector = { ...initial, ...given, id: this.#world.ids.next('collector'), surveyId, createdAt: at, modifiedAt: at };
    this.#all.set(collector.id, collector);
    this.#world.tell({ event: 'collector_created', surveyId, collectorId: collector.id });
    return collector;
  }

  edit(id: string, changes: Partial<CollectorGiven>): Collector {
    const collector = { ...this.get(id), ...changes, modifiedAt: this.#world.stamp() };
    this.#all.set(id, collector);
    this.#world.tell({ event: 'collector_updated', surveyId: collector.surveyId, collectorId: id });
    return collector;
  }

  remove(id: string): void {
    const { surveyId } = this.get(id);
    this.#all.delete(id);
    this.#world.tell({ event: 'collector_deleted', surveyId, collectorId: id });
  }
}

export function renderCollector(world: World, collector: Collector, responseCount: number): Shape {
  const { id, type, name, status, anonymousType, senderEmail, createdAt, modifiedAt, surveyId } = collector;
  return {
    id,
    survey_id: surveyId,
    name,
    type,
    status,
    anonymous_type: anonymousType,
    sender_email: senderEmail === '' ? null : senderEmail,
    url: type === 'weblink' ? `https://www.surveymonkey.com/r/${id}` : null,
    response_count: responseCount,
    thank_you_message: 'Thank you for completing our survey!',
    closed_page_message: 'This survey is currently closed.',
    disqualification_message: 'Thank you for your time.',
    redirect_url: null,
    close_date: null,
    edit_response_type: 'until_complete',
    date_created: world.shown(createdAt),
    date_modified: world.shown(modifiedAt),
    href: world.href(`/collectors/${id}`),
  };
}
