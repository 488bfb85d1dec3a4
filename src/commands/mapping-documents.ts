import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { validate } from 'uuid';
import { beginAudit, endAudit } from '../hub/access/audit.ts';
import { listDrafts } from '../hub/mappings/drafts.ts';
import { versionTexts } from '../hub/mappings/texts.ts';
import { listMappingVersions } from '../hub/views/mappings.ts';
import { readDocuments, readFolder } from '../mapping/load.ts';
import { describeProblem } from '../mapping/problems.ts';
import type { Services } from '../services.ts';
import { activeTexts } from '../sync/mappings/active.ts';
import { importDrafts } from '../sync/mappings/import-drafts.ts';

/** Exit codes: nothing differs or all is done, not possible, and something differs. */
const [DONE, FAILED, DIFFERS] = [0, 1, 2];
const ACTOR = 'command line';
const MOST_VERSIONS = 200;

type Place = Pick<Services, 'hub' | 'engine'>;
/** Documents by name; null, or missing, where there is none. */
type Texts = ReadonlyMap<string, string | null>;
/** One side of a comparison, and what it is called. A sentence where it cannot be told. */
type Side = { readonly called: string; readonly texts: Texts } | string;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
function refuse(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return FAILED;
}

export type DiffOptions = { readonly folder: string; readonly drafts?: boolean; readonly from?: string; readonly to?: string };

/** `syncline mapping diff`: prints as a patch what other files, drafts, or a version say otherwise than what is active, or than another version. */
export async function mappingDiff(place: Place, names: readonly string[], options: DiffOptions): Promise<number> {
  if (options.drafts === true && options.to !== undefined) return refuse('Compare with the drafts, or with a version: not both.');
  const before =
    options.from === undefined ? { called: 'active', texts: await activeTexts(place.hub) } : await versionSide(place, options.from);
  const after = await afterSide(place, options);
  if (typeof before === 'string') return refuse(before);
  if (typeof after === 'string') return refuse(after);
  const [all, narrow] = [new Set([...before.texts.keys(), ...after.texts.keys()]), namesOf(options, { before, after })];
  const strange = names.find((name) => !all.has(name));
  if (strange !== undefined) return refuse(`Neither side has ${strange}.`);
  const wanted = [...all].filter((name) => narrow.has(name) && (names.length === 0 || names.includes(name))).sort();
  const changed = wanted.filter((name) => (before.texts.get(name) ?? null) !== (after.texts.get(name) ?? null));
  for (const name of changed) process.stdout.write(patchOf(name, before, after));
  return changed.length === 0 ? DONE : DIFFERS;
}

type Told = Exclude<Side, string>;

/** A version is of one document, and drafts are of some: all others are not what was asked for. */
function namesOf({ drafts, from, to }: DiffOptions, { before, after }: { before: Told; after: Told }): ReadonlySet<string> {
  if (from !== undefined) return new Set(before.texts.keys());
  return new Set(drafts === true || to !== undefined ? after.texts.keys() : [...before.texts.keys(), ...after.texts.keys()]);
}

async function afterSide(place: Place, { folder, drafts, to }: DiffOptions): Promise<Side> {
  if (to !== undefined) return versionSide(place, to);
  if (drafts === true) {
    const found = await listDrafts(place.hub);
    return { called: 'draft', texts: new Map(found.map(({ name, text }) => [name, text])) };
  }
  const read = await readFolder(folder);
  return read.ok ? { called: folder, texts: read.texts } : read.problems.map(describeProblem).join('\n');
}

async function versionSide({ hub }: Place, id: string): Promise<Side> {
  const [version] = validate(id) ? await versionTexts(hub, [id]) : [];
  if (version === undefined) return `There is no version ${id}. syncline mapping versions <name> lists them.`;
  return { called: `version ${id}`, texts: new Map([[version.name, version.text]]) };
}

