import type { ApiVersion } from '../records/checking.ts';

const DATED = /\/(2026-03|2026-09)(?=\/|$)/;

/** The API version that a path names. */
export function versionOf(path: string): ApiVersion {
  const [, version] = DATED.exec(path) ?? [];
  return version === '2026-03' || version === '2026-09' ? version : 'v3';
}

/** The one path by which the routes know a call: dated paths become the v3 and v4 ones, and a trailing slash goes. */
export function canonicalPath(path: string): string {
  const bare = path.length > 1 ? path.replace(/\/+$/, '') : path;
  return bare
    .replace(/^\/crm\/objects\/2026-0[39]\/([^/]+\/[^/]+\/associations\/)/, '/crm/v4/objects/$1')
    .replace(/^\/crm\/associations\/2026-0[39](?=\/)/, '/crm/v4/associations')
    .replace(/^\/crm\/(objects|properties|owners|pipelines)\/2026-0[39](?=\/|$)/, '/crm/v3/$1')
    .replace(/^\/account-info\/2026-0[39](?=\/)/, '/account-info/v3');
}
