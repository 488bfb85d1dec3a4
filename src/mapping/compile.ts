import type { KnownConnectors } from './arriving/door.ts';
import { parseBenchmarks } from './benchmarks.ts';
import { parseHub } from './hub.ts';
import { type HubModel, METRICS } from './mapping.ts';
import { type Mapping, type Mappings, streamName } from './mappings.ts';
import { compileMapping } from './parse.ts';
import { adviseOneOf, type MappingProblem, wholeFile } from './problems.ts';
import type { MetricBinding, ResponseMapping } from './response-mapping.ts';
import { readYaml } from './yaml.ts';

/** What documents came to; `examples` is how many hold, by file. */
export type Compiled =
  | { readonly ok: true; readonly mappings: Mappings; readonly examples: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

export const HUB_DOCUMENT = 'hub.yaml';
const BENCHMARKS_DOCUMENT = 'benchmarks.yaml';

/** Whether a document is the mapping of an object, and not what lies around them. */
export const isMappingName = (name: string): boolean => name !== HUB_DOCUMENT && name !== BENCHMARKS_DOCUMENT;

/** What a document can be called. */
export const DOCUMENT_NAME = /^[a-z][a-z0-9_-]{0,62}\.[a-z][A-Za-z0-9_]{0,90}(\.[a-z][a-z0-9_-]{0,62})?\.yaml$|^(hub|benchmarks)\.yaml$/;

/** Where the documents come from, and the connectors that they are for, where those are known. */
export type Around = { readonly at: (name: string) => string; readonly connectors: KnownConnectors };

/** Checks and compiles all documents, by name; either all of them are good, or all that is wrong is said at once. */
export function compileTexts(texts: ReadonlyMap<string, string>, { at, connectors }: Around): Compiled {
  const [hubFile, hubText] = [at(HUB_DOCUMENT), texts.get(HUB_DOCUMENT)];
  const hub = hubText === undefined ? missing(hubFile) : parseHub(hubText, hubFile);
  // Where there are none, nobody is compared with.
  const benchmarks = parseBenchmarks(texts.get(BENCHMARKS_DOCUMENT) ?? 'benchmarks: []', at(BENCHMARKS_DOCUMENT));
  const problems: MappingProblem[] = [...(hub.ok ? [] : hub.problems), ...(benchmarks.ok ? [] : benchmarks.problems)];
  const byStream = new Map<string, Mapping>();
  const examples = new Map<string, number>();
  for (const [name, text] of texts) {
    if (!isMappingName(name)) continue;
    const read = readYaml(text, at(name));
    const parsed = read.ok ? compileMapping(read.source, hub.ok ? hub.model : null, connectors) : read;
    if (!parsed.ok) problems.push(...parsed.problems);
    else {
      byStream.set(streamName(parsed.mapping), parsed.mapping);
      examples.set(at(name), parsed.examples);
    }
  }
  const responses = [...byStream.values()].filter((mapping) => mapping.kind === 'response');
  problems.push(...keysApart(responses));
  // What a broken file binds is not known.
  if (hub.ok && problems.length === 0) problems.push(...strangeRollups(hub.model, responses, hubFile));
  if (!hub.ok || !benchmarks.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, mappings: { model: hub.model, byStream, benchmarks: benchmarks.benchmarks }, examples };
}

function missing(file: string): { readonly ok: false; readonly problems: readonly MappingProblem[] } {
  return {
    ok: false,
    problems: [wholeFile(file, 'the file is missing', 'It declares the objects and fields of the hub; start from the one that ships')],
  };
}

/** Questions of one key are one metric, whichever tool asks them: they have to be of one kind, read in one direction, and asked of the same people. */
function keysApart(mappings: readonly ResponseMapping[]): readonly MappingProblem[] {
  const first = new Map<string, { readonly file: string; readonly binding: MetricBinding }>();
  return mappings.flatMap(({ file, metrics }) =>
    metrics.flatMap((binding) => {
      const before = first.get(binding.key);
      first.set(binding.key, before ?? { file, binding });
      if (before === undefined || meansSame(before.binding, binding)) return [];
      return [
        wholeFile(
          file,
          `"${binding.key}" is another metric in ${before.file}`,
          'Give one of the two another key, or make kind, direction, and askedOf agree',
        ),
      ];
    }),
  );
}

/** A roll-up of a key that no question has would stay empty for ever; and what employees say is in none. */
function strangeRollups(model: HubModel, mappings: readonly ResponseMapping[], file: string): readonly MappingProblem[] {
  const bound = mappings.flatMap(({ metrics }) => metrics.flatMap(({ key, ofEmployees }) => (ofEmployees === true ? [] : [key])));
  const keys = new Set<string>([...METRICS, ...bound]);
  return [...model.values()].flatMap(({ name: object, fields }) =>
    [...fields.values()].flatMap(({ name, rollup }) =>
      rollup?.key === undefined || keys.has(rollup.key)
        ? []
        : [
            {
              ...wholeFile(file, `no question that customers are asked has the key "${rollup.key}"`, adviseOneOf(rollup.key, [...keys])),
              field: `objects.${object}.fields.${name}.rollup.key`,
            },
          ],
    ),
  );
}

const meansSame = (a: MetricBinding, b: MetricBinding): boolean =>
  a.metric === b.metric && a.higherIsBetter === b.higherIsBetter && a.ofEmployees === b.ofEmployees;
