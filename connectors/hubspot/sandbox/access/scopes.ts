import { Refusal } from '../wire/refusal.ts';

/** The scopes that the sandbox's token has, unless a switch takes some away. */
export const SCOPES: readonly string[] = [
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.objects.companies.read',
  'crm.objects.companies.write',
  'crm.objects.owners.read',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
  'crm.schemas.companies.read',
  'crm.schemas.companies.write',
  'oauth',
];

/** Refuses with 403 unless the token has one of `anyOf`. */
export function demandScope(missing: ReadonlySet<string>, ...anyOf: readonly string[]): void {
  if (anyOf.some((scope) => !missing.has(scope))) return;
  throw new Refusal(403, {
    message:
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    category: 'MISSING_SCOPES',
    errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: anyOf } }],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
  });
}
