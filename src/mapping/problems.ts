import { nearest } from './distance.ts';

/** One thing that is wrong in a mapping file, where it stands, and what to do about it. */
export type MappingProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Such as `fields[3].rule`; `document` for the whole file. */
  readonly field: string;
  readonly reason: string;
  readonly advice: string;
};

export type Path = readonly PropertyKey[];
export type Place = { readonly line: number; readonly column: number };

/** Collects what is wrong in one file, so that everything is said at once. */
export type Findings = {
  readonly problems: readonly MappingProblem[];
  /** `path` leads to the value, or with `key` to the word before the colon. */
  add(path: Path, reason: string, advice: string, on?: 'key' | 'value'): void;
};

/** Findings for a file of which `place` knows where each path stands. */
export function openFindings(file: string, place: (path: Path, on: 'key' | 'value') => Place): Findings {
  const problems: MappingProblem[] = [];
  return {
    problems,
    // A body in braces: the walker of the YAML library takes a number that a visitor returns for the next index.
    add: (path, reason, advice, on = 'value') => {
      problems.push({ file, ...place(path, on), field: fieldOf(path), reason, advice });
    },
  };
}

/** What is wrong with a file as a whole. */
export function wholeFile(file: string, reason: string, advice: string): MappingProblem {
  return { file, line: 1, column: 1, field: 'document', reason, advice };
}

/** Problems of one file, from top to bottom. */
export function inOrder(problems: readonly MappingProblem[]): readonly MappingProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** The problem as one line for people: `file:line:column field: reason. Advice.` */
export function describeProblem({ file, line, column, field, reason, advice }: MappingProblem): string {
  return `${file}:${line}:${column} ${field}: ${reason}. ${advice}.`;
}

/** What was probably meant, or else the whole choice. */
export function adviseOneOf(word: string, choices: readonly string[]): string {
  const meant = nearest(word, choices);
  if (meant !== undefined) return `Perhaps "${meant}" was meant`;
  return choices.length === 0 ? 'There is none to choose from' : `Use one of ${choices.join(', ')}`;
}

function fieldOf(path: Path): string {
  if (path.length === 0) return 'document';
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
}
