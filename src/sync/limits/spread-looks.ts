import { postpone, type Stream } from '../../hub/connections/connections.ts';
import { readAllowance } from '../../hub/limits/allowances.ts';
import { dayOf, leftOf } from '../../hub/limits/day.ts';
import type { OpenConnection } from '../connecting/session.ts';
import type { Engine } from '../engine.ts';

/** How much of what is left of the day goes into looks; the rest is for what cannot wait for one. */
const FOR_LOOKS = 0.8;

/**
 * Puts the next look of a stream off, where its vendor counts the calls of a day: so far that looks that cost what they usually do last until the day
 * is over. Else a small day would be used up in its first hours, and nothing would be seen for the rest of it. `calls`: what this one took.
 */
export async function spreadLooks(engine: Engine, opened: OpenConnection, stream: Stream, calls: number): Promise<void> {
  const cost = engine.paces.get(stream.connectionId)?.costOfLook(calls) ?? calls;
  const kind = opened.connector.manifest.day;
  const row = kind === undefined ? undefined : await readAllowance(engine.hub, stream.connectionId);
  if (kind === undefined || row === undefined) return;
  const day = await dayOf(engine.hub, stream.connectionId, { ...row, ends: kind.ends });
  const left = Math.min(...Object.values(leftOf(day)));
  if (!Number.isFinite(left)) return;
  const everyMs = left <= 0 ? day.resetsInMs : Math.min(day.resetsInMs, (day.resetsInMs * cost) / (left * FOR_LOOKS));
  await postpone(engine.hub, stream.id, everyMs);
}
