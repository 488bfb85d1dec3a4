import { checkDoor, type KnownConnectors } from './arriving/door.ts';
import { compileEntity } from './entity.ts';
import type { HubModel } from './mapping.ts';
import { type Mapping, streamName } from './mappings.ts';
import { inOrder, type MappingProblem } from './problems.ts';
import { compileResponse } from './response.ts';
import { readYaml, type Source } from './yaml.ts';

export type Parsed =
  | { readonly ok: true; readonly mapping: Mapping /** How many there are; all of them hold. */; readonly examples: number }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

/**
 * Reads and checks one mapping; all that is wrong is said at once. While the model is null, because `hub.yaml` is broken itself, only shapes
 * can be checked.
 */
export function parseMapping(text: string, file: string, model: HubModel | null): Parsed {
  const read = readYaml(text, file);
  return read.ok ? compileMapping(read.source, model) : read;
}

/** The same, held against the connectors that there are. */
export function compileMapping(source: Source, model: HubModel | null, connectors: KnownConnectors = new Map()): Parsed {
  checkName(source);
  checkDoor(source, connectors);
  const mapping = isResponse(source.value) ? compileResponse(source, model) : compileEntity(source, model);
  const { problems } = source.findings;
  return mapping === undefined || problems.length > 0
    ? { ok: false, problems: inOrder(problems) }
    : { ok: true, mapping, examples: examplesIn(source.value) };
}

function examplesIn(value: unknown): number {
  return isObject(value) && Array.isArray(value.examples) ? value.examples.length : 0;
}

function isResponse(value: unknown): boolean {
  return isObject(value) && (value.object === 'response' || 'attach' in value);
}

// The name is where people look, the content is what counts: they must not differ.
function checkName({ file, value, findings }: Source): void {
  if (!isObject(value) || typeof value.connector !== 'string' || typeof value.object !== 'string') return;
  const name = file.split('/').at(-1) ?? file;
  const connection = typeof value.connection === 'string' ? value.connection : undefined;
  const stream = streamName({ connector: value.connector, object: value.object, ...(connection === undefined ? {} : { connection }) });
  const wanted = `${stream}.yaml`;
  if (name !== wanted)
    findings.add(
      ['connector'],
      `the file is called ${name}, but maps ${stream}`,
      `Call it ${wanted}, or change ${connection === undefined ? 'connector and object' : 'connector, object, and connection'}`,
    );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
