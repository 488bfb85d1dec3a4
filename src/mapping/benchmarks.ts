import { benchmarkDocument } from './document.ts';
import { shaped } from './explain.ts';
import type { Benchmark } from './mappings.ts';
import { inOrder, type MappingProblem } from './problems.ts';
import { readYaml } from './yaml.ts';

export type ParsedBenchmarks =
  | { readonly ok: true; readonly benchmarks: readonly Benchmark[] }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

/** Reads the figures of others. They are seed data that people edit, and are never fetched. */
export function parseBenchmarks(text: string, file: string): ParsedBenchmarks {
  const read = readYaml(text, file);
  if (!read.ok) return read;
  const { source } = read;
  const shape = shaped(benchmarkDocument, source);
  const rows = shape?.document.benchmarks ?? [];
  for (const [i, { low, mid, high }] of rows.entries()) {
    const band = [low, mid, high].flatMap((value) => value ?? []);
    if (band.length === 0) source.findings.add(['benchmarks', i], 'it has no figure', 'Add mid, or low and high');
    if (band.some((value, at) => at > 0 && value < (band[at - 1] ?? value)))
      source.findings.add(['benchmarks', i], 'low, mid, and high have to go up', 'Correct them');
  }
  const { problems } = source.findings;
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return {
    ok: true,
    benchmarks: rows.map(({ region = null, low = null, mid = null, high = null, url = null, note = null, ...row }) => {
      return { ...row, region, low, mid, high, url, note };
    }),
  };
}
