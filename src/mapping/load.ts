import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
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
    else problems.push(unreadable(join(folder, name), read.reason));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, texts };
}

/** Reads documents one by one, and all of a folder where one is named; each is called as its file. */
export async function readDocuments(paths: readonly string[]): Promise<ReadFolder> {
  const texts = new Map<string, string>();
  const problems: MappingProblem[] = [];
  const take = (path: string, found: Iterable<readonly [string, string]>): void => {
    for (const [name, text] of found) {
      if (texts.has(name)) problems.push(wholeFile(path, `another file is called ${name} as well`, 'Name one of the two'));
      texts.set(name, text);
    }
  };
  for (const path of paths) {
    const isFolder = await attempt(async () => (await stat(path)).isDirectory());
    const read = isFolder.ok && isFolder.value ? await readFolder(path) : await readOne(path);
    if (read.ok) take(path, read.texts);
    else problems.push(...read.problems);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, texts };
}

async function readOne(path: string): Promise<ReadFolder> {
  const read = await attempt(() => readText(path));
  return read.ok ? { ok: true, texts: new Map([[basename(path), read.value]]) } : { ok: false, problems: [unreadable(path, read.reason)] };
}

const unreadable = (path: string, reason: string): MappingProblem =>
  wholeFile(path, `the file cannot be read (${reason})`, 'Look at its permissions');

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
