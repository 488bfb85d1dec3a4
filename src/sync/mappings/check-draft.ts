import { listConnections } from '../../hub/connections/connections.ts';
import { findDraft } from '../../hub/mappings/drafts.ts';
import type { CheckedDraft } from '../../hub/mappings/looks.ts';
import type { Json } from '../../kernel/json.ts';
import { HUB_DOCUMENT, isMappingName } from '../../mapping/compile.ts';
import { CannotEdit, type Edit, editText } from '../../mapping/editing/edit.ts';
import { misfits } from '../../mapping/fit.ts';
import { parseHub } from '../../mapping/hub.ts';
import type { EntityMapping, HubModel } from '../../mapping/mapping.ts';
import type { Mapping } from '../../mapping/mappings.ts';
import { compileMapping } from '../../mapping/parse.ts';
import type { MappingProblem } from '../../mapping/problems.ts';
import { readYaml } from '../../mapping/yaml.ts';
import type { Engine } from '../engine.ts';
import { activeTexts, compiled, withChanges } from './active.ts';
import { placesOf } from './places.ts';

/** A text that nobody works by yet. `edits` are made first. */
export type Draft = { readonly name: string; readonly text: string; readonly edits?: readonly Edit[] | undefined };
/** What a draft is held against. */
type Checking = Pick<Engine, 'hub' | 'connectors' | 'mappings'>;

/** Makes the edits, and says everything that is wrong with what comes of them: in itself, and with the systems as they are now. */
export async function checkDraft(
  engine: Checking,
  { name, text, edits = [] }: Draft,
): Promise<CheckedDraft | { readonly refused: string }> {
  try {
    const edited = editText(text, edits);
    const read = readYaml(edited, name);
    const document = read.ok ? (read.source.value as Json) : null;
    const { mapping, model, problems } = await compileDraft(engine, name, edited);
    const misfits = mapping?.kind === 'entity' && model !== null ? await misfitsOf(engine, mapping, model) : [];
    return { text: edited, document, problems, misfits };
  } catch (error) {
    if (error instanceof CannotEdit) return { refused: `${error.message}.` };
    throw error;
  }
}

type CompiledDraft = { readonly mapping: Mapping | null; readonly model: HubModel | null; readonly problems: readonly MappingProblem[] };

/** A mapping is held against the hub's model, as its draft says if there is one; what lies around the mappings, against all of them. */
export async function compileDraft(engine: Checking, name: string, text: string): Promise<CompiledDraft> {
  const active = await activeTexts(engine.hub);
  if (!isMappingName(name)) {
    const found = compiled(withChanges(active, new Map([[name, text]])), engine.connectors);
    return { mapping: null, model: null, problems: found.ok ? [] : found.problems };
  }
  const hub = parseHub((await findDraft(engine.hub, HUB_DOCUMENT))?.text ?? active.get(HUB_DOCUMENT) ?? '', HUB_DOCUMENT);
  const model = hub.ok ? hub.model : engine.mappings.model;
  const read = readYaml(text, name);
  const parsed = read.ok ? compileMapping(read.source, model, engine.connectors) : read;
  return parsed.ok ? { mapping: parsed.mapping, model, problems: [] } : { mapping: null, model, problems: parsed.problems };
}

async function misfitsOf(engine: Checking, mapping: EntityMapping, model: HubModel): Promise<CheckedDraft['misfits']> {
  const systems = new Set([...engine.connectors.keys(), ...(await listConnections(engine.hub)).map(({ name }) => name)]);
  const write = engine.connectors.get(mapping.connector)?.manifest.objects[mapping.of ?? mapping.object]?.write ?? null;
  return (await placesOf(engine.hub, mapping)).flatMap(({ connection, stream: { schema, direction } }) =>
    schema === null
      ? []
      : misfits(mapping, { model, schema, write: direction === 'in' ? null : write, systems }).map((one) => ({
          connection: connection.name,
          ...one,
        })),
  );
}
