import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtPages } from '../../src/commands/pages.ts';
import { must } from '../../src/kernel/must.ts';

const run = promisify(execFile);

export type BuiltPage = { readonly folder: string; readonly pages: (path: string) => Promise<Response | null>; remove(): Promise<void> };

/** Builds the page into a folder of its own and serves it as the hub does. */
export async function buildPage(): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-page-'));
  // A process of its own: within the tests' own, the libraries would be built as for development.
  const env = { ...process.env, NODE_ENV: 'production' };
  const options = ['--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'src/admin', ...options], { env });
  return {
    folder,
    pages: must(await builtPages(folder), 'the page that was just built'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
