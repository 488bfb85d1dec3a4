import type { z } from 'zod';
import { nearest } from './distance.ts';
import { LEAVE_POLICIES } from './mapping.ts';
import { adviseOneOf, type Findings, type Path } from './problems.ts';
import { PLAIN_TRANSFORMS } from './transforms.ts';
import type { Source } from './yaml.ts';

type Issue = z.core.$ZodIssue;

/**
 * The document, when it has the right shape. Else what is wrong is among the findings, and the answer is the document without it, so that
 * the rest is checked in the same go; undefined when too little remains.
 */
export function shaped<T>(schema: z.ZodType<T>, source: Source): { readonly document: T; readonly findings: Findings } | undefined {
  const parsed = schema.safeParse(source.value);
  if (parsed.success) return { document: parsed.data, findings: source.findings };
  for (const issue of parsed.error.issues) explain(issue, { path: issue.path, source });
  const again = schema.safeParse(without(source.value, parsed.error.issues));
  return again.success ? { document: again.data, findings: aside(source.findings, parsed.error.issues) } : undefined;
}

function without(value: unknown, issues: readonly Issue[]): unknown {
  const rest: unknown = structuredClone(value);
  for (const issue of issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.at(-1) ?? ''];
    const holder = valueAt(rest, issue.code === 'unrecognized_keys' ? issue.path : issue.path.slice(0, -1));
    if (isObject(holder) && !Array.isArray(holder)) for (const key of keys) Reflect.deleteProperty(holder, key);
  }
  return rest;
}

// Of an item that lost a part, only the names can still be judged: anything else might be wrong because of what it lost.
function aside(findings: Findings, issues: readonly Issue[]): Findings {
  const harmed = new Set(issues.flatMap(({ path }) => (path.length === 0 ? [] : [path.slice(0, 2).join('.')])));
  const isHarmed = (path: Path): boolean => harmed.has(path.slice(0, 2).join('.')) || harmed.has(String(path[0]));
  return {
    problems: findings.problems,
    add: (path, ...rest) => {
      const last = path.at(-1);
      if (!isHarmed(path) || last === 'hub' || last === 'remote') findings.add(path, ...rest);
    },
  };
}

function explain(issue: Issue, at: { path: Path; source: Source }): void {
  const { findings } = at.source;
  const value = valueAt(at.source.value, at.path);
  if (issue.code === 'unrecognized_keys') explainKeys(issue.keys, issue.message, { path: at.path, findings });
  else if (issue.code === 'invalid_key')
    findings.add(at.path, `"${String(at.path.at(-1))}" is not a name`, issue.issues[0]?.message ?? issue.message, 'key');
  else if (value === undefined) findings.add(at.path, `"${String(at.path.at(-1) ?? 'document')}" is missing`, 'Add it');
  else if (issue.code === 'invalid_union') explainUnion(issue, at);
  else if (issue.code === 'invalid_value') findings.add(at.path, notA(at.path, value), adviseChoice(value, issue.values));
  else if (issue.code === 'invalid_type')
    findings.add(at.path, `${describe(value)} is not ${withArticle(KINDS[issue.expected] ?? issue.expected)}`, 'Write one');
  else findings.add(at.path, `${describe(value)} does not fit`, issue.message.replace(/\.$/, ''));
}

function explainKeys(keys: readonly string[], known: string, { path, findings }: { path: Path; findings: Findings }): void {
  for (const key of keys) findings.add([...path, key], `"${key}" is not a word known here`, adviseOneOf(key, wordsIn(known)), 'key');
}

// The shape that was meant is the one whose own words were used; when it is in doubt, all shapes are shown.
function explainUnion(issue: Extract<Issue, { code: 'invalid_union' }>, at: { path: Path; source: Source }): void {
  const value = valueAt(at.source.value, at.path);
  const meant = shapesOf(issue).filter((issues) => !issues.some((inner) => isAnotherShape(inner, value, issues)));
  const [only, ...others] = meant;
  if (only !== undefined && others.every((issues) => JSON.stringify(issues) === JSON.stringify(only))) {
    for (const inner of only) if (!isNamed(inner, value, only)) explain(inner, { path: [...at.path, ...inner.path], source: at.source });
    return;
  }
  at.source.findings.add(at.path, notA(at.path, value), SHAPES[nounOf(at.path)] ?? 'Look at the examples in the files that ship');
}

