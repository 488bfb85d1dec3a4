/** The API version of the path that a call came by. */
export type ApiVersion = 'v3' | '2026-03' | '2026-09';

const DATED = /\/(2026-03|2026-09)(?=\/|$)/;
const VERSION = '2026-0[39]';

/** What a dated path is called by the routes, which know the v3 and v4 ones. */
const SAME: readonly (readonly [dated: RegExp, known: string])[] = [
  [new RegExp(`^/crm/objects/${VERSION}/([^/]+/[^/]+/associations/)`), '/crm/v4/objects/$1'],
  [new RegExp(`^/crm/associations/${VERSION}(?=/)`), '/crm/v4/associations'],
  [new RegExp(`^/crm/(objects|properties|owners|pipelines|lists|imports|exports)/${VERSION}(?=/|$)`), '/crm/v3/$1'],
  [new RegExp(`^/crm-object-schemas/${VERSION}(?=/)`), '/crm-object-schemas/v3'],
  [/^\/crm\/v3\/schemas(?=\/|$)/, '/crm-object-schemas/v3/schemas'],
  [new RegExp(`^/account-info/${VERSION}(?=/)`), '/account-info/v3'],
  [new RegExp(`^/events/event-occurrences/${VERSION}(?=/|$)`), '/events/v3/events'],
  [new RegExp(`^/events/${VERSION}(?=/)`), '/events/v3'],
  [new RegExp(`^/integrators/timeline/${VERSION}(?=/)`), '/integrators/timeline/dated'],
  [new RegExp(`^/webhooks/${VERSION}(?=/)`), '/webhooks/v3'],
  [new RegExp(`^/oauth/(${VERSION})/token$`), '/oauth/v3/token'],
  [new RegExp(`^/oauth/(${VERSION})/token/(introspect|revoke)$`), '/oauth/v3/token/$2'],
];

/** The API version that a path names. */
export function versionOf(path: string): ApiVersion {
  const [, version] = DATED.exec(path) ?? [];
  return version === '2026-03' || version === '2026-09' ? version : 'v3';
}

/** The one path by which the routes know a call: dated paths become the v3 and v4 ones, and a trailing slash goes. */
export function canonicalPath(path: string): string {
  const bare = path.length > 1 ? path.replace(/\/+$/, '') : path;
  return SAME.reduce((known, [dated, name]) => known.replace(dated, name), bare);
}
