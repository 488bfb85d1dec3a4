import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONNECTORS } from '../../connectors/index.ts';
import { loadMappings } from '../mapping/load.ts';
import { describeProblem, type MappingProblem } from '../mapping/problems.ts';
import { jsonSchemas } from '../mapping/schema.ts';

/** Where a command prints: a line at a time. */
export type Out = (line: string) => void;

/** `syncline mapping check`: prints everything that is wrong in a folder of mappings; the exit code is 1 when there is something. */
export async function mappingCheck(folder: string, out: Out): Promise<0 | 1> {
  const loaded = await loadMappings(folder, CONNECTORS);
  if (!loaded.ok) return refuse(loaded.problems, out);
  for (const mapping of loaded.mappings.byStream.values()) out(`${mapping.file}: good`);
  out(`${count(loaded.mappings.byStream.size, 'mapping')}, nothing wrong`);
  return 0;
}

/** `syncline mapping test`: runs the examples in a folder of mappings, in both directions; the exit code is 1 when one does not hold. */
export async function mappingTest(folder: string, out: Out): Promise<0 | 1> {
  const loaded = await loadMappings(folder, CONNECTORS);
  if (!loaded.ok) return refuse(loaded.problems, out);
  for (const [file, examples] of loaded.examples) {
    out(examples === 0 ? `${file}: has no examples` : `${file}: ${count(examples, 'example')} ${examples === 1 ? 'holds' : 'hold'}`);
  }
  return 0;
}

/** Writes the JSON Schemas by which editors complete and check the mappings of a folder. */
export async function writeSchemas(folder: string): Promise<void> {
  await mkdir(join(folder, 'schemas'), { recursive: true });
  await Promise.all([...jsonSchemas()].map(([file, text]) => writeFile(join(folder, 'schemas', file), text)));
}

function refuse(problems: readonly MappingProblem[], out: Out): 1 {
  for (const problem of problems) out(describeProblem(problem));
  out(`${count(problems.length, 'problem')}`);
  return 1;
}

function count(size: number, noun: string): string {
  return `${size} ${noun}${size === 1 ? '' : 's'}`;
}