// A choice within a choice, such as a condition where two may stand as well, is one choice to people.
function shapesOf(issue: Extract<Issue, { code: 'invalid_union' }>): readonly (readonly Issue[])[] {
  return issue.errors.flatMap((issues) => {
    const [only] = issues;
    return issues.length === 1 && only?.code === 'invalid_union' && only.path.length === 0 ? shapesOf(only) : [issues];
  });
}

function isAnotherShape(issue: Issue, value: unknown, issues: readonly Issue[]): boolean {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
    return issue.keys.length === keysOf(value).length && !issue.keys.some((key) => nearest(key, wordsIn(issue.message)) !== undefined);
  if (issue.path.length === 0) return true;
  if (issue.path.length > 1 || (issue.path[0] !== 'name' && valueAt(value, issue.path) !== undefined)) return false;
  return issue.path[0] === 'name' || !isMisspelt(String(issue.path[0]), issues);
}

// What is missing because its word is misspelt is told once, with the word.
const isNamed = (issue: Issue, value: unknown, issues: readonly Issue[]): boolean =>
  issue.path.length === 1 && valueAt(value, issue.path) === undefined && isMisspelt(String(issue.path[0]), issues);

/** Whether a word that is missing may stand there in another spelling. */
const isMisspelt = (word: string, issues: readonly Issue[]): boolean =>
  issues.some(
    ({ code, ...issue }) => code === 'unrecognized_keys' && 'keys' in issue && issue.keys.some((key) => nearest(key, [word]) === word),
  );

const keysOf = (value: unknown): readonly string[] => (isObject(value) ? Object.keys(value) : []);
const wordsIn = (known: string): readonly string[] => known.replace('Use one of ', '').split(', ');

const NOUNS: Readonly<Record<string, string>> = {
  nulls: 'null policy',
  unmapped: 'policy for values without a name',
  identity: 'normaliser',
  take: 'roll-up',
  of: 'metric',
  by: 'kind of evidence',
  filter: 'condition',
  not: 'condition',
  all: 'condition',
  any: 'condition',
  type: 'field type',
  leaves: 'policy for what leaves the filter',
  removed: 'removal policy',
  merged: 'merge policy',
  creates: 'true or false',
  is: 'value',
};
const SHAPES: Readonly<Record<string, string>> = {
  rule: 'Use one of newest, hub, hold, { order: [...] }, { prefer: ... }',
  transform: `Use one of ${PLAIN_TRANSFORMS.join(', ')}, { name: e164, region: JP }, { name: number, decimals: 2 }, { name: datetime, precision: second }`,
  condition: 'Use { field, operator, value }, { all: [...] }, { any: [...] }, { not: ... }',
  'policy for what leaves the filter': `Use one of ${LEAVE_POLICIES.join(', ')}, or { in: ..., out: ... }`,
  'true or false': 'Use true or false, or { in: ..., out: ... }',
  value: 'Use text, a number, true, or false, or a list of texts where several are possible',
};
const KINDS: Readonly<Record<string, string>> = {
  object: 'set of keys',
  record: 'set of keys',
  array: 'list',
  string: 'text',
  int: 'whole number',
  boolean: 'true or false',
};

function nounOf(path: Path): string {
  const word = String(path.findLast((step) => typeof step === 'string' && step !== 'in' && step !== 'out') ?? 'document');
  if (path.includes('values') || path.includes('remote')) return 'value';
  return NOUNS[word] ?? word;
}

function notA(path: Path, value: unknown): string {
  return `${describe(value)} is not ${withArticle(nounOf(path))}`;
}

function withArticle(noun: string): string {
  if (noun === 'text' || noun === 'true or false') return noun;
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function adviseChoice(value: unknown, choices: readonly unknown[]): string {
  return adviseOneOf(typeof value === 'string' ? value : '', choices.map(String));
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (isObject(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined), value);
}

function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null;
}
