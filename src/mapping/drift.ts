import type { FieldSchema, FieldType } from '../contract/connector.ts';

export const DRIFTS = ['added', 'removed', 'renamed', 'retyped', 'read_only', 'writable', 'option_added', 'option_removed'] as const;
export type DriftKind = (typeof DRIFTS)[number];

/** What a field was and is: its label, its type, or the option that came or went. */
export type DriftDetail = { readonly label: string; readonly was?: string; readonly is?: string };

/** One thing that has changed over there in the fields that records have. `field` is its name there, which never changes. */
export type Drift = { readonly kind: DriftKind; readonly field: string; readonly detail: DriftDetail };

/** What has changed between two looks at the schema; options only of the fields that are mapped, since owners and the like come and go all the time. */
export function driftBetween(before: readonly FieldSchema[], after: readonly FieldSchema[], mapped: ReadonlySet<string>): readonly Drift[] {
  const [was, is] = [new Map(before.map((one) => [one.name, one])), new Map(after.map((one) => [one.name, one]))];
  return [
    ...before.filter(({ name }) => !is.has(name)).map(({ name, label }): Drift => ({ kind: 'removed', field: name, detail: { label } })),
    ...after.filter(({ name }) => !was.has(name)).map(({ name, label }): Drift => ({ kind: 'added', field: name, detail: { label } })),
    ...after.flatMap((now) => {
      const then = was.get(now.name);
      return then === undefined ? [] : [...changed(then, now), ...(mapped.has(now.name) ? optionsChanged(then, now) : [])];
    }),
  ];
}

function changed(was: FieldSchema, is: FieldSchema): readonly Drift[] {
  const of = (kind: DriftKind, then: string, now: string): Drift => ({
    kind,
    field: is.name,
    detail: { label: is.label, was: then, is: now },
  });
  return [
    ...(was.label === is.label ? [] : [of('renamed', was.label, is.label)]),
    ...(was.type === is.type ? [] : [of('retyped', was.type, is.type)]),
    ...(was.writable === is.writable ? [] : [of(is.writable ? 'writable' : 'read_only', String(was.writable), String(is.writable))]),
  ];
}

function optionsChanged(was: FieldSchema, is: FieldSchema): readonly Drift[] {
  const [then, now] = [was, is].map(({ choices }) => new Set((choices ?? []).map(({ value }) => value)));
  // A field that takes anything, or took it, has no options to miss.
  if (was.choices === null || is.choices === null || then === undefined || now === undefined) return [];
  const of = (kind: DriftKind, detail: object): Drift => ({ kind, field: is.name, detail: { label: is.label, ...detail } });
  return [
    ...[...then].filter((value) => !now.has(value)).map((value) => of('option_removed', { was: value })),
    ...[...now].filter((value) => !then.has(value)).map((value) => of('option_added', { is: value })),
  ];
}

const TEXTUAL: readonly FieldType[] = ['text', 'long_text', 'choice'];

/** Whether values of one type still mean the same where the field is of another: texts among each other, whose options and lengths are looked at one by one. */
export const meansTheSame = (was: string, is: string): boolean =>
  was === is || (TEXTUAL.some((type) => type === was) && TEXTUAL.some((type) => type === is));

/** The kind that ends another one when it comes, and the kind that goes on until then. */
const ENDED_BY: Readonly<Partial<Record<DriftKind, DriftKind>>> = {
  added: 'removed',
  writable: 'read_only',
  option_added: 'option_removed',
};

/** Whether a drift that stands is over by another one: the field is back, is written again, has its option or its type again. */
export function endsBy(standing: Drift, next: Drift): boolean {
  if (standing.field !== next.field) return false;
  if (standing.kind === 'retyped') return next.kind === 'retyped' || next.kind === 'removed';
  if (ENDED_BY[next.kind] !== standing.kind) return false;
  return standing.kind !== 'option_removed' || standing.detail.was === next.detail.is;
}

/** Whether a drift goes on until another one ends it; the others are told once. */
export const stands = ({ kind }: Pick<Drift, 'kind'>): boolean =>
  kind === 'removed' || kind === 'retyped' || kind === 'read_only' || kind === 'option_removed';

/** A drift in words, for people. */
export function sayDrift({ kind, field, detail: { label, was = '', is = '' } }: Drift): string {
  const name = label === field ? field : `${label} (${field})`;
  switch (kind) {
    case 'added':
      return `${name} is new`;
    case 'removed':
      return `${name} was removed, or is hidden from this connection`;
    case 'renamed':
      return `${field} was called ${was} and is called ${is} now`;
    case 'retyped':
      return `${name} was ${was} and is ${is} now`;
    case 'read_only':
      return `${name} is read-only now`;
    case 'writable':
      return `${name} can be written now`;
    case 'option_added':
      return `${name} has the new option ${is}`;
    case 'option_removed':
      return `${name} has lost the option ${was}`;
  }
}
