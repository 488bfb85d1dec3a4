import { testsIn } from './conditions.ts';
import { type EntityDocument, entityDocument } from './document.ts';
import { checkExamples } from './examples.ts';
import { shaped } from './explain.ts';
import { compileLines } from './lines.ts';
import type { Condition, EntityMapping, Gate, Gates, HubModel, HubObject, OPERATORS } from './mapping.ts';
import { adviseOneOf, type Findings, type Path } from './problems.ts';
import type { Source } from './yaml.ts';

/** What a mapping is checked against; `systems` are the connectors that a rule may name, or null when the others are not in sight. */
export type Known = { readonly model: HubModel | null; readonly systems: ReadonlySet<string> | null };

/** Checks and compiles the mapping of an entity; undefined when something is among the findings. */
export function compileEntity(source: Source, { model, systems }: Known): EntityMapping | undefined {
  const shape = shaped(entityDocument, source);
  if (shape === undefined || model === null) return undefined;
  const { document, findings } = shape;
  const object = model.get(document.hub);
  if (object === undefined) {
    findings.add(['hub'], `the hub has no object "${document.hub}"`, adviseOneOf(document.hub, [...model.keys()]));
    return undefined;
  }
  const lines = compileLines(document, object, findings);
  const gates = compileGates(document);
  checkMatch(document, object, findings);
  if (systems !== null) checkSystems(document, systems, findings);
  checkGates(gates, { object, document, findings });
  if (findings.problems.length > 0) return undefined;
  const match = document.match.map(({ on, confirm = [], merges = false }) => ({ on, confirm, merges }));
  const { connector, object: remote, hub, direction = 'both', opt_out: optOut = null, merged = 'follow' } = document;
  const removed = { in: document.removed?.in ?? 'ignore', out: document.removed?.out ?? 'ignore' } as const;
  const mapping: EntityMapping = {
    kind: 'entity',
    file: source.file,
    connector,
    object: remote,
    hub,
    direction,
    match,
    gates,
    optOut,
    removed,
    merged,
    lines,
  };
  checkExamples(mapping, document.examples ?? [], findings);
  return findings.problems.length === 0 ? mapping : undefined;
}

// A rule that prefers a system which is not there would never hold, and nobody would notice.
function checkSystems(document: EntityDocument, systems: ReadonlySet<string>, findings: Findings): void {
  for (const [i, { rule }] of document.fields.entries()) {
    if (typeof rule !== 'object') continue;
    const named = 'order' in rule ? rule.order.map((name, j) => ({ name, at: ['order', j] })) : [{ name: rule.prefer, at: ['prefer'] }];
    for (const { name, at } of named) {
      if (!systems.has(name))
        findings.add(['fields', i, 'rule', ...at], `no mapping is for a system "${name}"`, adviseOneOf(name, [...systems]));
    }
  }
}

function checkMatch(document: EntityDocument, object: HubObject, findings: Findings): void {
  for (const [i, rule] of document.match.entries()) {
    for (const side of ['on', 'confirm'] as const) {
      for (const [j, name] of (rule[side] ?? []).entries()) {
        const path = ['match', i, side, j];
        const field = checkKnown(name, { path, object, document, findings });
        if (field !== undefined && field.identity === null) {
          const usable = [...object.fields.values()].filter(({ identity }) => identity !== null).map(({ name }) => name);
          findings.add(
            path,
            `"${name}" has no identity, so spellings of it cannot be compared`,
            `Use one of ${usable.join(', ')}, or give it an identity`,
          );
        }
      }
    }
  }
}

type Context = { readonly object: HubObject; readonly document: EntityDocument; readonly findings: Findings };

// A rule over a field that no line brings would never hold, and nobody would notice.
function checkKnown(name: string, { path, object, document, findings }: Context & { path: Path }) {
  const field = object.fields.get(name);
  if (field === undefined)
    findings.add(path, `the hub's ${object.name} has no field "${name}"`, adviseOneOf(name, [...object.fields.keys()]));
  else if (!document.fields.some((line) => line.hub === name && line.direction !== 'off'))
    findings.add(path, `no line of this file brings "${name}"`, 'Map it below');
  return field;
}

const DATED: readonly (typeof OPERATORS)[number][] = ['before', 'after'];
const COUNTED: readonly (typeof OPERATORS)[number][] = ['less', 'more'];
const LISTED: readonly (typeof OPERATORS)[number][] = ['in', 'not_in'];
const ALONE: readonly (typeof OPERATORS)[number][] = ['blank', 'not_blank'];

type ConditionDocument = Extract<
  NonNullable<EntityDocument['filter']>,
  { field: string } | { all: unknown } | { any: unknown } | { not: unknown }
>;

const isCondition = (filter: NonNullable<EntityDocument['filter']>): filter is ConditionDocument => !('in' in filter || 'out' in filter);

function compileGates({ filter = {}, leaves, creates }: EntityDocument): Gates {
  const conditions =
    isCondition(filter) && Object.keys(filter).length > 0
      ? { in: filter }
      : (filter as { in?: ConditionDocument; out?: ConditionDocument });
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

function checkGates(gates: Gates, context: Context): void {
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
