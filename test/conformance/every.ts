import { CONNECTORS } from '../../connectors/index.ts';
import type { Connector } from '../../src/contract/connector.ts';
import type { ObjectTraits } from '../../src/contract/manifest.ts';
import { must } from '../../src/kernel/must.ts';
import type { Bench } from './bench.ts';
import { hubspotBench } from './benches/hubspot.ts';
import { questionproBench } from './benches/questionpro.ts';
import { salesforceBench } from './benches/salesforce.ts';
import { typeformBench } from './benches/typeform.ts';

const BENCHES: readonly Bench[] = [hubspotBench, questionproBench, salesforceBench, typeformBench];

/** A connector on its bench; one that has none fails the suite. */
export type Tried = { readonly connector: Connector; readonly bench: Bench; readonly label: string };

export const EVERY_CONNECTOR: readonly Tried[] = [...CONNECTORS.values()].map((connector) => ({
  connector,
  label: connector.manifest.label,
  bench: benchOf(connector),
}));

function benchOf({ manifest: { id } }: Connector): Bench {
  return must(
    BENCHES.find(({ connector }) => connector === id),
    `a bench for ${id}`,
  );
}

type ObjectOf = { readonly object: string; readonly traits: ObjectTraits };

/** The objects of a connector, with their traits. */
export function everyObjectOf({ manifest }: Connector): readonly ObjectOf[] {
  return Object.entries(manifest.objects).map(([object, traits]) => ({ object, traits }));
}

/** Those that its sandbox has as well. */
export function objectsOf(connector: Connector): readonly ObjectOf[] {
  const { unserved = {} } = benchOf(connector);
  return everyObjectOf(connector).filter(({ object }) => unserved[object] === undefined);
}
