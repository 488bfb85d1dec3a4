import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { KnownConnectors } from './arriving/door.ts';
import { type Compiled, compileTexts } from './compile.ts';
import { type MappingProblem, wholeFile } from './problems.ts';
import { MOST_BYTES } from './yaml.ts';

/** The documents of a folder by the names of their files, or what keeps them from being read. */
export type ReadFolder =
  | { readonly ok: true; readonly texts: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

/**
 * Reads `hub.yaml` and every mapping of a folder; either all of them are good, or all that is wrong is said at once. `connectors`: what the mappings
 * are for, where that is known.
 */
export async function loadMappings(folder: string, connectors: KnownConnectors = new Map()): Promise<Compiled> {
  const read = await readFolder(folder);
  return read.ok ? compileTexts(read.texts, { at: (name) => join(folder, name), connectors }) : read;
}

/** Reads every document of a folder, without looking at what it says. */
export async function readFolder(folder: string): Promise<ReadFolder> {
  const listed = await attempt(() => namesIn(folder));
  if (!listed.ok)
    return {
      ok: false,
      problems: [wholeFile(folder, `the folder cannot be read (${listed.reason})`, 'Create it, or name another folder')],
    };
  const texts = new Map<string, string>();
  const problems: MappingProblem[] = [];
  for (const name of listed.value) {
    const read = await attempt(() => readText(join(folder, name)));
    if (read.ok) texts.set(name, read.value);
    else problems.push(wholeFile(join(folder, name), `the file cannot be read (${read.reason})`, 'Look at its permissions'));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, texts };
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

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name) && !entry.name.startsWith('.'));
  return names.map(({ name }) => name).sort();
}
