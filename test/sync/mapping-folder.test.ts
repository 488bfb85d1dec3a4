import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { CONNECTORS } from '../../connectors/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { activateVersions, activeDocuments, activeRevision, keepVersions, mappingSet } from '../../src/hub/mappings/texts.ts';
import { must } from '../../src/kernel/must.ts';
import { activeTexts, currentEngine, readActive } from '../../src/sync/mappings/active.ts';
import { adoptFolder } from '../../src/sync/mappings/adopt-folder.ts';
import { test } from '../support/database.ts';
import { openEngine } from '../support/stage.ts';

const NAME = 'hubspot.contact.yaml';

/** A folder of the mappings that ship, to be changed. */
async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp('mappings', folder, { recursive: true });
  const path = join(folder, NAME);
  return {
    folder,
    change: async (edit: (text: string) => string) => writeFile(path, edit(await readFile(path, 'utf8'))),
    remove: () => rm(path),
  };
}

const take = (hub: Hub, folder: string, named = true) => adoptFolder(hub, { folder, named, connectors: CONNECTORS });
const textNow = async (hub: Hub) => (await activeTexts(hub)).get(NAME);

/** An edit as the page makes it, activated. */
async function edit(hub: Hub, change: (text: string) => string) {
  const before = must(
    (await activeDocuments(hub)).find(({ name }) => name === NAME),
    NAME,
  );
  const version = {
    name: NAME,
    text: change(before.text ?? ''),
    origin: 'editor',
    author: 'ada',
    reason: 'so',
    baseId: before.id,
  } as const;
  return hub.transaction().execute(async (tx) => activateVersions(tx, await keepVersions(tx, [version])));
}

test('what a folder holds becomes the first version, once, and a file that changes becomes the next', async ({ hub }) => {
  const files = await openFolder();
  const first = await take(hub, files.folder);
  expect(first).toMatchObject({ kind: 'adopted', waiting: [] });
  expect(await take(hub, files.folder)).toEqual({ kind: 'adopted', changed: [], waiting: [] });
  expect(await activeRevision(hub)).toBe(1);
  await files.change((text) => `${text}# of the file\n`);
  expect(await take(hub, files.folder)).toEqual({ kind: 'adopted', changed: [NAME], waiting: [] });
  expect(await textNow(hub)).toContain('# of the file');
  const authors = await hub.selectFrom('mapping_text').select('author').where('name', '=', NAME).orderBy('id').execute();
  expect(authors).toEqual([{ author: join(files.folder, NAME) }, { author: join(files.folder, NAME) }]);
});

test('an edit in the hub is never overwritten by its file: what both have changed waits, and goes once the two agree', async ({ hub }) => {
  const files = await openFolder();
  await take(hub, files.folder);
  expect(await edit(hub, (text) => `${text}# of the page\n`)).toEqual([]);
  expect(await take(hub, files.folder)).toEqual({ kind: 'adopted', changed: [], waiting: [] });
  await files.change((text) => `${text}# of the file\n`);
  expect(await take(hub, files.folder)).toEqual({ kind: 'adopted', changed: [], waiting: [NAME] });
  expect(await textNow(hub)).toContain('# of the page');
  const waiting = async () =>
    must(
      (await activeDocuments(hub)).find(({ name }) => name === NAME),
      NAME,
    ).waitingId;
  expect(await waiting()).not.toBeNull();
  expect(await take(hub, files.folder)).toEqual({ kind: 'adopted', changed: [], waiting: [] });
  expect(await waiting()).not.toBeNull();
  await edit(hub, (text) => text.replace('# of the page', '# of the file'));
  expect(await waiting()).toBeNull();
  await files.change((text) => `${text}# again\n`);
  expect(await take(hub, files.folder)).toMatchObject({ changed: [NAME] });
});

test('files with mistakes leave what was active, and say so; without anything active there is no start', async ({ hub }) => {
  const files = await openFolder();
  await files.change((text) => text.replace('hub: email,', 'hub: emial,'));
  await expect(take(hub, files.folder)).rejects.toThrow('emial');
  await files.change((text) => text.replace('hub: emial,', 'hub: email,'));
  await take(hub, files.folder);
  const before = await textNow(hub);
  await files.change((text) => text.replace('hub: email,', 'hub: emial,'));
  expect(await take(hub, files.folder)).toMatchObject({ kind: 'refused', problems: [{ field: 'match[0].on[0]' }, {}, {}] });
  expect(await textNow(hub)).toBe(before);
  expect((await mappingSet(hub)).folderProblems.length).toBeGreaterThan(0);
  await files.change((text) => text.replace('hub: emial,', 'hub: email,'));
  await take(hub, files.folder);
  expect((await mappingSet(hub)).folderProblems).toEqual([]);
});

test('a file that goes takes its mapping along, and another folder that nobody has named changes nothing', async ({ hub }) => {
  const [files, others] = [await openFolder(), await openFolder()];
  await take(hub, files.folder);
  await others.change((text) => `${text}# elsewhere\n`);
  expect(await take(hub, others.folder, false)).toEqual({ kind: 'elsewhere', folder: files.folder });
  await files.remove();
  expect(await take(hub, files.folder, false)).toMatchObject({ kind: 'adopted', changed: [NAME] });
  expect(await textNow(hub)).toBeUndefined();
});

test('every process works by the version that is active, whichever process has changed it', async ({ hub }) => {
  const files = await openFolder();
  await take(hub, files.folder);
  const active = must(await readActive(hub, CONNECTORS), 'mappings');
  const engine = { ...(await openEngine(hub)), ...active };
  expect((await currentEngine(engine)).mappings).toBe(active.mappings);
  await edit(hub, (text) => text.replace('{ hub: city, remote: city }', '{ hub: city, remote: city, direction: off }'));
  const now = await currentEngine(engine);
  const mapping = must(now.mappings.byStream.get('hubspot.contact'), 'the mapping');
  expect(mapping.kind === 'entity' && mapping.lines.find(({ hub: name }) => name === 'city')?.direction).toBe('off');
  expect((await currentEngine(engine)).mappings).toBe(now.mappings);
});

test('of two edits of one version the second is refused', async ({ hub }) => {
  const files = await openFolder();
  await take(hub, files.folder);
  const before = must(
    (await activeDocuments(hub)).find(({ name }) => name === NAME),
    NAME,
  );
  const version = { name: NAME, text: `${before.text}#\n`, origin: 'editor', author: 'ada', reason: 'so', baseId: before.id } as const;
  const ids = await keepVersions(hub, [version, { ...version, author: 'bob', text: `${before.text}##\n` }]);
  const activate = (id: string | undefined) => hub.transaction().execute((tx) => activateVersions(tx, [must(id, 'a version')]));
  expect(await activate(ids[0])).toEqual([]);
  expect(await activate(ids[1])).toEqual([NAME]);
  expect(await textNow(hub)).toBe(`${before.text}#\n`);
});
