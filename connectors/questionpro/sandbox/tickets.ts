import type { Context, Hono } from 'hono';
import { chance, pick } from '../../../src/sandbox/random.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { PageAsk, Refusal } from './envelopes.ts';
import type { StoredResponse } from './store.ts';
import type { Switches } from './switches.ts';

/** The workspace of the account. */
export const WORKSPACE = 25_739;
const MANAGERS = [
  { name: 'Kim Ito', email: 'kim.ito@syncline.example' },
  { name: 'Nok Srisai', email: 'nok.srisai@syncline.example' },
] as const;
/** Only NEW and HIGH stand in the vendor's pages; the others are what such services have. */
type Status = 'NEW' | 'OPEN' | 'PENDING' | 'ESCALATED' | 'RESOLVED' | 'CLOSED';
type Priority = 'LOW' | 'MEDIUM' | 'HIGH';

/** What opens a ticket: a response, or a person by hand. */
export type TicketGiven = {
  readonly response?: StoredResponse;
  readonly description?: string;
  readonly customerName?: string;
  readonly customerEmail?: string;
  readonly priority?: Priority;
  readonly at?: Date;
};
export type Ticket = {
  readonly id: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt: number | null;
  readonly surveyId: number | null;
  readonly responseId: number | null;
  readonly priority: Priority;
  readonly status: Status;
  readonly description: string;
  readonly customerName: string;
  readonly customerEmail: string;
  readonly segmentCode: string;
  readonly assigned: (typeof MANAGERS)[number] | null;
};

const HOURS_72_MS = 72 * 3_600_000;
const FIRST_ID = 35_000;

/** The tickets of the closed loop, a service apart from the surveys. */
export class Tickets {
  readonly #options: SandboxOptions;
  readonly #random: () => number;
  readonly #held = new Map<number, Ticket>();
  #made = 0;

  constructor(options: SandboxOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  /** Those that were not deleted. */
  all(): readonly Ticket[] {
    return [...this.#held.values()].filter(({ deletedAt }) => deletedAt === null);
  }

  /** Those that the list shows. */
  listed({ ticketsShowDeleted }: Switches): readonly Ticket[] {
    return ticketsShowDeleted ? [...this.#held.values()] : this.all();
  }

  open({ response, at, ...given }: TicketGiven): number {
    this.#made += 1;
    const time = (at ?? this.#options.now()).getTime();
    const who = this.#options.town.people.find(({ key }) => key === response?.who);
    const ticket: Ticket = {
      id: FIRST_ID + this.#made,
      createdAt: time,
      updatedAt: time,
      deletedAt: null,
      surveyId: response?.survey.id ?? null,
      responseId: response?.id ?? null,
      priority: given.priority ?? 'HIGH',
      status: 'NEW',
      description: given.description ?? response?.comment ?? '',
      customerName: given.customerName ?? (who === undefined ? '' : `${who.firstName} ${who.lastName}`),
      customerEmail: given.customerEmail ?? response?.customs.custom1 ?? '',
      segmentCode: response?.segmentCode ?? 'S1',
      assigned: chance(this.#random, 0.7) ? pick(this.#random, MANAGERS) : null,
    };
    this.#held.set(ticket.id, ticket);
    return ticket.id;
  }

  edit(id: number, change: Partial<Pick<Ticket, 'status' | 'priority' | 'description' | 'assigned'>>): void {
    const before = this.#held.get(id);
    if (before === undefined || before.deletedAt !== null) throw new Error(`there is no ticket ${id}`);
    this.#held.set(id, { ...before, ...change, updatedAt: this.#options.now().getTime() });
  }

  /** Deletes a ticket, which leaves a trace of it; for good, where it leaves none. */
  remove(id: number, { forGood = false }: { readonly forGood?: boolean } = {}): void {
    const before = this.#held.get(id);
    if (before === undefined) throw new Error(`there is no ticket ${id}`);
    const at = this.#options.now().getTime();
    if (forGood) this.#held.delete(id);
    else this.#held.set(id, { ...before, deletedAt: at, updatedAt: at });
  }
}

/** A ticket as the service writes it: times in ISO, unlike anywhere else. */
function shown(ticket: Ticket, now: number): unknown {
  const { createdAt, updatedAt, deletedAt, segmentCode, assigned, ...rest } = ticket;
  const iso = (at: number): string => new Date(at).toISOString();
  const segment = { id: 188_600 + Number(segmentCode.slice(1)), code: segmentCode, name: `Unit ${segmentCode}` };
  const isOpen = ticket.status !== 'RESOLVED' && ticket.status !== 'CLOSED';
  return {
    ...rest,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    deletedAt: deletedAt === null ? null : iso(deletedAt),
    feedbackId: WORKSPACE,
    type: ticket.responseId === null ? 'MANUAL TICKET' : 'DETRACTOR TICKET',
    issueDate: iso(createdAt),
    isOverdue: isOpen && now - createdAt > HOURS_72_MS,
    originSegment: segment,
    currentSegment: segment,
    assignedUser: assigned,
  };
}

type Around = {
  readonly tickets: Tickets;
  readonly options: SandboxOptions;
  readonly switches: Switches;
  ordered(tickets: readonly Ticket[]): readonly Ticket[];
  pageAsk(c: Context): PageAsk | null;
  no(c: Context, refusal: Refusal, why?: string): Response;
};

/** The service's paths, with an envelope of its own. */
export function ticketRoutes(app: Hono, { tickets, options, switches, ordered, pageAsk, no }: Around): void {
  app.get('/workspaces/:workspace/tickets', (c) => {
    if (c.req.param('workspace') !== String(WORKSPACE)) return no(c, 'missing');
    const ask = pageAsk(c);
    if (ask === null) return no(c, 'url', 'page and perPage are whole numbers from 1');
    const perPage = Math.min(ask.perPage, switches.ticketsPerPage);
    const all = ordered(tickets.listed(switches));
    return c.json({
      status: 'success',
      message: 'All tickets fetched successfully',
      data: all.slice((ask.page - 1) * perPage, ask.page * perPage).map((ticket) => shown(ticket, options.now().getTime())),
      pagerOptions: { pagerDto: { pageNumber: ask.page, perPage }, totalCount: all.length },
    });
  });
}
