import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
};

/** Serves the built settings page. A path that is no file is one of the page's own addresses. Null when the page has not been built. */
export async function builtPages(folder: string): Promise<((path: string) => Promise<Response | null>) | null> {
  const index = await readFile(join(folder, 'index.html')).catch(() => null);
  if (index === null) return null;
  return async (path) => {
    const named = spelt(path);
    if (named === null) return null;
    const file = normalize(join(folder, named));
    const inside = file.startsWith(folder + sep);
    const isFile =
      inside &&
      (await stat(file).then(
        (found) => found.isFile(),
        () => false,
      ));
    if (!isFile)
      // An address may end like a file of a kind that the page has none of, as that of a mapping does.
      return TYPES[extname(path)] === undefined
        ? new Response(index, { headers: { 'content-type': TYPES['.html'] ?? '', 'cache-control': 'no-cache' } })
        : null;
    // Names of built assets change with their content.
    const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return new Response(await readFile(file), {
      headers: { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': cache },
    });
  };
}

/** A path in letters; null for one that nobody can read. */
function spelt(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