function patchOf(name: string, before: Told, after: Told): string {
  const [old, now] = [before.texts.get(name) ?? null, after.texts.get(name) ?? null];
  const called = (side: Told, text: string | null): string => (text === null ? '/dev/null' : `${name}\t(${side.called})`);
  return createTwoFilesPatch(called(before, old), called(after, now), old ?? '', now ?? '');
}

/** `syncline mapping versions`: what a document has been, the latest first. */
export async function mappingVersions({ hub }: Place, name: string, { json }: { readonly json: boolean }): Promise<number> {
  const { items } = await listMappingVersions(hub, name, { after: null, limit: MOST_VERSIONS });
  if (items.length === 0) return refuse(`There is no version of ${name}.`);
  if (json) print(JSON.stringify(items));
  else
    for (const { id, createdAt, active, activatedAt, author, reason } of items)
      print([id, createdAt, active ? 'active' : activatedAt === null ? 'waits ' : '      ', author, reason].join('  ').trimEnd());
  return DONE;
}

export type ExportOptions = { readonly to?: string; readonly at?: string };

/** `syncline mapping export`: writes active documents into a folder, or prints one of them, or a version of it. */
export async function mappingExport(place: Place, names: readonly string[], { to, at }: ExportOptions): Promise<number> {
  const found = at === undefined ? { called: 'active', texts: await activeTexts(place.hub) } : await versionSide(place, at);
  if (typeof found === 'string') return refuse(found);
  const strange = names.find((name) => (found.texts.get(name) ?? null) === null);
  if (strange !== undefined)
    return refuse(`There is no ${found.called} document ${strange}. There are: ${[...found.texts.keys()].join(', ')}.`);
  const wanted = [...found.texts].flatMap(([name, text]) =>
    text === null || (names.length > 0 && !names.includes(name)) ? [] : [{ name, text }],
  );
  if (to !== undefined) return writeAll(to, wanted);
  const [one, ...more] = wanted;
  if (one === undefined) return refuse('That version says that the document was removed.');
  if (more.length > 0) return refuse('Name one document, or a folder for all of them: --to <folder>.');
  process.stdout.write(one.text);
  return DONE;
}

async function writeAll(folder: string, documents: readonly { readonly name: string; readonly text: string }[]): Promise<number> {
  await mkdir(folder, { recursive: true });
  for (const { name, text } of documents) {
    const file = join(folder, name);
    // In its place at once and whole: a hub may be reading this folder.
    await writeFile(`${file}.part`, text);
    await rename(`${file}.part`, file);
    print(file);
  }
  return DONE;
}

export type ImportOptions = { readonly reason: string; readonly replace?: boolean };

/** `syncline mapping import`: makes drafts of files, which a plan can be made with. */
export async function mappingImport({ engine, hub }: Place, paths: readonly string[], { reason, replace }: ImportOptions): Promise<number> {
  const read = await readDocuments(paths);
  if (!read.ok) return refuse(read.problems.map(describeProblem).join('\n'));
  const audited = await beginAudit(hub, AUDITED);
  const imported = await importDrafts(engine, read.texts, { author: ACTOR, reason, replace: replace === true });
  const names = imported.kind === 'refused' ? [...read.texts.keys()] : imported.names;
  await endAudit(hub, audited, { status: STATUS[imported.kind], detail: { names } });
  switch (imported.kind) {
    case 'refused':
      return refuse(`${imported.problems.map(describeProblem).join('\n')}\nNothing was imported.`);
    case 'taken':
      return refuse(
        `There are drafts already of ${imported.names.join(', ')}. Look at them first; --replace puts the files in their places.`,
      );
    case 'kept': {
      for (const name of names) print(`${name}: a draft now`);
      for (const name of imported.same) print(`${name}: says what is active`);
      if (names.length > 0)
        process.stderr.write(
          'Nobody works by drafts. syncline plan --drafts tells what they would do, and syncline apply makes them active.\n',
        );
      return DONE;
    }
  }
}
const AUDITED = { kind: 'act', actor: ACTOR, actorName: ACTOR, address: null, action: 'put /mappings/{name}/draft' } as const;
const STATUS = { kept: 200, taken: 409, refused: 422 } as const;
