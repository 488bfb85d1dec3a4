import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { KnownConnectors } from './arriving/door.ts';
import { type ParsedBenchmarks, parseBenchmarks } from './benchmarks.ts';
import { parseHub } from './hub.ts';
import { type HubModel, METRICS } from './mapping.ts';
import { type Mapping, type Mappings, streamName } from './mappings.ts';
import { compileMapping } from './parse.ts';
import { adviseOneOf, type MappingProblem } from './problems.ts';
import type { MetricBinding, ResponseMapping } from './response-mapping.ts';
import { MOST_BYTES, readYaml } from './yaml.ts';

/** What a folder of mappings came to; `examples` is how many hold, by file. */
export type Loaded =
  | { readonly ok: true; readonly mappings: Mappings; readonly examples: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

/**
 * Reads `hub.yaml` and every mapping of a folder; either all of them are good, or all that is wrong is said at once. `connectors`: what the mappings
 * are for, where that is known.
 */
export async function loadMappings(folder: string, connectors: KnownConnectors = new Map()): Promise<Loaded> {
  const listed = await attempt(() => namesIn(folder));
  if (!listed.ok) return refuse([wholeFile(folder, `the folder cannot be read (${listed.reason})`, 'Create it, or name another folder')]);
  const texts: { file: string; text: string }[] = [];
  const unread: MappingProblem[] = [];
  for (const file of listed.value.map((name) => join(folder, name))) {
    const read = await attempt(() => readText(file));
    if (read.ok) texts.push({ file, text: read.value });
    else unread.push(wholeFile(file, `the file cannot be read (${read.reason})`, 'Look at its permissions'));
  }
  if (unread.length > 0) return refuse(unread);
  const [hubFile, benchmarksFile] = [join(folder, 'hub.yaml'), join(folder, 'benchmarks.yaml')];
  const textOf = (name: string) => texts.find(({ file }) => file === name)?.text;
  // A folder without them has none.
  const benchmarks = parseBenchmarks(textOf(benchmarksFile) ?? 'benchmarks: []', benchmarksFile);
  return checkAll({
    own: { text: textOf(hubFile), file: hubFile },
    texts: texts.filter(({ file }) => file !== hubFile && file !== benchmarksFile),
    benchmarks,
    connectors,
  });
}

// No more is read than it takes to see that a file is too large.
function readText(file: string): Promise<string> {
  return readAll(createReadStream(file, { end: MOST_BYTES }));
}

async function attempt<T>(run: () => Promise<T>): Promise<{ ok: true; value: T } | { ok: false; reason: string }> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    return { ok: false, reason: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
  }
}

type Texts = {
  readonly own: { readonly text: string | undefined; readonly file: string };
  readonly texts: readonly { file: string; text: string }[];
  readonly benchmarks: ParsedBenchmarks;
  readonly connectors: KnownConnectors;
};

function checkAll({ own, texts, benchmarks, connectors }: Texts): Loaded {
  const hub = own.text === undefined ? missing(own.file) : parseHub(own.text, own.file);
  const problems: MappingProblem[] = [...(hub.ok ? [] : hub.problems), ...(benchmarks.ok ? [] : benchmarks.problems)];
  const byStream = new Map<string, Mapping>();
  const examples = new Map<string, number>();
  for (const { file, text } of texts) {
    const read = readYaml(text, file);
    const parsed = read.ok ? compileMapping(read.source, hub.ok ? hub.model : null, connectors) : read;
    if (!parsed.ok) problems.push(...parsed.problems);
    else {
      byStream.set(streamName(parsed.mapping), parsed.mapping);
      examples.set(file, parsed.examples);
    }
  }
  const responses = [...byStream.values()].filter((mapping) => mapping.kind === 'response');
  problems.push(...keysApart(responses));
  // What a broken file binds is not known.
  if (hub.ok && problems.length === 0) problems.push(...strangeRollups(hub.model, responses, own.file));
  if (!hub.ok || !benchmarks.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, mappings: { model: hub.model, byStream, benchmarks: benchmarks.benchmarks }, examples };
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

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name) && !entry.name.startsWith('.'));
  return names.map(({ name }) => name).sort();
}

type Refused = { readonly ok: false; readonly problems: readonly MappingProblem[] };

function missing(file: string): Refused {
  return refuse([wholeFile(file, 'the file is missing', 'It declares the objects and fields of the hub; start from the one that ships')]);
}

function refuse(problems: readonly MappingProblem[]): Refused {
  return { ok: false, problems };
}

function wholeFile(file: string, reason: string, advice: string): MappingProblem {
  return { file, line: 1, column: 1, field: 'document', reason, advice };
}
