import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { builtPages } from '../../src/commands/pages.ts';
import { must } from '../../src/kernel/must.ts';

test('of the built page its own files are served and nothing beside it, and an address that cannot be read is none', async () => {
  const around = await mkdtemp(join(tmpdir(), 'syncline-pages-'));
  onTestFinished(() => rm(around, { recursive: true }));
  const folder = join(around, 'dist');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), 'the page');
  await writeFile(join(folder, 'assets', 'a.js'), 'a script');
  await writeFile(join(around, 'secret.txt'), 'a secret');
  const pages = must(await builtPages(folder), 'the built page');
  const shown = async (path: string) => (await pages(path))?.text() ?? null;
  expect(await shown('/assets/a.js')).toBe('a script');
  expect(await shown('/contacts/1')).toBe('the page');
  for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%2f..%2fsecret.txt'])
    expect([path, await shown(path)]).toEqual([path, null]);
  for (const path of ['/%ff', '/%zz', '/%']) expect([path, await shown(path)]).toEqual([path, null]);
  expect(await shown('/%00')).toBe('the page');
});
