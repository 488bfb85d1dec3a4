import type { Look } from '../../contract/connector.ts';
import type { Stream } from '../../hub/connections/connections.ts';
import { readCursor } from '../../hub/connections/cursors.ts';
import type { OpenConnection } from '../connecting/session.ts';
import type { Engine } from '../engine.ts';
import { askFor, type Work } from '../work.ts';

/** What is due so soon joins a look that is taken anyway, where it costs no call of its own. */
const SOON = 0.2;

type Choice = { readonly look: (stream: Stream) => boolean; readonly looksBySchedule: boolean };

/** The streams to look at: those whose turn it is, and where one call serves several, those whose turn is next. */
export function chooseLooks(opened: OpenConnection, works: readonly Work[], { look, looksBySchedule }: Choice): readonly Work[] {
  const due = works.filter(({ stream }) => look(stream));
  if (due.length === 0 || opened.ports.together === undefined || !looksBySchedule) return due;
  return works.filter((work) => due.includes(work) || isNext(work.stream));
}

const isNext = ({ backfilled, dueInMs, everyMs }: Stream): boolean => backfilled && dueInMs !== null && dueInMs <= everyMs * SOON;

/** Asks for what several looks begin with by one call; null where each asks for itself. Whoever is done calls what it gives back. */
export async function askTogether(engine: Engine, opened: OpenConnection, works: readonly Work[]): Promise<(() => void) | null> {
  const { together } = opened.ports;
  const later = works.filter(({ stream }) => stream.backfilled);
  if (together === undefined || later.length < 2) return null;
  const looks: Look[] = [];
  for (const work of later) {
    const from = await readCursor(engine.hub, work.stream.id, 'all');
    if (from !== null) looks.push({ object: work.stream.object, from, ask: askFor(engine, work, 'all') });
  }
  return looks.length < 2 ? null : together(looks);
}
