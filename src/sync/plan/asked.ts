import { type Connection, findConnection, listConnections, listStreams, type Stream } from '../../hub/connections/connections.ts';
import { madeUpBeside } from '../../hub/connections/made-up.ts';
import { digestOf } from '../../hub/ids.ts';
import type { PlanAsked } from '../../hub/plans/plans.ts';
import type { HubModel } from '../../mapping/mapping.ts';
import { type Mappings, objectsTogether } from '../../mapping/mappings.ts';
import { ensureMapped } from '../connecting/connect.ts';
import { type Engine, mappingOf } from '../engine.ts';
import { mappingHash } from '../schema/mapping-versions.ts';

/** What a plan is asked for: connections by name or id, each as a whole, without optional objects that are off, or one object of it; none for those that are live already. */
export type PlanWish = {
  readonly streams?: readonly { readonly connection: string; readonly object?: string | undefined }[];
  /** Versions of mappings that are not active yet. */
  readonly changes?: PlanAsked['changes'];
};

type Wished = { readonly ok: true; readonly asked: PlanAsked } | { readonly ok: false; readonly reason: string };
const refuse = (reason: string): Wished => ({ ok: false, reason });

/** Finds what a wish names, or says in a sentence why there is no such plan. `engine` has the mappings that the plan is made with. */
export async function resolveWish(engine: Engine, wish: PlanWish): Promise<Wished> {
  const streams: PlanAsked['streams'][number][] = [];
  for (const { connection: name, object } of wish.streams ?? []) {
    const connection = await findConnection(engine.hub, name);
    if (connection === undefined) return refuse(`There is no connection "${name}".`);
    if (connection.isPaused) return refuse(`${connection.name} is paused. Let it go on first.`);
    await ensureMapped(engine, connection);
    const together = new Set(objectsTogether(engine.mappings, connection));
    const isMeant = (stream: Stream) => (object === undefined ? stream.enabled || together.has(stream.object) : stream.object === object);
    const own = (await listStreams(engine.hub, { connectionId: connection.id })).filter(
      (stream) => isMeant(stream) && mappingOf(engine, connection, stream.object) !== undefined,
    );
    if (own.length === 0)
      return refuse(`${connection.name} has no ${object === undefined ? 'object that is mapped' : `object "${object}" that is mapped`}.`);
    const usable = own.filter((stream) => stream.direction !== 'off');
    if (usable.length === 0) return refuse(`${connection.name} is switched off in both directions. Choose a direction first.`);
    streams.push(...usable.map((stream) => ({ id: stream.id, connection: connection.name, object: stream.object })));
  }
  const mixed = await madeUpBeside(
    engine.hub,
    streams.map(({ connection }) => connection),
  );
  if (mixed !== null) return refuse(mixed);
  const { changes = [] } = wish;
  // Where nothing is live, other mappings change nothing yet, and there is no reason to keep them from becoming active.
  if (streams.length === 0 && changes.length === 0 && (await liveStreams(engine)).length === 0)
    return refuse('No connection is switched on, so there is nothing to plan. Name the connections that are to be.');
  const asked = { kind: 'plan', streams, hashes: mappingHashes(engine.mappings) } as const;
  return { ok: true, asked: changes.length === 0 ? asked : { ...asked, changes } };
}

/** What a report on a shadow stream asks for: the plan by which it would go live. */
export const shadowAsked = (engine: Engine, connection: Connection, stream: Stream): PlanAsked => ({
  kind: 'shadow',
  streams: [{ id: stream.id, connection: connection.name, object: stream.object }],
  hashes: mappingHashes(engine.mappings),
});

/** Streams that are merged and written to now. */
export async function liveStreams(engine: Engine): Promise<readonly Stream[]> {
  const enabled = new Set((await listConnections(engine.hub)).filter((one) => one.enabled).map((one) => one.id));
  return (await listStreams(engine.hub)).filter(
    (stream) => stream.enabled && stream.mode === 'live' && stream.direction !== 'off' && enabled.has(stream.connectionId),
  );
}

/** What the mappings say, each as a version. */
function mappingHashes({ byStream, model }: Mappings): Readonly<Record<string, string>> {
  return { ...Object.fromEntries([...byStream].map(([name, mapping]) => [name, mappingHash(mapping)])), hub: digestOf(plainModel(model)) };
}

const plainModel = (model: HubModel): unknown =>
  [...model.values()].map(({ name, fields, segments }) => ({
    ...{ name, fields: [...fields.values()] },
    ...(segments === undefined ? {} : { segments: { of: segments.of, conditions: [...segments.conditions] } }),
  }));

/** Mappings that say something else than they did when a plan was made. */
export function otherMappings(asked: PlanAsked, mappings: Mappings): readonly string[] {
  const now = mappingHashes(mappings);
  return [...new Set([...Object.keys(asked.hashes), ...Object.keys(now)])].filter((name) => asked.hashes[name] !== now[name]).sort();
}
