import type { FieldSchema } from '../../src/contract/connector.ts';
import type { Fields, FieldValue } from '../../src/contract/records.ts';

/** Ids of existing records that a reference field may point at, by field, and how many of them it holds at most in a sample. */
export type Targets = Readonly<Record<string, { readonly ids: readonly string[]; readonly atMost: number }>>;

function sampleText(name: string, n: number): string {
  if (/email/i.test(name)) return `sample-${n}@example.net`;
  if (/domain|website/i.test(name)) return `sample-${n}.example.net`;
  return /phone/i.test(name) ? `+81 3-5550-${1000 + n}` : `Sample ${n} 見本`;
}

/** A value that a field can hold, another one for each `n`; undefined when nothing is known that it would take. */
function sampleOf({ name, type, choices }: FieldSchema, n: number, targets: Targets): FieldValue | undefined {
  const options = choices?.map(({ value }) => value) ?? [];
  switch (type) {
    case 'text':
      return sampleText(name, n);
    case 'long_text':
      return `Sample ${n}: first line\nsecond line, 二行目`;
    case 'number':
      return n % 10;
    case 'boolean':
      return n % 2 === 1;
    case 'date':
      return `2026-02-${10 + (n % 10)}`;
    case 'datetime':
      return `2026-02-${10 + (n % 10)}T08:30:00.000Z`;
    case 'choice':
      // An open list takes any text; who owns records is one of the users, also where nobody may list them.
      if (choices === null) return /owner/i.test(name) ? undefined : sampleText(name, n);
      return options.length === 0 ? undefined : options[n % options.length];
    case 'choices':
      return options.length === 0 ? undefined : options.slice(n % 2, (n % 2) + 2);
    case 'reference':
      return targets[name]?.ids[n % targets[name].ids.length];
    case 'references':
      return targets[name] && samplesOf(targets[name], n);
    default:
      return undefined;
  }
}

function samplesOf({ ids, atMost }: Targets[string], n: number): readonly string[] {
  const all = [n, n + 1].flatMap((at) => ids[at % ids.length] ?? []);
  return all.slice(0, atMost).sort();
}

/** The fields to try: those that the mapping names, those that a record cannot be made without, and one of each type that is not among them. */
export function fieldsToTry(schema: readonly FieldSchema[], mapped: readonly string[], targets: Targets): readonly FieldSchema[] {
  const possible = schema.filter((field) => field.writable && sampleOf(field, 1, targets) !== undefined);
  const chosen = possible.filter(({ name, required }) => required || mapped.includes(name));
  const types = new Set(chosen.map(({ type }) => type));
  for (const field of possible) {
    if (types.has(field.type)) continue;
    types.add(field.type);
    chosen.push(field);
  }
  return chosen;
}

/** A record that fills these fields. */
export function sampleRecord(fields: readonly FieldSchema[], n: number, targets: Targets): Fields {
  const entries = fields.flatMap((field): [string, FieldValue][] => {
    const value = sampleOf(field, n, targets);
    return value === undefined ? [] : [[field.name, value]];
  });
  return Object.fromEntries(entries);
}
