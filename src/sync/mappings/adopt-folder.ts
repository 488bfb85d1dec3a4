import { join } from 'node:path';
import type { Connector } from '../../contract/connector.ts';
import type { Hub, Tx } from '../../hub/database.ts';
import {
  type ActiveDocument,
  activateVersions,
  activeDocuments,
  digestOfText,
  keepVersions,
  type MappingSet,
  mappingSet,
  type NewVersion,
  noteFolder,
  noteFolderLook,
} from '../../hub/mappings/texts.ts';
import { must } from '../../kernel/must.ts';
import { compileTexts } from '../../mapping/compile.ts';
import { type ReadFolder, readFolder } from '../../mapping/load.ts';
import type { MappingProblem } from '../../mapping/problems.ts';
import { inTransaction } from '../transaction.ts';
import { compiled, mistakes, withChanges } from './active.ts';

/**
 * What came of looking at a folder. `elsewhere`: the hub takes its files from another folder. `refused`: they have mistakes, so what was active stays
 * active. `waiting`: documents that were edited in the hub as well, so that a person decides.
 */
export type Adopted =
  | { readonly kind: 'adopted'; readonly changed: readonly string[]; readonly waiting: readonly string[] }
  | { readonly kind: 'elsewhere'; readonly folder: string }
  | { readonly kind: 'refused'; readonly problems: readonly MappingProblem[] };

/** `named`: somebody has named this very folder; it is not only where a clone has one. */
export type Folder = { readonly folder: string; readonly named: boolean; readonly connectors: ReadonlyMap<string, Connector> };

type Moved = { readonly name: string; readonly text: string | null; readonly before: ActiveDocument | undefined };

/**
 * Makes what has changed in a folder since it was looked at last the active version, all of it or nothing. A document that was edited in the hub
 * as well stays as it is there, and what its file says waits beside it. Throws when there is nothing good to begin with.
 */
export async function adoptFolder(hub: Hub, { folder, named, connectors }: Folder): Promise<Adopted> {
  const read = await readFolder(folder);
  return inTransaction(hub, async (tx) => {
    const set = await mappingSet(tx, { lock: true });
    if (set.folder !== null && set.folder !== folder && !named) return { kind: 'elsewhere', folder: set.folder };
    return take(tx, { folder, read, set, connectors });
  });
}

type Taking = { readonly folder: string; readonly read: ReadFolder; readonly set: MappingSet; readonly connectors: Folder['connectors'] };

async function take(tx: Tx, { folder, read, set, connectors }: Taking): Promise<Adopted> {
  if (!read.ok) return refuse(tx, { folder, set, problems: read.problems });
  const documents = await activeDocuments(tx);
  const active = new Map(documents.flatMap(({ name, text }) => (text === null ? [] : [[name, text] as const])));
  const isBroken = !compiled(active, connectors).ok;
  const moved = movedIn(read.texts, documents);
  const waiting = moved.filter(({ text, before }) => !isBroken && isEditedHere(before) && digestOfText(text) !== before?.digest);
  const taken = moved.filter((one) => !waiting.includes(one) && digestOfText(one.text) !== one.before?.digest);
  const next = withChanges(active, new Map(taken.map(({ name, text }) => [name, text])));
  const found = compileTexts(next, { at: (name) => join(folder, name), connectors });
  if (!found.ok) return refuse(tx, { folder, set, problems: found.problems });
  await activateVersions(
    tx,
    await keepVersions(
      tx,
      taken.map((one) => version(folder, one)),
    ),
  );
  const kept = await keepVersions(
    tx,
    waiting.map((one) => version(folder, one)),
  );
  for (const one of moved) {
    const at = waiting.indexOf(one);
    await noteFolder(tx, one.name, {
      folderDigest: one.text === null ? null : digestOfText(one.text),
      waitingId: at === -1 ? null : must(kept[at], 'a version that waits'),
    });
  }
  await noteFolderLook(tx, folder, []);
  return { kind: 'adopted', changed: taken.map(({ name }) => name), waiting: waiting.map(({ name }) => name) };
}

/** Documents whose files are not what they were: other ones, new ones, and those that have gone. */
function movedIn(texts: ReadonlyMap<string, string>, documents: readonly ActiveDocument[]): readonly Moved[] {
  const before = new Map(documents.map((document) => [document.name, document]));
  const names = new Set([...texts.keys(), ...documents.filter(({ folderDigest }) => folderDigest !== null).map(({ name }) => name)]);
  return [...names].flatMap((name) => {
    const [text, document] = [texts.get(name) ?? null, before.get(name)];
    const now = text === null ? null : digestOfText(text);
    return now === (document?.folderDigest ?? null) ? [] : [{ name, text, before: document }];
  });
}

// What is active is not what the file said: somebody has edited it, or made it, here.
const isEditedHere = (document: ActiveDocument | undefined): boolean =>
  document !== undefined && document.text !== null && document.digest !== document.folderDigest;

function version(folder: string, { name, text, before }: Moved): NewVersion {
  const reason = text === null ? 'The file was removed.' : before === undefined ? 'The file was found.' : 'The file was changed.';
  return { name, text, origin: 'folder', author: join(folder, name), reason, baseId: before?.id ?? null };
}

type Refusing = { readonly folder: string; readonly set: MappingSet; readonly problems: readonly MappingProblem[] };

async function refuse(tx: Tx, { folder, set, problems }: Refusing): Promise<Adopted> {
  if (set.revision === 0) throw mistakes(problems);
  await noteFolderLook(tx, folder, problems);
  return { kind: 'refused', problems };
}
