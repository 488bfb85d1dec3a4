import type { Bucket } from '../access/limits.ts';

/** Which of the buckets a request draws from. */
export function bucketOf(path: string): Bucket {
  if (/^\/crm\/v3\/objects\/[^/]+\/search$/.test(path)) return 'search';
  if (/^\/events\/v3\/send/.test(path)) return 'exempt';
  return path.startsWith('/crm/v4/') ? 'associations' : 'general';
}

/** The type that a request writes to, or null: reads by POST are no writes. */
export function writtenType(method: string, path: string): string | null {
  const [, type, rest] = /^\/crm\/v3\/objects\/([^/]+)(.*)$/.exec(path) ?? [];
  return type === undefined || method === 'GET' || rest === '/search' || rest === '/batch/read' ? null : type;
}

/** Whether a request comes in without the token of a portal: to get one, to fetch a file, or as an app's developer. */
export function isOpen(path: string): boolean {
  return /^\/(oauth|_files|webhooks)\//.test(path);
}
