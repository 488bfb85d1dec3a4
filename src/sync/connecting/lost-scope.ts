import { sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import { HubError } from '../../contract/errors.ts';
import type { Stream } from '../../hub/connections/connections.ts';
import type { Db } from '../../hub/database.ts';
import type { Lacking } from '../../hub/stored.ts';
import type { Engine } from '../engine.ts';

/** How long an object rests before it is looked whether somebody has given back what it lacks. */
const REST_MS = 300_000;

type Place = { readonly stream: Pick<Stream, 'id' | 'object' | 'resumeInMs'> };

/** Which objects of a connection its credentials reach, as found while it is tended. */
export type Reach = {
  /** Does something for one object. When the credentials do not reach it, that object stands still with the reason, and the others go on: null. */
  within<T>(place: Place, work: () => Promise<T>): Promise<T | null>;
  isReached(place: Place): boolean;
  /**
   * Ends the tending: objects that were reached again say so. When not one was of those that `looks` says are looked at, that is the connection's
   * trouble.
   */
  conclude<W extends Place>(works: readonly W[], looks: (work: W) => boolean): Promise<void>;
};

export function openReach(engine: Engine): Reach {
  const lost = new Map<string, HubError>();
  const isReached = ({ stream }: Place): boolean => !lost.has(stream.id);
  return {
    isReached,
    async within(place, work) {
      if (!isReached(place)) return null;
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof HubError) || causeOf(error) !== 'scope_missing') throw error;
        lost.set(place.stream.id, error);
        await noteLost(engine, place.stream, error);
        return null;
      }
    },
    async conclude(works, looks) {
      const [first] = lost.values();
      const reached = works.filter(isReached);
      for (const { stream } of reached) if (stream.resumeInMs !== null) await noteReached(engine.hub, stream.id);
      if (first !== undefined && !reached.some(looks)) throw first;
    },
  };
}

async function noteLost(engine: Engine, stream: Place['stream'], error: HubError): Promise<void> {
  await engine.hub
    .updateTable('stream')
    .set({ cause: causeOf(error), reason: error.message, resume_at: sql`now() + ${REST_MS} * interval '1 ms'` })
    .where('id', '=', stream.id)
    .execute();
  engine.log.warn({ streamId: stream.id, object: stream.object, reason: error.message }, 'an object is out of reach');
}

// What the sign-in itself was not given stays told.
async function noteReached(db: Db, streamId: string): Promise<void> {
  await db.updateTable('stream').set({ cause: null, reason: null, resume_at: null }).where('id', '=', streamId).execute();
}

/**
 * Tells, object by object, what a sign-in was not given. They are tried all the same: a vendor knows best what it lets through. To make fields takes
 * no part in keeping records in step, so an object that lacks nothing else says nothing.
 */
export async function noteLacking(db: Db, connectionId: string, lacking: readonly Lacking[]): Promise<void> {
  const inTheWay = lacking.filter(({ act }) => act !== 'provision');
  for (const object of new Set(inTheWay.map((one) => one.object))) {
    const scopes = inTheWay.filter((one) => one.object === object).flatMap((one) => one.scopes);
    await db
      .updateTable('stream')
      .set({ cause: 'scope_missing', reason: `The sign-in lacks ${[...new Set(scopes)].join(', ')}` })
      .where('connection_id', '=', connectionId)
      .where('object', '=', object)
      .execute();
  }
}
