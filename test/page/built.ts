import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export type BuiltPage = { readonly folder: string; readonly pages: (path: string) => Promise<Response | null>; remove(): Promise<void> };

/** Builds the page into a folder of its own, and serves it as a hub does: files by name, every other address the page itself. */
export async function buildPage(): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-page-'));
  // A process of its own: within the tests' own, the libraries would be built as for development.
  const env = { ...process.env, NODE_ENV: 'production' };
  const options = ['--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'src/admin', ...options], { env });
  return { folder, pages: (path) => answer(folder, path), remove: () => rm(folder, { recursive: true, force: true }) };
}

async function answer(folder: string, path: string): Promise<Response | null> {
  const name = extname(path) === '' ? 'index.html' : normalize(path).replace(/^\/+/, '');
  const body = await readFile(join(folder, name)).catch(() => null);
  return body === null
    ? null
    : new Response(new Uint8Array(body), { headers: { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' } });
}
