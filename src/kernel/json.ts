export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** JSON with its keys in order, so that equal values have equal text. Keys without a value do not count. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const parts = Object.keys(fields)
    .sort()
    .flatMap((key) => (fields[key] === undefined ? [] : [`${JSON.stringify(key)}:${canonical(fields[key])}`]));
  return `{${parts.join(',')}}`;
}
