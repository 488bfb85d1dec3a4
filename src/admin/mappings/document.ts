import type { Edit, Fields, LiveField } from './mapping-queries.ts';

type Plain = Readonly<Record<string, unknown>>;
export const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
export type Json = Extract<Edit, { set: unknown }>['to'];
const isText = (value: unknown): value is string => typeof value === 'string';

/** One line of a mapping as it is written; what it does not say is missing. */
export type LineOf = {
  readonly at: number;
  readonly hub: string;
  readonly remote: string;
  readonly direction: string;
  readonly rule: unknown;
  readonly nulls: string;
  readonly transform: unknown;
  readonly unmapped: string;
  readonly values: readonly (readonly [hub: string, there: string])[];
  readonly ref: boolean;
};

/** The lines of a document; null where it has none, or is no mapping of fields. */
export function linesOf(document: unknown): readonly LineOf[] | null {
  if (!isPlain(document) || !Array.isArray(document.fields)) return null;
  return document.fields.map((line: unknown, at): LineOf => {
    const { hub, remote, direction, rule, nulls, transform, unmapped, values, ref } = isPlain(line) ? line : {};
    return {
      ...{ at, hub: textIn(hub), remote: textIn(remote), direction: textIn(direction), rule, nulls: textIn(nulls), transform },
      ...{ unmapped: textIn(unmapped), ref: ref !== undefined },
      values: isPlain(values) ? Object.entries(values).map(([name, there]) => [name, shownValue(there)] as const) : [],
    };
  });
}

/** The object of the hub that a document names. */
export const hubOf = (document: unknown): string | null => (isPlain(document) && isText(document.hub) ? document.hub : null);
const textIn = (value: unknown): string => (isText(value) ? value : '');
const shownValue = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(', ') : String(value));

/** A setting of a line, set or taken away where it is as usual. */
export const setting = (at: number, name: string, to: Json): Edit =>
  to === '' ? { remove: ['fields', at, name] } : { set: ['fields', at, name], to };

/** A transform as it is written: by its name alone, or with what it is told. */
export function transformIn(transform: unknown): { readonly name: string; readonly told: Readonly<Record<string, string>> } {
  if (!isPlain(transform)) return { name: textIn(transform), told: {} };
  const { name, ...told } = transform;
  return { name: textIn(name), told: Object.fromEntries(Object.entries(told).map(([key, value]) => [key, String(value)])) };
}

/** The way that values go, seen from the system on the left. */
export const ARROWS = { '': '⇄', both: '⇄', in: '→', out: '←', off: '⊘' } as const;

/** A live field of the system by its name, from whichever connection shows it. */
export const liveField = ({ systems }: Fields, name: string): LiveField | undefined =>
  systems.flatMap((one) => one.fields ?? []).find((field) => field.name === name);
