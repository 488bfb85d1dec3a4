import { testsIn } from './conditions.ts';
import { type EntityDocument, entityDocument } from './document.ts';
import { checkExamples } from './examples.ts';
import { shaped } from './explain.ts';
import { compileLines } from './lines.ts';
import type { Condition, EntityMapping, HubModel, HubObject, OPERATORS } from './mapping.ts';
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
  const filter = document.filter === undefined ? null : toCondition(document.filter);
  checkMatch(document, object, findings);
  if (systems !== null) checkSystems(document, systems, findings);
  if (filter !== null) checkFilter(filter, { object, document, findings });
  if (findings.problems.length > 0) return undefined;
  const match = document.match.map(({ on, confirm }) => ({ on, confirm: confirm ?? [] }));
  const { connector, object: remote, hub, direction = 'both' } = document;
  const mapping: EntityMapping = { kind: 'entity', file: source.file, connector, object: remote, hub, direction, match, filter, lines };
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

function checkFilter(filter: Condition, context: Context): void {
  for (const { test, path } of testsIn(filter, ['filter'])) {
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

function toCondition(condition: NonNullable<EntityDocument['filter']>): Condition {
  if ('all' in condition) return { all: condition.all.map(toCondition) };
  if ('any' in condition) return { any: condition.any.map(toCondition) };
  if ('not' in condition) return { not: toCondition(condition.not) };
  return { field: condition.field, operator: condition.operator, value: condition.value ?? null };
}
