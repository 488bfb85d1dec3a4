import { createReadStream } from 'node:fs';
import { CONNECTORS } from '../../connectors/index.ts';
import { HubError } from '../contract/errors.ts';
import { propose } from '../mapping/arriving/propose.ts';
import { loadMappings } from '../mapping/load.ts';
import { describeProblem } from '../mapping/problems.ts';
import { openFile } from '../sync/importing/open-file.ts';
import type { Out } from './mapping.ts';

const UNTOLD = { encoding: null, delimiter: null, quote: null, header: null } as const;
type Wish = { readonly into: string; readonly object?: string; readonly folder: string };

/** `syncline mapping propose`: prints a mapping for a file. It takes no hub, and no value of the file stands in what it prints. */
export async function mappingPropose(file: string, { into, object, folder }: Wish, out: Out): Promise<0 | 1> {
  const loaded = await loadMappings(folder, CONNECTORS);
  if (!loaded.ok) {
    for (const problem of loaded.problems) out(describeProblem(problem));
    return 1;
  }
  try {
    const door = [...CONNECTORS.values()].find(({ files }) => files !== undefined);
    if (door?.files === undefined) throw new HubError('misconfigured', 'No connector takes files.');
    const { dialect, columns, rows } = await openFile(door.files, createReadStream(file), UNTOLD);
    const table = { dialect, columns, rows: rows.map(({ cells }) => cells) };
    const proposal = propose(table, loaded.mappings.model, { connector: door.manifest.id, connection: into, object });
    out(proposal.yaml.trimEnd());
    process.stderr.write(`Read it over, and keep it as ${proposal.file} beside the other mappings.\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
