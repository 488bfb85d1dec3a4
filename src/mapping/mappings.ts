import { indexBy } from '../kernel/lists.ts';
import type { EntityMapping, HubModel } from './mapping.ts';
import type { ResponseMapping } from './response-mapping.ts';

export type Mapping = EntityMapping | ResponseMapping;
/** All mappings, by `streamName`. */
export type Mappings = {
  readonly model: HubModel;
  readonly byStream: ReadonlyMap<string, Mapping>;
  readonly benchmarks: readonly Benchmark[];
  /** Which versions of the hub these are; missing where they are not the hub's own, as in a plan for others. */
  readonly revision?: number;
};

/** What others reach, as somebody has published it: a band of reference and no goal, since one company may differ by 20 points between two studies. */
export type Benchmark = {
  /** nps, csat, ces, or the name of an index that is none of them. */
  readonly metric: string;
  readonly industry: string;
  readonly region: string | null;
  readonly low: number | null;
  readonly mid: number | null;
  readonly high: number | null;
  readonly year: number;
  readonly source: string;
  readonly url: string | null;
  readonly note: string | null;
};

/** What a mapping is for, as its file is called: `<connector>.<object>`, and `.<connection>` where it is for one alone. */
export function streamName({ connector, object, connection }: Pick<Mapping, 'connector' | 'object' | 'connection'>): string {
  return [connector, object, ...(connection === undefined ? [] : [connection])].join('.');
}

/** The mapping of an object of a connection: its own, else the one for all connections of its connector. */
export function mappingFor(
  { byStream }: Mappings,
  connection: { readonly connector: string; readonly name: string },
  object: string,
): Mapping | undefined {
  const general = { connector: connection.connector, object };
  return byStream.get(streamName({ ...general, connection: connection.name })) ?? byStream.get(streamName(general));
}

/** The objects of a connector that have a mapping, each with the one that it is a part of, or itself. */
export function objectsMapped({ byStream }: Mappings, connector: string): readonly { readonly object: string; readonly of: string }[] {
  const all = [...byStream.values()].flatMap((mapping) => {
    const of = (mapping.kind === 'entity' ? mapping.of : undefined) ?? mapping.object;
    return mapping.connector === connector ? [{ object: mapping.object, of }] : [];
  });
  return [...indexBy(all, ({ object }) => object).values()];
}

/** Those of them that are switched on together with a connection; the others each by its own name only. */
export function objectsTogether(mappings: Mappings, connection: { readonly connector: string; readonly name: string }): readonly string[] {
  return objectsMapped(mappings, connection.connector).flatMap(({ object }) => {
    const mapping = mappingFor(mappings, connection, object);
    return mapping === undefined || (mapping.kind === 'entity' && mapping.optional === true) ? [] : [object];
  });
}
