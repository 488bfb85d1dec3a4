import type { Fields, FieldValue } from '../contract/records.ts';
import type { HubObject } from '../mapping/mapping.ts';

/** The fields of a record without references to itself, which is what those between two records become when both become one. Pure. */
export function withoutSelf(fields: Fields, object: HubObject, ids: readonly string[]): Fields {
  const isSelf = (text: string): boolean => ids.some((id) => text === id || text.startsWith(`${id}#`));
  const cleaned = Object.entries(fields).flatMap(([name, value]): [string, FieldValue][] => {
    if (object.fields.get(name)?.to !== object.name) return [[name, value]];
    if (typeof value === 'string') return isSelf(value) ? [] : [[name, value]];
    const others = Array.isArray(value) ? (value as readonly string[]).filter((text) => !isSelf(text)) : value;
    return Array.isArray(others) && others.length === 0 ? [] : [[name, others]];
  });
  return Object.fromEntries(cleaned);
}
