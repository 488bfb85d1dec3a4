import type { Ask, Reader, Session } from '../../../src/contract/connector.ts';
import { keptInstant, unusableCursor } from '../../../src/contract/kept-cursor.ts';
import { number } from '../../../src/contract/raw.ts';
import type { Cursor, Observation, Page } from '../../../src/contract/records.ts';
import { groupBy } from '../../../src/kernel/lists.ts';
import { requireUsable } from '../cursor.ts';
import { FROM_THE_START, type Place, sweep } from '../sweep.ts';
import { ticketPage, workspaces } from './list.ts';
import { changedAtOf, idOf, observe, type Placed } from './observation.ts';
import type { Ticket } from './wire.ts';

/** Reading everything: workspace after workspace. */
type All = Place & { readonly v: 1; readonly phase: 'tickets'; readonly at: number; readonly startedAt: string | null };
/** Looking for what came since. */
type Since = { readonly v: 1; readonly phase: 'tickets_since'; readonly startedAt: string | null };

const SLACK_MS = 48 * 3_600_000;
const unusable = unusableCursor('ticket');

function readCursor(from: Cursor): All | Since {
  if (from.v !== 1) throw unusable('is of another version');
  const startedAt = keptInstant(from.startedAt, unusable);
  if (from.phase === 'tickets_since') return { v: 1, phase: 'tickets_since', startedAt };
  const [at, page] = [number(from.at), number(from.page)];
  if (from.phase !== 'tickets' || at === null || page === null || page < 1) throw unusable('cannot be read');
  const [read, total] = [number(from.read) ?? 0, number(from.total)];
  return { v: 1, phase: 'tickets', at, startedAt, page, again: from.again === true, read, total };
}

/** One look at all workspaces. `servedAt` is the vendor's time of the first answer. */
type Looking = { readonly session: Session; readonly ask: Ask; servedAt: string | null };

function read(looking: Looking, workspace: string, place: Place) {
  const { ask, session } = looking;
  const unknown = async (tickets: readonly Ticket[]): Promise<readonly Ticket[]> => {
    const there = tickets.filter(isThere);
    const keys = there.map((ticket) => ({ id: idOf({ workspace, ticket }), changedAt: changedAtOf(ticket) }));
    const known = await ask.known(keys);
    return there.filter((_ticket, i) => !known.has(keys[i]?.id ?? ''));
  };
  const list = async (page: number) => {
    const { servedAt, ...listed } = await ticketPage(session, workspace, page);
    looking.servedAt ??= servedAt;
    return listed;
  };
  return sweep({ list, unknown }, place);
}

// Nobody promises that the list shows deleted ones, so that no look counts on it: sweeps find them.
const isThere = ({ deletedAt }: Ticket): boolean => deletedAt === null;

const observed = (rows: readonly Ticket[], workspace: string, { fields }: Ask): readonly Observation[] =>
  rows.filter(isThere).map((ticket) => observe({ workspace, ticket }, fields));

async function* readAll(looking: Looking, from: All): AsyncGenerator<Page> {
  const all = workspaces(looking.session);
  let place: Place = from;
  for (const [at, workspace] of all.entries()) {
    if (at < from.at) continue;
    for await (const { rows, next, total } of read(looking, workspace, place)) {
      const { page, again, read: seen, total: counted } = next;
      const startedAt = from.startedAt ?? looking.servedAt;
      const cursor: All = { v: 1, phase: 'tickets', at, startedAt, page, again, read: seen, total: counted };
      yield { seen: observed(rows, workspace, looking.ask), cursor, ...(total === null || all.length > 1 ? {} : { total }) };
    }
    place = FROM_THE_START;
  }
  yield { seen: [], cursor: { v: 1, phase: 'tickets_since', startedAt: from.startedAt ?? looking.servedAt } satisfies Since };
}

/** The list names no time to begin at, so it is read whole, and shows what the hub does not hold. The cursor stays until all of it is stored. */
async function* readNews(looking: Looking, cursor: Since): AsyncGenerator<Page> {
  for (const workspace of workspaces(looking.session)) {
    for await (const { rows } of read(looking, workspace, { ...FROM_THE_START, again: true })) {
      requireUsable(cursor, looking.servedAt, SLACK_MS);
      yield { seen: observed(rows, workspace, looking.ask), cursor };
    }
  }
  yield { seen: [], cursor: { ...cursor, startedAt: looking.servedAt ?? cursor.startedAt } };
}

async function placedBy(looking: Looking, ids: readonly string[]): Promise<ReadonlyMap<string, Placed>> {
  const wanted = new Set(ids);
  const known = new Set(workspaces(looking.session));
  const found = new Map<string, Placed>();
  for (const workspace of groupBy(ids, (id) => id.split(':')[0] ?? '').keys()) {
    if (!known.has(workspace)) continue;
    for await (const { rows } of read(looking, workspace, FROM_THE_START)) {
      for (const ticket of rows) if (wanted.has(idOf({ workspace, ticket }))) found.set(idOf({ workspace, ticket }), { workspace, ticket });
    }
  }
  return found;
}

/** Tickets of the closed loop, which are only read. No call shows one of them, or those that changed, so a look is one at the whole list. */
export function openTickets(session: Session): Reader {
  return {
    async *changes(from, ask) {
      const looking: Looking = { session, ask, servedAt: null };
      const cursor: All | Since = from === null ? { v: 1, phase: 'tickets', at: 0, startedAt: null, ...FROM_THE_START } : readCursor(from);
      yield* cursor.phase === 'tickets' ? readAll(looking, cursor) : readNews(looking, cursor);
    },
    async byIds(ids, ask) {
      if (ids.length === 0) return [];
      const looking: Looking = { session, ask: { ...ask, known: async () => new Set() }, servedAt: null };
      const found = await placedBy(looking, ids);
      return ids.map((id) => {
        const placed = found.get(id);
        return placed === undefined
          ? { kind: 'gone', id, changedAt: looking.servedAt ?? new Date(0).toISOString() }
          : observe(placed, ask.fields);
      });
    },
  };
}
