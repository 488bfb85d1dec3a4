import { loadMappings } from '../../src/mapping/load.ts';
import { type Mappings, streamName } from '../../src/mapping/mappings.ts';
import { parseMapping } from '../../src/mapping/parse.ts';
import { describeProblem } from '../../src/mapping/problems.ts';

let shipped: Promise<Mappings> | undefined;

/** The mappings that ship. Reading them takes longer than many a test, so it is done once for a file of tests; nobody changes them. */
export function shippedMappings(): Promise<Mappings> {
  shipped ??= load();
  return shipped;
}

async function load(): Promise<Mappings> {
  const loaded = await loadMappings('mappings');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mappings;
}

/** Mappings with others beside them; every one of them is a good one. */
export function withFiles(mappings: Mappings, files: Readonly<Record<string, string>>): Mappings {
  const parsed = Object.entries(files).map(([file, text]) => parseMapping(text, file, mappings.model));
  const wrong = parsed.flatMap((one) => (one.ok ? [] : one.problems.map(describeProblem)));
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  const added = parsed.flatMap((one) => (one.ok ? [[streamName(one.mapping), one.mapping] as const] : []));
  return { ...mappings, byStream: new Map([...mappings.byStream, ...added]) };
}
