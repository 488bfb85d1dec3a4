import { testsIn } from './conditions.ts';
import type { EntityDocument } from './document.ts';
import { type Context, checkKnown } from './known.ts';
import type { Condition, Gate, Gates, OPERATORS } from './mapping.ts';
import type { Path } from './problems.ts';

const DATED: readonly (typeof OPERATORS)[number][] = ['before', 'after'];
const COUNTED: readonly (typeof OPERATORS)[number][] = ['less', 'more'];
const LISTED: readonly (typeof OPERATORS)[number][] = ['in', 'not_in'];
const ALONE: readonly (typeof OPERATORS)[number][] = ['blank', 'not_blank'];

type ConditionDocument = Extract<
  NonNullable<EntityDocument['filter']>,
  { field: string } | { all: unknown } | { any: unknown } | { not: unknown }
>;

const isCondition = (filter: NonNullable<EntityDocument['filter']>): filter is ConditionDocument => !('in' in filter || 'out' in filter);

/** The gates of both ways, with what is not said filled in. */
export function compileGates({ filter, leaves, creates }: EntityDocument): Gates {
  const conditions: { in?: ConditionDocument | undefined; out?: ConditionDocument | undefined } =
    filter === undefined ? {} : isCondition(filter) ? { in: filter } : filter;
  const gate = (way: 'in' | 'out'): Gate => {
    const condition = conditions[way];
    return {
      when: condition === undefined ? null : toCondition(condition),
      leaves: (typeof leaves === 'object' ? leaves[way] : leaves) ?? 'freeze',
      creates: (typeof creates === 'object' ? creates[way] : creates) ?? true,
    };
  };
  return { in: gate('in'), out: gate('out') };
}

/** Tells tests over fields that are not there, and values that an operator cannot use. */
export function checkGates(gates: Gates, context: Context): void {
  const { filter } = context.document;
  const isPlain = filter !== undefined && isCondition(filter);
  for (const way of ['in', 'out'] as const) {
    const { when } = gates[way];
    if (when !== null) checkCondition(when, isPlain ? ['filter'] : ['filter', way], context);
  }
}

function checkCondition(condition: Condition, at: Path, context: Context): void {
  for (const { test, path } of testsIn(condition, at)) {
    checkKnown(test.field, { ...context, path: [...path, 'field'] });
    const wanted = wantedBy(test.operator, test.value);
    if (wanted !== undefined) context.findings.add([...path, 'value'], `"${test.operator}" cannot use this value`, wanted);
  }
}

function wantedBy(operator: (typeof OPERATORS)[number], value: unknown): string | undefined {
  if (ALONE.includes(operator)) return value === null ? undefined : 'Remove the value';
  if (value === null) return 'Write a value, or use blank or not_blank';
  if (LISTED.includes(operator)) return Array.isArray(value) ? undefined : 'Write a list';
  if (DATED.includes(operator))
    return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? undefined : 'Write a date such as 2026-11-22';
  if (COUNTED.includes(operator)) return typeof value === 'number' ? undefined : 'Write a number';
  return undefined;
}

function toCondition(condition: ConditionDocument): Condition {
  if ('all' in condition) return { all: condition.all.map(toCondition) };
  if ('any' in condition) return { any: condition.any.map(toCondition) };
  if ('not' in condition) return { not: toCondition(condition.not) };
  return { field: condition.field, operator: condition.operator, value: condition.value ?? null };
}
