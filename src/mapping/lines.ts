import { type CodecSpec, codecOf, lineTransform, type ValuePair } from './codec.ts';
import type { EntityDocument, LineDocument } from './document.ts';
import { type Direction, type HubField, type HubObject, isComputed, type Line, type Rule } from './mapping.ts';
import { adviseOneOf, type Findings, type Path } from './problems.ts';
import { defaultTransform } from './transforms.ts';

/** Checks and compiles the lines of an entity; a line that is wrong is among the findings and not in the answer. */
export function compileLines(document: EntityDocument, object: HubObject, findings: Findings): readonly Line[] {
  checkTwice(document.fields, 'hub', findings);
  checkTwice(document.fields, 'remote', findings);
  return document.fields.flatMap((line, i) => {
    const path = ['fields', i];
    const field = object.fields.get(line.hub);
    if (field === undefined) {
      findings.add(
        [...path, 'hub'],
        `the hub's ${object.name} has no field "${line.hub}"`,
        adviseOneOf(line.hub, [...object.fields.keys()]),
      );
      return [];
    }
    const before = findings.problems.length;
    const compiled = compile(line, field, document.direction ?? 'both');
    check({ line, field, compiled, limit: document.direction ?? 'both', path, findings });
    return findings.problems.length === before ? [compiled.line] : [];
  });
}

type Compiled = { readonly line: Line; readonly spec: CodecSpec };
type Checked = { line: LineDocument; field: HubField; compiled: Compiled; limit: Direction; path: Path; findings: Findings };

function compile(line: LineDocument, field: HubField, limit: Direction): Compiled {
  const transform = typeof line.transform === 'string' ? { name: line.transform } : (line.transform ?? null);
  const spec: CodecSpec = { type: field.type, transform, values: pairsOf(line), unmapped: line.unmapped ?? 'hold' };
  const direction = within(line.direction ?? (isComputed(field) ? 'out' : 'both'), limit);
  const rule = ruleOf(line.rule ?? usualRule(field));
  return {
    spec,
    line: {
      hub: line.hub,
      remote: line.remote,
      direction,
      rule,
      nulls: line.nulls ?? 'clear',
      codec: codecOf(spec),
      ref: line.ref ?? null,
      ...(line.needed === true ? { needed: true as const } : {}),
    },
  };
}

// An entry is for people to read, and what they add to it over there is theirs; a roll-up is a figure.
function usualRule(field: HubField): 'newest' | 'hub' | 'yield' {
  if (field.rollup !== null) return 'hub';
  return isComputed(field) ? 'yield' : 'newest';
}

function within(direction: Direction, limit: Direction): Direction {
  if (limit === 'both' || direction === limit) return direction;
  return direction === 'both' ? limit : 'off';
}

function ruleOf(rule: NonNullable<LineDocument['rule']>): Rule {
  if (typeof rule === 'string') return { kind: rule };
  return 'order' in rule ? { kind: 'order', systems: rule.order } : { kind: 'prefer', system: rule.prefer };
}

function pairsOf({ values }: LineDocument): readonly ValuePair[] | null {
  if (values === undefined) return null;
  return Object.entries(values).map(([hub, remotes]) => ({ hub, remotes: Array.isArray(remotes) ? remotes : [remotes] }));
}

function checkTwice(lines: readonly LineDocument[], side: 'hub' | 'remote', findings: Findings): void {
  for (const [i, line] of lines.entries()) {
    const first = lines.findIndex((other) => other[side] === line[side]);
    if (first < i) findings.add(['fields', i, side], `"${line[side]}" is mapped already by fields[${first}]`, 'Keep one of the two lines');
  }
}

function check(checked: Checked): void {
  checkReference(checked);
  checkDirection(checked);
  checkTransform(checked);
  checkRule(checked);
  if (checked.compiled.spec.values === null) checkNoValues(checked);
  else checkValues(checked, checked.compiled.spec.values);
}

