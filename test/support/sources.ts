import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'vite';

const ROOT = join(import.meta.dirname, '../..');

/** One import of a file: `to` is a path from the project's root, or the name of a package (`node:fs`, `kysely`). */
export type Import = { readonly from: string; readonly to: string; readonly isType: boolean };

/** A file as the compiler sees it. */
export type Source = {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly comments: readonly string[];
  readonly nodes: readonly Node[];
};

/** A node of the syntax tree, with the text that it stands for. */
export type Node = { readonly type: string; readonly text: string; readonly node: Raw };
type Raw = Readonly<Record<string, unknown>>;

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function* walk(value: unknown): Generator<Raw> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item);
  if (!isRaw(value)) return;
  if (typeof value.type === 'string') yield value;
  for (const inner of Object.values(value)) if (typeof inner === 'object') yield* walk(inner);
}

function isTypeOnly(node: Raw): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const { specifiers } = node;
  const kinds = Array.isArray(specifiers) ? specifiers.filter(isRaw).map(({ importKind, exportKind }) => importKind ?? exportKind) : [];
  return kinds.length > 0 && kinds.every((kind) => kind === 'type');
}

function packageOf(target: string): string {
  if (target.startsWith('node:')) return target;
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

function importOf(from: string, node: Raw): readonly Import[] {
  const { source } = node;
  if (!isRaw(source) || typeof source.value !== 'string') return [];
  const target = source.value;
  const to = target.startsWith('.') ? normalize(join(dirname(from), target)) : packageOf(target);
  return [{ from, to, isType: isTypeOnly(node) }];
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors.map(({ message }) => message).join('; ')}`);
  const raw = [...walk(program)];
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    imports: raw.flatMap((node) => importOf(path, node)),
    comments: comments.map(({ value }) => value),
    nodes: raw.map((node) => ({ type: String(node.type), text: text.slice(Number(node.start), Number(node.end)), node })),
  };
}

/** Every source file below these folders, by path. */
export function readSources(...folders: readonly string[]): readonly Source[] {
  const paths = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,js}`, { cwd: ROOT }));
  return paths
    .filter((path) => !path.includes('/dist/') && !path.includes('test/artefacts/'))
    .sort()
    .map(readSource);
}

/** The paths that a pattern finds, from the project's root. */
export function pathsOf(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: ROOT }).sort();
}
