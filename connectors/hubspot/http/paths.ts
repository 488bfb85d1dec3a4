export const API_VERSIONS = ['v3', '2026-03', '2026-09'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/** The paths of one API version: the dated versions moved the version behind the noun. */
export type Paths = {
  objects(type: string, rest?: string): string;
  properties(type: string, rest?: string): string;
  owners(): string;
  pipelines(type: string): string;
  /** The types that the portal has made for itself. */
  schemas(): string;
  /** Lists of records that people and the hub put together. */
  lists(rest?: string): string;
  associations(from: string, to: string, rest: string): string;
  account(): string;
  /** What a token is good for. */
  introspection(): string;
};

const UNDATED: Paths = {
  objects: (type, rest = '') => `/crm/v3/objects/${type}${rest}`,
  properties: (type, rest = '') => `/crm/v3/properties/${type}${rest}`,
  owners: () => '/crm/v3/owners',
  pipelines: (type) => `/crm/v3/pipelines/${type}`,
  schemas: () => '/crm-object-schemas/v3/schemas',
  lists: (rest = '') => `/crm/v3/lists${rest}`,
  associations: (from, to, rest) => `/crm/v4/associations/${from}/${to}${rest}`,
  account: () => '/account-info/v3/details',
  introspection: () => '/oauth/v3/token/introspect',
};

/** The paths that `version` has. */
export function pathsOf(version: ApiVersion): Paths {
  if (version === 'v3') return UNDATED;
  return {
    objects: (type, rest = '') => `/crm/objects/${version}/${type}${rest}`,
    properties: (type, rest = '') => `/crm/properties/${version}/${type}${rest}`,
    owners: () => `/crm/owners/${version}`,
    pipelines: (type) => `/crm/pipelines/${version}/${type}`,
    schemas: () => `/crm-object-schemas/${version}/schemas`,
    lists: (rest = '') => `/crm/lists/${version}${rest}`,
    associations: (from, to, rest) => `/crm/associations/${version}/${from}/${to}${rest}`,
    account: () => `/account-info/${version}/details`,
    introspection: () => `/oauth/${version}/token/introspect`,
  };
}