function checkReference({ line, field, path, findings }: Checked): void {
  const refers = field.type === 'reference' || field.type === 'references';
  if (refers && line.ref === undefined)
    findings.add(path, `"${field.name}" is ${field.type === 'reference' ? 'a reference' : 'a list of references'}`, `Add ref: ${field.to}`);
  if (line.needed === true && line.ref === undefined)
    findings.add([...path, 'needed'], 'only a reference can be waited for', 'Remove it, or map a reference');
  if (line.ref === undefined) return;
  if (!refers) findings.add([...path, 'ref'], `the hub's "${field.name}" is no reference but ${field.type}`, 'Remove ref');
  else if (field.to !== line.ref) findings.add([...path, 'ref'], `the hub's "${field.name}" points at ${field.to}`, `Use ref: ${field.to}`);
  if (line.transform !== undefined || line.values !== undefined)
    findings.add(path, 'a reference is an id, which nothing may change', 'Remove transform and values');
}

function checkDirection({ line, field, compiled, limit, path, findings }: Checked): void {
  if (line.direction !== undefined && line.direction !== 'off' && limit !== 'off' && compiled.line.direction === 'off') {
    findings.add(
      [...path, 'direction'],
      `"${line.direction}" is outside the direction "${limit}" of the whole file`,
      'Change one of the two',
    );
  }
  if (compiled.line.rule.kind === 'yield' && compiled.line.direction !== 'out' && compiled.line.direction !== 'off')
    findings.add([...path, 'rule'], '"yield" is for what only flows out', 'Use another rule, or direction: out');
  if (!isComputed(field)) return;
  if (compiled.line.direction === 'in' || compiled.line.direction === 'both') {
    findings.add([...path, 'direction'], `the hub computes "${field.name}"`, 'Use out');
  }
  const { kind } = compiled.line.rule;
  if (kind !== 'hub' && kind !== 'yield') findings.add([...path, 'rule'], `the hub computes "${field.name}"`, 'Use hub, or yield');
}

function checkTransform({ line, field, compiled, path, findings }: Checked): void {
  const { fits } = lineTransform(compiled.spec);
  if (line.transform === undefined || line.values !== undefined || fits.includes(field.type)) return;
  findings.add(
    [...path, 'transform'],
    `this transform yields no ${field.type}, which the hub's "${field.name}" is`,
    `Use one for ${field.type}, or another field (it is for ${fits.join(', ')})`,
  );
}

function checkRule({ line, path, findings }: Checked): void {
  if (typeof line.rule !== 'object' || !('order' in line.rule)) return;
  const { order } = line.rule;
  for (const [i, name] of order.entries()) {
    if (order.indexOf(name) < i) findings.add([...path, 'rule', 'order', i], `"${name}" is named twice`, 'Keep the first');
  }
}

function checkNoValues({ line, path, findings }: Checked): void {
  if (line.unmapped !== undefined) findings.add([...path, 'unmapped'], 'there is no value map', 'Add values, or remove unmapped');
}

function checkValues(checked: Checked, values: readonly ValuePair[]): void {
  const { compiled, field, path, findings } = checked;
  const transform = lineTransform(compiled.spec);
  const typed = defaultTransform(field.type);
  const owners = new Map<string, string>();
  for (const { hub, remotes } of values) {
    const at = [...path, 'values', hub];
    const here = typed.encode(hub);
    if (!here.ok || String(here.value) !== hub)
      findings.add(
        at,
        `"${hub}" is no ${field.type} as the hub writes it`,
        'Write the hub value first, then what it is called there',
        'key',
      );
    if (remotes.length > 1 && compiled.line.direction !== 'in')
      findings.add(at, `"${hub}" has ${remotes.length} names, so one would be lost on the way out`, 'Name one, or use direction: in');
    for (const remote of remotes) {
      const there = transform.decode(remote);
      if (!there.ok || String(there.value) !== String(remote))
        findings.add(at, `the transform never yields ${JSON.stringify(remote)}`, 'Write the value as it is after the transform');
      const owner = owners.get(String(remote));
      if (owner !== undefined && compiled.line.direction !== 'out')
        findings.add(
          at,
          `${JSON.stringify(remote)} stands for "${owner}" already, so the map is lossy on the way in`,
          'Make it one for one, or use direction: out',
        );
      owners.set(String(remote), owner ?? hub);
    }
  }
}
