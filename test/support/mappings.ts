import { type Mappings, streamName } from '../../src/mapping/mappings.ts';
import { parseMapping } from '../../src/mapping/parse.ts';
import { describeProblem } from '../../src/mapping/problems.ts';

/** Mappings with others beside them; every one of them is a good one. */
export function withFiles(mappings: Mappings, files: Readonly<Record<string, string>>): Mappings {
  const parsed = Object.entries(files).map(([file, text]) => parseMapping(text, file, mappings.model));
  const wrong = parsed.flatMap((one) => (one.ok ? [] : one.problems.map(describeProblem)));
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  const added = parsed.flatMap((one) => (one.ok ? [[streamName(one.mapping), one.mapping] as const] : []));
  return { ...mappings, byStream: new Map([...mappings.byStream, ...added]) };
}
