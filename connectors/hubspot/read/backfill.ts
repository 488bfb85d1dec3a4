import type { Ask } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { Page } from '../../../src/contract/records.ts';
import { asRefusal } from '../http/errors.ts';
import type { VendorRecord } from '../http/wire.ts';
import type { Room } from '../room.ts';
import { type AskedTies, askTies, isAskedFor, tiesOfListed } from './backfill-ties.ts';
import { afterBackfill, type BackfillCursor, DEEP_REACH_MS, type Way } from './cursor.ts';
import { enterList, listed, type Piece, searched, showsOf } from './listing.ts';
import { observeRecords } from './observe.ts';
import { latest, shift } from './times.ts';

// As many pages as one request for associations takes.
const TIED_RECORDS = 1000;
// Until here nobody would notice which way is taken.
const LISTED_FIRST = 20;

type Position = { readonly way: Way; readonly after: string | null; readonly startedAt: string | null };
type Step = { readonly piece: Piece; readonly to: Position & { readonly startedAt: string } };
type Gathered = {
  readonly steps: readonly Step[];
  /** The refusal that ended the gathering early. */
  readonly cut: HubError | null;
};

/**
 * Everything, in order of id. By the list: one request for each hundred, associations included; their labels, or which of several is the
 * primary one where no property says it, cost one more for each thousand. By the search, where that takes far fewer requests: two hundred at a
 * time of what is old enough to be in the index for certain, and then the list from there.
 *
 * Never by an export, though that takes the fewest requests of all: its file of people lies open to anyone who learns its address, it has neither
 * primaries nor a position to go on from, and an account has thirty of them a day for everybody in it.
 */
export async function* backfill(room: Room, from: BackfillCursor | null, ask: Ask): AsyncIterable<Page> {
  const ties = await askTies(room, ask.fields);
  const switchesAt = isSearchBetter(room, ask.fields, ties) ? LISTED_FIRST : Number.POSITIVE_INFINITY;
  let at: Position = { way: from?.way ?? 'list', after: from?.after ?? null, startedAt: from?.startedAt ?? null };
  let pages = 0;
  do {
    const gathering = gather(room, at, { fields: ask.fields, ties });
    const { steps, cut } = await (from !== null && pages === 0 ? gathering.catch(ofPosition) : gathering);
    const tiesOf = await tiesOfListed(
      room,
      steps.flatMap(({ piece }) => piece.records),
      ties,
      at.way,
    );
    for (const { piece, to } of steps) {
      room.hubspot.signal.throwIfAborted();
      const seen = await observeRecords(room, piece.records, { fields: ask.fields, tiesOf });
      pages += 1;
      at = to.way === 'list' && to.after !== null && pages >= switchesAt ? { ...to, ...searchFrom(piece, to) } : to;
      const { way, after, startedAt } = at;
      const cursor =
        after === null ? afterBackfill(to.startedAt, room.hubspot.indexLagMs) : { v: 1, phase: 'backfill', after, startedAt, way };
      yield { seen, cursor };
      // What was gathered beyond it is read again, two hundred at a time.
      if (way !== to.way) break;
    }
    if (cut !== null) throw cut;
  } while (at.after !== null);
}

const searchFrom = ({ records }: Piece, { after }: Position) => ({ way: 'search' as const, after: records.at(-1)?.id ?? after });

// The search has a pace of its own, four times slower, so it has to spare more than half of the requests.
function isSearchBetter({ type, hubspot }: Room, fields: readonly string[], ties: readonly AskedTies[]): boolean {
  const byList = (showsOf(type, fields, ties).fits ? 10 : 20) + ties.filter(isAskedFor).length;
  const bySearch = 5 + ties.length;
  return hubspot.firstLoad === 'fewest_calls' ? bySearch < byList : hubspot.firstLoad === 'auto' && bySearch < byList / 2;
}

async function gather(
  room: Room,
  from: Position,
  { fields, ties }: { readonly fields: readonly string[]; readonly ties: readonly AskedTies[] },
): Promise<Gathered> {
  const steps: Step[] = [];
  const isWide = from.way === 'search' || ties.some(isAskedFor);
  let at = from;
  let count = 0;
  do {
    const piece = await onePiece(room, at, { fields, ties }).catch(asRefusal);
    if (piece instanceof HubError) {
      // What was listed before is handed on, so that every try gets on.
      if (steps.length === 0) throw piece;
      return { steps, cut: piece };
    }
    if (piece.after !== null && piece.after === at.after)
      throw new HubError('broken_answer', `HubSpot's list of ${room.type.name} does not go on`);
    const startedAt = at.startedAt ?? startOf(piece);
    const to = { ...nextOf(at.way, piece, at.after), startedAt };
    steps.push({ piece, to });
    count += piece.records.length;
    at = to;
  } while (at.after !== null && at.way === from.way && isWide && count < TIED_RECORDS);
  return { steps, cut: null };
}

// Whether it is the stored position that is refused, or the list itself, the first page tells.
function ofPosition(error: unknown): never {
  if (!(error instanceof HubError) || error.kind !== 'misconfigured') throw error;
  throw new HubError('cursor_expired', `HubSpot does not take the stored position: ${error.message}`, { cause: error });
}

// Without a Date header the newest change on the page is surely not later than now.
function startOf({ servedAt, records }: Piece): string {
  return servedAt ?? latest(records.map(({ updatedAt }: VendorRecord) => updatedAt)) ?? new Date(0).toISOString();
}

function nextOf(way: Way, { after, records }: Piece, before: string | null): Pick<Position, 'way' | 'after'> {
  if (way === 'search' && after === null) return { way: 'enter', after: records.at(-1)?.id ?? before };
  return { way: way === 'enter' ? 'rest' : way, after };
}

type Wanted = { readonly fields: readonly string[]; readonly ties: readonly AskedTies[] };

function onePiece(room: Room, { way, after, startedAt }: Position, { fields, ties }: Wanted): Promise<Piece> {
  const shows = showsOf(room.type, fields, ties);
  if (way === 'enter') return enterList(room, after, shows);
  if (way !== 'search') return listed(room, after, shows);
  return searched(room, after, { properties: shows.properties, before: shift(startedAt ?? new Date(0).toISOString(), -DEEP_REACH_MS) });
}
