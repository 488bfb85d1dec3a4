import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { chromiumPath } from './browser.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the page was built; null where no browser could show it. */
    pageFolder: string | null;
  }
}

const run = promisify(execFile);

/** Builds the page once for all tests that look at it, into a folder of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (chromiumPath() === null) {
    project.provide('pageFolder', null);
    return async () => undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'syncline-page-'));
  // A process of its own: within the tests' own, the libraries would be built as for development.
  const env = { ...process.env, NODE_ENV: 'production' };
  const options = ['--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'src/admin', ...options], { env });
  project.provide('pageFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
