import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseHub } from './hub.ts';
import type { Mapping, Mappings } from './mapping.ts';
import { parseMappingAmong } from './parse.ts';
import type { MappingProblem } from './problems.ts';

/** What a folder of mappings came to; `examples` is how many hold, by file. */
export type Loaded =
  | { readonly ok: true; readonly mappings: Mappings; readonly examples: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

/** Reads `hub.yaml` and every mapping of a folder; either all of them are good, or all that is wrong is said at once. */
export async function loadMappings(folder: string): Promise<Loaded> {
  const listed = await namesIn(folder);
  if (!listed.ok) return { ok: false, problems: [wholeFile(folder, listed.reason, 'Create it, or name another folder')] };
  const texts = await Promise.all(
    listed.names.map(async (name) => ({ file: join(folder, name), text: await readFile(join(folder, name), 'utf8') })),
  );
  const hubFile = join(folder, 'hub.yaml');
  return checkAll(
    texts.find(({ file }) => file === hubFile)?.text,
    hubFile,
    texts.filter(({ file }) => file !== hubFile),
  );
}

function checkAll(hubText: string | undefined, hubFile: string, texts: readonly { file: string; text: string }[]): Loaded {
  const hub = hubText === undefined ? missing(hubFile) : parseHub(hubText, hubFile);
  const problems: MappingProblem[] = hub.ok ? [] : [...hub.problems];
  const systems = new Set(texts.map(({ file }) => basename(file).split('.')[0] ?? ''));
  const byStream = new Map<string, Mapping>();
  const examples = new Map<string, number>();
  for (const { file, text } of texts) {
    const parsed = parseMappingAmong(text, file, { model: hub.ok ? hub.model : null, systems });
    if (!parsed.ok) problems.push(...parsed.problems);
    else {
      byStream.set(`${parsed.mapping.connector}.${parsed.mapping.object}`, parsed.mapping);
      examples.set(file, parsed.examples);
    }
  }
  return hub.ok && problems.length === 0 ? { ok: true, mappings: { model: hub.model, byStream }, examples } : { ok: false, problems };
}

async function namesIn(folder: string): Promise<{ ok: true; names: readonly string[] } | { ok: false; reason: string }> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name) && !entry.name.startsWith('.'));
    return { ok: true, names: names.map(({ name }) => name).sort() };
  } catch (error) {
    return {
      ok: false,
      reason: `the folder cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : String(error)})`,
    };
  }
}

function missing(file: string): { ok: false; problems: readonly MappingProblem[] } {
  return {
    ok: false,
    problems: [wholeFile(file, 'the file is missing', 'It declares the objects and fields of the hub; start from the one that ships')],
  };
}

function wholeFile(file: string, reason: string, advice: string): MappingProblem {
  return { file, line: 1, column: 1, field: 'document', reason, advice };
}
