import { type Document, isCollection, isMap, isSeq, parseDocument } from 'yaml';
import { canonical, type Json } from '../../kernel/json.ts';
import { addItem, addPair, removeChild, replaceValue } from './splice.ts';

/** One step of an editor. `set` changes a value or adds it; `add` appends to a list, which is made where there is none. */
export type Edit =
  | { readonly set: EditPath; readonly to: Json }
  | { readonly remove: EditPath }
  | { readonly add: EditPath; readonly value: Json };
export type EditPath = readonly (string | number)[];

/** Why a text cannot be edited by steps, for people. */
export class CannotEdit extends Error {}

/**
 * The text with some values changed, and nothing else: every comment stays, also that of a line which is removed, and whatever no step is about stays as
 * it is written.
 */
export function editText(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, edit) => {
    const wanted = changed(plainOf(before), edit);
    const after = applied(before, edit);
    // What was written is read once more: nobody gets another mapping than the one that was asked for.
    if (canonical(plainOf(after)) !== canonical(wanted))
      throw new CannotEdit('This place is written in a way that only the YAML can change');
    return after;
  }, text);
}

function parsed(text: string): Document {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) throw new CannotEdit('The YAML cannot be read. Mend it first');
  return document;
}

const plainOf = (text: string): Json => parsed(text).toJS({ maxAliasCount: 0 }) as Json;

function applied(text: string, edit: Edit): string {
  if ('set' in edit) return set(text, edit.set, edit.to);
  if ('remove' in edit) return remove(text, edit.remove);
  const list = valueAt(plainOf(text), edit.add);
  return Array.isArray(list) ? set(text, [...edit.add, list.length], edit.value) : set(text, edit.add, [edit.value]);
}

/** Sets a value, touching as little of what is there as it takes. */
function set(text: string, path: EditPath, value: Json): string {
  const before = valueAt(plainOf(text), path);
  if (before !== undefined && canonical(before) === canonical(value)) return text;
  if (isPlain(before) && isPlain(value) && Object.keys(value).length > 0) return setKeys(text, path, { before, value });
  if (Array.isArray(before) && Array.isArray(value) && value.length > 0) return setItems(text, path, { size: before.length, value });
  return place(text, path, value);
}

function setKeys(text: string, path: EditPath, { before, value }: { before: Plain; value: Plain }): string {
  const kept = Object.entries(value).reduce((now, [key, to]) => set(now, [...path, key], to ?? null), text);
  return Object.keys(before)
    .filter((key) => !Object.hasOwn(value, key))
    .reduce((now, key) => remove(now, [...path, key]), kept);
}

function setItems(text: string, path: EditPath, { size, value }: { size: number; value: readonly Json[] }): string {
  const kept = value.reduce<string>((now, to, i) => set(now, [...path, i], to), text);
  return Array.from({ length: Math.max(0, size - value.length) }).reduce<string>((now) => remove(now, [...path, value.length]), kept);
}

/** Puts a value where it belongs; what lies around it is made where it is missing. */
function place(text: string, path: EditPath, value: Json): string {
  const document = parsed(text);
  const [last, parent] = [path.at(-1), path.slice(0, -1)];
  if (last === undefined) throw new CannotEdit('The document as a whole can only be changed as YAML');
  const node = parent.length === 0 ? document.contents : document.getIn(parent, true);
  if (!isCollection(node)) return set(text, parent, typeof last === 'number' ? [value] : { [last]: value });
  if (node.has(last)) return replaceValue(text, { node, key: last, value });
  if (isMap(node)) return addPair(text, { node, key: String(last), value });
  if (isSeq(node)) return addItem(text, { node, value });
  throw new CannotEdit('Nothing can be put there');
}

function remove(text: string, path: EditPath): string {
  const document = parsed(text);
  const [last, parent] = [path.at(-1), path.slice(0, -1)];
  const node = parent.length === 0 ? document.contents : document.getIn(parent, true);
  if (last === undefined || !isCollection(node) || !node.has(last)) return text;
  return removeChild(text, { node, key: last });
}

type Plain = { readonly [key: string]: Json };
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

function valueAt(value: Json | undefined, path: EditPath): Json | undefined {
  return path.reduce<Json | undefined>((at, step) => {
    if (Array.isArray(at)) return typeof step === 'number' ? (at as readonly Json[])[step] : undefined;
    return isPlain(at) && Object.hasOwn(at, String(step)) ? at[String(step)] : undefined;
  }, value);
}

/** The same step on plain values. */
function changed(value: Json, edit: Edit): Json {
  if ('add' in edit) {
    const list = valueAt(value, edit.add);
    return Array.isArray(list) ? put(value, [...edit.add, list.length], edit.value) : put(value, edit.add, [edit.value]);
  }
  return 'set' in edit ? put(value, edit.set, edit.to) : put(value, edit.remove, undefined);
}

function put(value: Json | undefined, path: EditPath, to: Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return to ?? null;
  const isLast = rest.length === 0;
  if (typeof step === 'number') {
    const list: readonly Json[] = Array.isArray(value) ? value : [];
    if (isLast && to === undefined) return list.filter((_, i) => i !== step);
    return list.length <= step ? [...list, put(undefined, rest, to)] : list.map((item, i) => (i === step ? put(item, rest, to) : item));
  }
  const map = isPlain(value) ? value : {};
  if (to === undefined && !Object.hasOwn(map, step)) return value ?? null;
  if (isLast && to === undefined) return Object.fromEntries(Object.entries(map).filter(([key]) => key !== step)) as Json;
  return { ...map, [step]: put(map[step], rest, to) } as Json;
}
