import { HubError } from '../../src/contract/errors.ts';
import type { Delivery } from '../../src/contract/webhook.ts';

type Tree = { [name: string]: unknown };

/** What a body holds: JSON, or the fields of a form, of which those with one name are a list, and `a[b]` is `b` in `a`. */
export async function bodyOf({ body, headers }: Delivery): Promise<unknown> {
  const type = (headers.get('content-type') ?? '').toLowerCase();
  if (type.startsWith('application/x-www-form-urlencoded')) return treeOf([...new URLSearchParams(textOf(body))]);
  if (type.startsWith('multipart/form-data')) return treeOf(await partsOf(body, headers.get('content-type') ?? ''));
  return jsonIn(textOf(body));
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new HubError('broken_answer', 'the delivery is not UTF-8', { cause });
  }
}

function jsonIn(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch (cause) {
    throw new HubError('broken_answer', 'the delivery is neither JSON nor form data', { cause });
  }
  throw new HubError('broken_answer', 'the delivery is a single value, and holds no record');
}

async function partsOf(body: Uint8Array, type: string): Promise<readonly (readonly [string, unknown])[]> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    return await Promise.all([...form].map(async ([name, value]) => [name, await partOf(value)] as const));
  } catch (cause) {
    if (cause instanceof HubError) throw cause;
    throw new HubError('broken_answer', 'the parts of the delivery cannot be told apart', { cause });
  }
}

/** A part that is JSON is read as such; of a file its name is kept. */
async function partOf(value: FormDataEntryValue): Promise<unknown> {
  if (typeof value === 'string') return value;
  return value.type.startsWith('application/json') ? jsonIn(await value.text()) : value.name;
}

const MOST_LEVELS = 20;
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

function treeOf(fields: readonly (readonly [string, unknown])[]): Tree {
  const tree: Tree = {};
  for (const [name, value] of fields) {
    const way = wayOf(name);
    if (way.length > MOST_LEVELS || way.some((step) => RESERVED.has(step)))
      throw new HubError('broken_answer', 'a field of the form has a name that no form needs');
    place(tree, way, unfolded(value, way.length === 1));
  }
  return tree;
}

/** `a[b][]` is the list `b` in `a`. */
function wayOf(name: string): readonly string[] {
  const nested = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name);
  if (nested === null) return [name];
  const inner = [...(nested[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map(([, step = '']) => step);
  return [nested[1] ?? '', ...(inner.at(-1) === '' ? inner.slice(0, -1) : inner)];
}

/** Some tools send one field that holds all of it as JSON. */
function unfolded(value: unknown, isOuter: boolean): unknown {
  if (!isOuter || typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // Then it is a text that begins like that.
    return value;
  }
}

function place(tree: Tree, way: readonly string[], value: unknown): void {
  const [step = '', ...rest] = way;
  if (rest.length > 0) {
    const inner = tree[step];
    const next: Tree = isTree(inner) ? inner : {};
    tree[step] = next;
    place(next, rest, value);
    return;
  }
  const there = tree[step];
  tree[step] = there === undefined ? value : [...(Array.isArray(there) ? there : [there]), value];
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
