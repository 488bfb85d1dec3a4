import { compileReading } from './arriving/compile.ts';
import { type EntityDocument, entityDocument } from './document.ts';
import { checkExamples } from './examples.ts';
import { shaped } from './explain.ts';
import { checkGates, compileGates } from './gates.ts';
import { checkKnown } from './known.ts';
import { compileLines } from './lines.ts';
import type { EntityMapping, HubModel, HubObject } from './mapping.ts';
import { adviseOneOf, type Findings } from './problems.ts';
import type { Source } from './yaml.ts';

/** Checks and compiles the mapping of an entity; undefined when something is among the findings. */
export function compileEntity(source: Source, model: HubModel | null): EntityMapping | undefined {
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
  checkGates(gates, { object, document, findings });
  checkWays(document, findings);
  checkPart(document, findings);
  const reading = compileReading(document, findings);
  if (findings.problems.length > 0) return undefined;
  const match = rulesOf(document).map(({ on, confirm = [], merges = false }) => ({ on, confirm, merges }));
  const { connector, connection, object: remote, hub, direction = 'both', opt_out: optOut = null, merged = 'follow' } = document;
  const removed = { in: document.removed?.in ?? 'ignore', out: document.removed?.out ?? 'ignore' } as const;
  const mapping: EntityMapping = {
    kind: 'entity',
    file: source.file,
    connector,
    object: remote,
    ...(document.of === undefined ? {} : { of: document.of }),
    ...(connection === undefined ? {} : { connection }),
    hub,
    direction,
    ...(document.optional === true ? { optional: true as const } : {}),
    match,
    gates,
    optOut,
    removed,
    merged,
    lines,
    ...(reading === null ? {} : { reading }),
  };
  checkExamples(mapping, document.examples ?? [], findings);
  return findings.problems.length === 0 ? mapping : undefined;
}

function rulesOf({ match }: EntityDocument): Exclude<EntityDocument['match'], 'never'> {
  return match === 'never' ? [] : match;
}

function checkMatch(document: EntityDocument, object: HubObject, findings: Findings): void {
  for (const [i, rule] of rulesOf(document).entries()) {
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

// What would never happen is a mistake that nobody would notice.
function checkWays(document: EntityDocument, findings: Findings): void {
  if (document.direction !== 'in') return;
  for (const [name, value] of Object.entries(goingOut(document))) {
    if (value === undefined) continue;
    findings.add([name, 'out'], 'the direction of this file is in, so nothing goes out', 'Remove it, or change the direction');
  }
}

// What people have made there is none of the hub's business, so there is nothing that could come in, and nobody whom a record could match.
function checkPart({ of, object, direction, match }: EntityDocument, findings: Findings): void {
  if (of === undefined) return;
  if (of === object) findings.add(['object'], `"${of}" cannot be a part of itself`, 'Give the part a name of its own');
  if (direction !== 'out') findings.add(['of'], 'only what the hub has made takes part, so nothing comes in', 'Add direction: out');
  if (match !== 'never') findings.add(['match'], 'only what the hub has made takes part, so there is nobody to match', 'Use never');
}

const goingOut = ({ filter, leaves, creates, removed }: EntityDocument): Readonly<Record<string, unknown>> => ({
  filter: filter !== undefined && 'out' in filter ? filter.out : undefined,
  leaves: typeof leaves === 'object' ? leaves.out : undefined,
  creates: typeof creates === 'object' ? creates.out : undefined,
  removed: removed?.out,
});
