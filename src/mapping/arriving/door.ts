import type { Manifest } from '../../contract/manifest.ts';
import type { Source } from '../yaml.ts';

/** The connectors that mappings are checked against, by their names; one that is not among them is not judged. */
export type KnownConnectors = ReadonlyMap<string, { readonly manifest: Pick<Manifest, 'arrives'> }>;

const SECTION = { deliveries: 'delivery', files: 'table' } as const;
const MANNER = { deliveries: 'in deliveries', files: 'as files' } as const;

/** A stream that is read from what arrives is never asked and never swept, so how it arrives has to be how its connector works. */
export function checkDoor({ value, findings }: Source, connectors: KnownConnectors): void {
  if (typeof value !== 'object' || value === null || !('connector' in value) || typeof value.connector !== 'string') return;
  const { connector } = value;
  const known = connectors.get(connector);
  if (known === undefined) return;
  const { arrives } = known.manifest;
  const strange = (['delivery', 'table'] as const).filter((name) => name in value && (arrives === undefined || name !== SECTION[arrives]));
  if (strange.length === 0) return;
  const sections = arrives === undefined && 'response' in value ? ([...strange, 'response'] as const) : strange;
  const [reason, advice] =
    arrives === undefined
      ? [`"${connector}" is asked for its records, so none of them arrive, and with this none would be asked for`, 'Remove it']
      : [`the records of "${connector}" arrive ${MANNER[arrives]}`, `Use ${SECTION[arrives]}`];
  for (const section of sections) findings.add([section], reason, advice, 'key');
}
