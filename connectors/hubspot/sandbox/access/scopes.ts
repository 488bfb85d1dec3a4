import type { ObjectType } from '../portal/object-types.ts';
import type { ApiVersion } from '../wire/paths.ts';
import { Refusal } from '../wire/refusal.ts';

const bothWays = (prefix: string): readonly string[] => [`${prefix}.read`, `${prefix}.write`];
const DATED_ACTIVITIES = ['notes', 'tasks', 'calls', 'meetings', 'emails', 'communications', 'feedback_submissions'];

/** Every scope that a token of this portal can have. */
export const SCOPES: readonly string[] = [
  ...['contacts', 'companies', 'deals', 'custom'].flatMap((name) => bothWays(`crm.objects.${name}`)),
  ...['contacts', 'companies', 'deals', 'custom'].flatMap((name) => bothWays(`crm.schemas.${name}`)),
  'tickets',
  'crm.objects.owners.read',
  ...bothWays('crm.lists'),
  'crm.import',
  'crm.export',
  'timeline',
  'oauth',
];

export type Right = 'read' | 'write';

/** Which scopes let records of this type be read or written; one of them is enough. */
export function objectScopes(type: ObjectType, right: Right, version: ApiVersion): readonly string[] {
  if (type.scoped === 'tickets') return ['tickets'];
  if (type.scoped !== 'activity') return [`crm.objects.${type.scoped}.${right}`];
  const granular = version === 'v3' || !DATED_ACTIVITIES.includes(type.name) ? [] : [`crm.objects.${type.name}.${right}`];
  return [`crm.objects.contacts.${right}`, ...granular];
}

/** Which scopes let the properties of this type be looked at or defined; to look, the right to read the records will do. */
export function schemaScopes(type: ObjectType, right: Right, version: ApiVersion): readonly string[] {
  if (type.scoped === 'tickets') return ['tickets'];
  const schema = `crm.schemas.${type.scoped === 'activity' ? 'contacts' : type.scoped}.${right}`;
  return right === 'read' ? [schema, ...objectScopes(type, 'read', version)] : [schema];
}

/** Refuses with 403 unless the token has one of `anyOf`. */
export function demandScope(granted: ReadonlySet<string>, anyOf: readonly string[]): void {
  if (anyOf.some((scope) => granted.has(scope))) return;
  throw new Refusal(403, {
    message:
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    category: 'MISSING_SCOPES',
    errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: anyOf } }],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
  });
}
