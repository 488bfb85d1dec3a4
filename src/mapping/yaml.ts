import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type Findings, type MappingProblem, openFindings, type Path, type Place } from './problems.ts';

/** The largest mapping that is read. */
export const MOST_BYTES = 256 * 1024;
const MOST_LEVELS = 20;
const MOST_SYNTAX_PROBLEMS = 20;
// As keys these reach into JavaScript's own objects.
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/** A YAML text as plain values, with a way to say where something in it is wrong. */
export type Source = { readonly file: string; readonly value: unknown; readonly findings: Findings };

/** Reads one YAML document without aliases, tags of its own, reserved keys, or depth and size that no mapping needs. */
export function readYaml(text: string, file: string): { ok: true; source: Source } | { ok: false; problems: readonly MappingProblem[] } {
  const lines = new LineCounter();
  const early = openFindings(file, () => ({ line: 1, column: 1 }));
  if (new TextEncoder().encode(text).length > MOST_BYTES) {
    early.add([], `the file is larger than ${MOST_BYTES / 1024} KB`, 'A mapping needs a few kilobytes; split it or look for what grew');
    return { ok: false, problems: early.problems };
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const findings = openFindings(file, (path, on) => placeOf(document, lines, { path, on }));
  const syntax = [...document.errors, ...document.warnings].slice(0, MOST_SYNTAX_PROBLEMS);
  if (syntax.length > 0) return { ok: false, problems: syntax.map((error) => syntaxProblem(file, error, placeAt(lines, error.pos[0]))) };
  checkShape(document, findings);
  if (findings.problems.length > 0) return { ok: false, problems: findings.problems };
  return { ok: true, source: { file, value: document.toJS({ maxAliasCount: 0 }) as unknown, findings } };
}

function syntaxProblem(file: string, error: { code: string; message: string }, place: Place): MappingProblem {
  const reason = error.message.replace(/\.$/, '');
  const advice = error.code === 'DUPLICATE_KEY' ? 'Keep one of the two' : 'Write plain YAML 1.2: keys, lists, and values';
  return { file, ...place, field: 'document', reason, advice };
}

function checkShape(document: Document, findings: Findings): void {
  visit(document, {
    Alias: (_, alias, parents) => findings.add(pathOf([...parents, alias]), 'an alias stands here', 'Write the value out'),
    Pair: (_, pair, parents) => {
      const path = pathOf([...parents, pair]);
      if (!isScalar(pair.key)) findings.add(path, 'a key is not plain text', 'Write a word before the colon', 'key');
      else if (RESERVED.has(String(pair.key.value)))
        findings.add(path, `"${String(pair.key.value)}" is a reserved word`, 'Choose another name', 'key');
    },
    Collection: (_, __, parents) => {
      if (parents.filter((parent) => isMap(parent) || isSeq(parent)).length < MOST_LEVELS) return undefined;
      findings.add(pathOf(parents), `more than ${MOST_LEVELS} levels stand inside each other`, 'Flatten it');
      return visit.SKIP;
    },
  });
}

function pathOf(parents: readonly unknown[]): Path {
  return parents.flatMap((parent, i): PropertyKey[] => {
    const child: unknown = parents[i + 1];
    if (isSeq(parent)) return child === undefined ? [] : [parent.items.indexOf(child)];
    return isMap(parent) && hasKey(child) && isScalar(child.key) ? [String(child.key.value)] : [];
  });
}

function hasKey(node: unknown): node is { key: unknown } {
  return typeof node === 'object' && node !== null && 'key' in node;
}

function placeOf(document: Document, lines: LineCounter, { path, on }: { path: Path; on: 'key' | 'value' }): Place {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const next = child(node, step);
    if (next === undefined) break;
    const shown = on === 'key' && depth === path.length - 1 ? next.key : (next.value ?? next.key);
    offset = shown?.range?.[0] ?? offset;
    node = next.value;
  }
  return placeAt(lines, offset);
}

// Something that is missing stands where it is missing from: the walk ends at the last node that exists.
function child(node: Node | null, step: PropertyKey): { key: Node | null; value: Node | null } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return isNode(item) ? { key: item, value: item } : undefined;
  }
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) : undefined;
  if (pair === undefined) return undefined;
  return { key: isNode(pair.key) ? pair.key : null, value: isNode(pair.value) ? pair.value : null };
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
