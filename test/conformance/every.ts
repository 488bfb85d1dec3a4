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

const ALL = [...CONNECTORS.values()];

/** Those whose vendor can be asked. */
export const EVERY_CONNECTOR: readonly Tried[] = ALL.filter(({ manifest }) => manifest.arrives === undefined).map((connector) => ({
  connector,
  label: connector.manifest.label,
  bench: benchOf(connector),
}));

/** Those whose records only arrive: there is no vendor to stand in for, so they have no bench, and promises of their own. */
export const EVERY_DOOR: readonly Pick<Tried, 'connector' | 'label'>[] = ALL.filter(({ manifest }) => manifest.arrives !== undefined).map(
  (connector) => ({ connector, label: connector.manifest.label }),
);

function benchOf({ manifest: { id } }: Connector): Bench {
  return must(
    BENCHES.find(({ connector }) => connector === id),
    `a bench for ${id}`,
  );
}

type ObjectOf = { readonly object: string; readonly traits: ObjectTraits };

/** The objects of a connector, with their traits. */
export function objectsOf({ manifest }: Connector): readonly ObjectOf[] {
  return Object.entries(manifest.objects).map(([object, traits]) => ({ object, traits }));
}

/** Those whose writes are tried. */
export function writtenOf(connector: Connector): readonly ObjectOf[] {
  return objectsOf(connector).filter(({ object }) => whyUnwritten(connector, object) === null);
}

/** Why the writes of an object are not tried; null where they are. */
export function whyUnwritten(connector: Connector, object: string): string | null {
  if (connector.manifest.objects[object]?.write === undefined) return 'the object is read-only';
  return benchOf(connector).unwritten?.[object] ?? null;
}
