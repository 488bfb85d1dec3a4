import { CONNECTORS } from '../../connectors/index.ts';
import type { Connector } from '../../src/contract/connector.ts';
import type { ObjectTraits } from '../../src/contract/manifest.ts';
import { must } from '../../src/kernel/must.ts';
import type { Bench } from './bench.ts';
import { hubspotBench } from './benches/hubspot.ts';
import { questionproBench } from './benches/questionpro.ts';
import { salesforceBench } from './benches/salesforce.ts';
import { surveymonkeyBench } from './benches/surveymonkey.ts';
import { typeformBench } from './benches/typeform.ts';

const BENCHES: readonly Bench[] = [hubspotBench, questionproBench, salesforceBench, surveymonkeyBench, typeformBench];

/** A connector on its bench; one that has none fails the suite. */
export type Tried = { readonly connector: Connector; readonly bench: Bench; readonly label: string };

export const EVERY_CONNECTOR: readonly Tried[] = [...CONNECTORS.values()].map((connector) => ({
  connector,
  label: connector.manifest.label,
  bench: must(
    BENCHES.find(({ connector: id }) => id === connector.manifest.id),
    `a bench for ${connector.manifest.id}`,
  ),
}));

/** The objects of a connector, with their traits. */
export function objectsOf({ manifest }: Connector): readonly { readonly object: string; readonly traits: ObjectTraits }[] {
  return Object.entries(manifest.objects).map(([object, traits]) => ({ object, traits }));
}
