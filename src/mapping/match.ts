import type { Fields } from '../contract/records.ts';
import { alike } from './alike.ts';
import { countryCode } from './countries.ts';
import type { HubObject, MatchRule } from './mapping.ts';
import { normalise } from './normalise.ts';

/**
 * The key of hub fields under a match rule: equal keys agree. Null when one of `on` is blank or holds nothing to match by. `region` is for
 * phone numbers without a country code; see `regionOf`.
 */
export function matchKey(rule: MatchRule, object: HubObject, fields: Fields): string | null {
  const region = regionOf(fields);
  const parts = rule.on.map((name) => normalise(object.fields.get(name)?.identity ?? 'text', fields[name] ?? null, region));
  return parts.includes(null) ? null : JSON.stringify(parts);
}

/**
 * Whether what agrees by its key is confirmed: one of `confirm` is equal or alike, or none of them is filled in on both sides. False means
 * that a person decides. A blank beside a difference confirms nothing: two people may share a mailbox.
 */
export function confirms(rule: MatchRule, object: HubObject, sides: { readonly a: Fields; readonly b: Fields }): boolean {
  const comparable = rule.confirm.filter((name) => isFilled(sides.a[name]) && isFilled(sides.b[name]));
  return (
    comparable.length === 0 ||
    comparable.some((name) => alike(object.fields.get(name)?.identity ?? 'text', sides.a[name] ?? null, sides.b[name] ?? null))
  );
}

/** The alpha-2 code of the country that the record itself names, or undefined. */
export function regionOf(fields: Fields): string | undefined {
  return typeof fields.country === 'string' ? countryCode(fields.country.trim()) : undefined;
}

function isFilled(value: Fields[string] | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
