import type { Fields } from '../contract/records.ts';
import { fulfils } from './conditions.ts';
import type { HubDocument, SegmentConditionDocument } from './document.ts';
import type { Condition, SegmentCondition, Segments } from './mapping.ts';
import type { Findings, Path } from './problems.ts';

const DAY_MS = 86_400_000;

/** Whether somebody is in a segment now, and when that may change although nobody edits anything; null when it cannot. */
export type Belonging = { readonly isIn: boolean; readonly changesAt: Date | null };

/** Pure: the same values at the same time give the same answer. */
export function belongs(condition: SegmentCondition, fields: Fields, now: Date): Belonging {
  const ends = [...endsIn(condition, fields)].filter((end) => end > now.getTime());
  return { isIn: fulfils(asOf(condition, now), fields), changesAt: ends.length === 0 ? null : new Date(Math.min(...ends)) };
}

/** The condition as it reads at one moment. */
function asOf(condition: SegmentCondition, now: Date): Condition {
  if ('all' in condition) return { all: condition.all.map((part) => asOf(part, now)) };
  if ('any' in condition) return { any: condition.any.map((part) => asOf(part, now)) };
  if ('not' in condition) return { not: asOf(condition.not, now) };
  if (!('withinDays' in condition)) return condition;
  return { field: condition.field, operator: 'after', value: new Date(now.getTime() - condition.withinDays * DAY_MS).toISOString() };
}

/** When what is recent now is so no longer. */
function* endsIn(condition: SegmentCondition, fields: Fields): Generator<number> {
  if ('not' in condition) yield* endsIn(condition.not, fields);
  else if ('all' in condition) for (const part of condition.all) yield* endsIn(part, fields);
  else if ('any' in condition) for (const part of condition.any) yield* endsIn(part, fields);
  else if ('withinDays' in condition) {
    const since = Date.parse(String(fields[condition.field] ?? ''));
    if (!Number.isNaN(since)) yield since + condition.withinDays * DAY_MS;
  }
}

/** The segments of an object, compiled. */
export function compileSegments({ of, conditions }: NonNullable<HubDocument['objects'][string]['segments']>): Segments {
  return { of, conditions: new Map(Object.entries(conditions).map(([name, condition]) => [name, compile(condition)])) };
}

function compile(condition: SegmentConditionDocument): SegmentCondition {
  if ('all' in condition) return { all: condition.all.map(compile) };
  if ('any' in condition) return { any: condition.any.map(compile) };
  if ('not' in condition) return { not: compile(condition.not) };
  if (condition.operator === 'within_days') return { field: condition.field, withinDays: Number(condition.value) };
  return { field: condition.field, operator: condition.operator, value: condition.value ?? null };
}

/** Tells segments of objects, and tests over fields, that are not there; and fields that have no part in it. */
export function checkSegments(name: string, objects: HubDocument['objects'], findings: Findings): void {
  const object = objects[name];
  if (object?.segments === undefined) return;
  const { of, conditions } = object.segments;
  const path = ['objects', name, 'segments'];
  if (objects[of] === undefined) findings.add([...path, 'of'], `the hub has no object "${of}"`, 'Name one of the hub');
  const known = new Set(Object.keys(objects[of]?.fields ?? {}));
  for (const [segment, condition] of Object.entries(conditions))
    checkFields(compile(condition), [...path, 'conditions', segment], { known, findings });
  for (const [field, { segment, type, to }] of Object.entries(object.fields)) {
    const isText = type === 'text' || type === 'choice';
    if (segment === 'name' ? isText : segment === 'member' && type === 'reference' && to === of) continue;
    const advice = 'Add segment: name to a text, or segment: member to a reference';
    findings.add(['objects', name, 'fields', field], 'it is neither the name of a segment nor who is in it', advice);
  }
}

type Checking = { readonly known: ReadonlySet<string>; readonly findings: Findings };

function checkFields(condition: SegmentCondition, path: Path, checking: Checking): void {
  if ('not' in condition) checkFields(condition.not, path, checking);
  else if ('all' in condition) for (const part of condition.all) checkFields(part, path, checking);
  else if ('any' in condition) for (const part of condition.any) checkFields(part, path, checking);
  else if (!checking.known.has(condition.field))
    checking.findings.add(path, `there is no field "${condition.field}" to test`, 'Name a field of the hub');
}
