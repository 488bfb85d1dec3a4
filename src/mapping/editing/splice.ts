import { isCollection, isMap, isNode, isPair, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Json } from '../../kernel/json.ts';
import { commentsOf, inline } from './written.ts';

// Where in a text a value stands, and how it is put there, without touching what stands around it.

type Collection = YAMLMap | YAMLSeq;
type Part = { readonly start: number; readonly end: number };
type At = { readonly node: Collection; readonly key: string | number };

/** Replaces a value that is there. */
export function replaceValue(text: string, { node, key, value }: At & { readonly value: Json }): string {
  const child = childOf(node, key);
  const old = isPair(child) ? child.value : child;
  const written = inline(value);
  if (!isNode(old)) return text;
  const part = { start: startOf(old), end: endOf(text, old) };
  // A block begins on the line after its key.
  if (isPair(child) && (isBlock(old) || part.start >= part.end))
    return cut(text, { start: afterColon(text, child), end: Math.max(part.end, afterColon(text, child)) }, ` ${written}`);
  return cut(text, part, written);
}

/** Adds a pair behind the others. */
export function addPair(
  text: string,
  { node, key, value }: { readonly node: YAMLMap; readonly key: string; readonly value: Json },
): string {
  const written = `${inline(key)}: ${inline(value)}`;
  const last = node.items.at(-1);
  if (last === undefined) return insertFirst(text, node, ` ${written} `);
  if (node.flow === true) return insert(text, partOf(text, last).end, `, ${written}`);
  const first = partOf(text, node.items[0]).start;
  return insert(text, lineEnd(text, partOf(text, last).end), `${newline(text)}${' '.repeat(columnOf(text, first))}${written}`);
}

/** Adds an item behind the others. */
export function addItem(text: string, { node, value }: { readonly node: YAMLSeq; readonly value: Json }): string {
  const last = node.items.at(-1);
  if (last === undefined) return insertFirst(text, node, inline(value));
  const { end } = partOf(text, last);
  if (node.flow === true) return insert(text, end, `, ${inline(value)}`);
  return insert(text, lineEnd(text, end), `${newline(text)}${' '.repeat(columnOf(text, startOf(node)))}- ${inline(value)}`);
}

/** Takes a pair or an item away, and leaves its comments. */
export function removeChild(text: string, { node, key }: At): string {
  const index = isMap(node) ? node.items.findIndex(({ key: one }) => isNode(one) && String(one) === String(key)) : Number(key);
  const parts = node.items.map((item) => partOf(text, item));
  const [part, before, after] = [parts[index], parts[index - 1], parts[index + 1]];
  if (part === undefined) return text;
  if (node.flow === true) return removeFromFlow(text, { node, part, before, after });
  if (parts.length === 1) return cut(text, { start: startOf(node), end: part.end }, isMap(node) ? '{}' : '[]');
  const start = isSeq(node) ? text.lastIndexOf('-', part.start - 1) : part.start;
  // The first of a block may stand behind the mark of the item that it begins; then the next takes its place.
  const isAlone = text.slice(lineStart(text, start), start).trim() === '';
  if (!isAlone && after !== undefined)
    return cut(text, { start, end: isSeq(node) ? text.lastIndexOf('-', after.start - 1) : after.start }, '');
  return cut(text, { start: lineStart(text, start), end: Math.min(text.length, lineEnd(text, part.end) + newline(text).length) }, '');
}

type FromFlow = { node: Collection; part: Part; before: Part | undefined; after: Part | undefined };

function removeFromFlow(text: string, { node, part, before, after }: FromFlow): string {
  if (after !== undefined) return cut(text, { start: part.start, end: after.start }, '');
  if (before !== undefined) return cut(text, { start: before.end, end: part.end }, '');
  return cut(text, { start: startOf(node) + 1, end: endOf(text, node) - 1 }, '');
}

const childOf = (node: Collection, key: string | number): unknown =>
  isMap(node) ? node.items.find((pair) => isNode(pair.key) && String(pair.key) === String(key)) : node.items[Number(key)];

const isBlock = (node: unknown): node is Collection => isCollection(node) && node.flow !== true;
const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** Where what is written of a node ends; a block's own range goes on through the comments behind it. */
function endOf(text: string, node: Node): number {
  const last = isBlock(node) ? node.items.at(-1) : undefined;
  if (last !== undefined) return partOf(text, last).end;
  const end = node.range?.[1] ?? 0;
  return startOf(node) + text.slice(startOf(node), end).replace(/[ \t\r\n]+$/, '').length;
}

function partOf(text: string, item: unknown): Part {
  if (!isPair(item)) return isNode(item) ? { start: startOf(item), end: endOf(text, item) } : { start: 0, end: 0 };
  const key = isNode(item.key) ? startOf(item.key) : 0;
  const value = isNode(item.value) ? endOf(text, item.value) : 0;
  return { start: key, end: Math.max(value, afterColon(text, item)) };
}

function afterColon(text: string, pair: Pair<unknown, unknown>): number {
  const end = isNode(pair.key) ? (pair.key.range?.[1] ?? 0) : 0;
  return text.indexOf(':', end) + 1;
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end === -1) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}
const columnOf = (text: string, at: number): number => at - lineStart(text, at);
const newline = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

const insert = (text: string, at: number, written: string): string => text.slice(0, at) + written + text.slice(at);

function insertFirst(text: string, node: Collection, written: string): string {
  return insert(text, startOf(node) + 1, written);
}

/** Puts something in the place of a part. The comments in it go above, on lines of their own. */
function cut(text: string, { start, end }: Part, written: string): string {
  const comments = commentsOf(text.slice(start, end));
  const line = lineStart(text, start);
  const indent = /^ */.exec(text.slice(line))?.[0] ?? '';
  const kept = comments.map((comment) => `${indent}${comment}${newline(text)}`).join('');
  return text.slice(0, line) + kept + text.slice(line, start) + written + text.slice(end);
}
