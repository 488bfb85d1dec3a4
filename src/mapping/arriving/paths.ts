/**
 * A way into a tree: `customer.emails[0].address`. `[]` is each of a list, `[ref=nps]` those of a list whose `ref` is `nps`, `"a.b"` a name that
 * has signs in it, and `$` at the beginning the whole delivery rather than the item.
 */
export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'each' }
  | { readonly kind: 'where'; readonly steps: readonly Step[]; readonly is: string };
export type Path = { readonly fromRoot: boolean; readonly steps: readonly Step[] };

const QUOTED = /^"((?:[^"\\]|\\.)*)"/;
const BARE = /^[^.[\]"=]+/;

/** Reads a path, or says what is wrong with it. */
export function parsePath(text: string): Path | string {
  const fromRoot = text === '$' || text.startsWith('$.') || text.startsWith('$[');
  const rest = fromRoot ? text.slice(1) : text;
  const steps = parseSteps(fromRoot && rest.startsWith('.') ? rest.slice(1) : rest);
  return typeof steps === 'string' ? `"${text}" is no path: ${steps}` : { fromRoot, steps };
}

function parseSteps(text: string): readonly Step[] | string {
  const steps: Step[] = [];
  let rest = text;
  let isFirst = true;
  while (rest !== '') {
    const read = rest.startsWith('[') ? parseBracket(rest) : parseName(isFirst ? rest : rest.slice(1), isFirst || rest.startsWith('.'));
    if (typeof read === 'string') return read;
    steps.push(read.step);
    rest = read.rest;
    isFirst = false;
  }
  return steps;
}

type Read = { readonly step: Step; readonly rest: string } | string;

function parseName(text: string, isJoined: boolean): Read {
  if (!isJoined) return 'a name follows on a dot or stands in brackets';
  const quoted = QUOTED.exec(text);
  if (quoted !== null) return { step: { kind: 'name', name: unquote(quoted[1] ?? '') }, rest: text.slice(quoted[0].length) };
  const name = BARE.exec(text)?.[0];
  if (name === undefined) return 'a name is missing, or has to stand in quotes';
  return { step: { kind: 'name', name }, rest: text.slice(name.length) };
}

function parseBracket(text: string): Read {
  const simple = /^\[(\d*)\]/.exec(text);
  if (simple !== null) {
    const step: Step = simple[1] === '' ? { kind: 'each' } : { kind: 'index', index: Number(simple[1]) };
    return { step, rest: text.slice(simple[0].length) };
  }
  const where = /^\[([^=[\]]+)=(?:"((?:[^"\\]|\\.)*)"|([^\]"]*))\]/.exec(text);
  if (where === null) return 'brackets hold a number, nothing, or name=value';
  const steps = parseSteps(where[1] ?? '');
  if (typeof steps === 'string') return steps;
  return {
    step: { kind: 'where', steps, is: where[2] === undefined ? (where[3] ?? '') : unquote(where[2]) },
    rest: text.slice(where[0].length),
  };
}

const unquote = (text: string): string => text.replace(/\\(.)/g, '$1');

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything that a way leads to, each with where it stands. What is not there is left out. */
export function follow(tree: unknown, steps: readonly Step[], place = ''): readonly { readonly value: unknown; readonly place: string }[] {
  let reached: { value: unknown; place: string }[] = tree === undefined ? [] : [{ value: tree, place }];
  for (const step of steps) reached = reached.flatMap((one) => take(one, step));
  return reached;
}

function take({ value, place }: { value: unknown; place: string }, step: Step): { value: unknown; place: string }[] {
  if (step.kind === 'name') {
    if (!isTree(value) || !Object.hasOwn(value, step.name)) return [];
    return [{ value: value[step.name], place: place === '' ? step.name : `${place}.${step.name}` }];
  }
  if (!Array.isArray(value)) return [];
  const list: readonly unknown[] = value;
  return list.flatMap((item, i) => (isTaken(item, i, step) ? [{ value: item, place: `${place}[${i}]` }] : []));
}

function isTaken(item: unknown, i: number, step: Exclude<Step, { kind: 'name' }>): boolean {
  if (step.kind === 'each') return true;
  if (step.kind === 'index') return i === step.index;
  return follow(item, step.steps).some(({ value }) => isPlain(value) && String(value) === step.is);
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
