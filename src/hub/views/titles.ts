import type { Fields } from '../../contract/records.ts';
import type { HubModel } from '../../mapping/mapping.ts';

/** Where the family name comes first: names in Han, kana, or Hangul. */
const FAMILY_FIRST = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** What a record is called: its names, else what else tells it apart, else that it has no name. */
export function titleOf(model: HubModel, object: string, fields: Fields): string {
  const declared = [...(model.get(object)?.fields.values() ?? [])].filter((field) => field.identity !== null);
  const texts = (names: readonly string[]) =>
    names.map((name) => fields[name]).filter((value) => typeof value === 'string' && value !== '');
  // Cities and countries are compared like names, but are none.
  const named = texts(declared.filter((field) => field.identity === 'name' && /(^|_)name$/.test(field.name)).map((field) => field.name));
  if (named.length > 0) return (named.some((name) => FAMILY_FIRST.test(String(name))) ? named.toReversed() : named).join(' ');
  const [other] = texts(declared.map((field) => field.name));
  return typeof other === 'string' ? other : 'without a name';
}

/** What something that happened is called: its title, subject, or name, where it has one. */
export function nameIn(model: HubModel, object: string, fields: Fields): string | null {
  const named = [...(model.get(object)?.fields.keys() ?? [])].filter((name) => /^(title|subject|name)$/.test(name));
  const [found] = named.map((name) => fields[name]).filter((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : null;
}

/** A field's label, or its name when the model no longer has it. */
export function labelOf(model: HubModel, object: string | null, field: string): string {
  return (object === null ? undefined : model.get(object)?.fields.get(field)?.label) ?? field;
}
