import type { Fields, FieldValue } from '../contract/records.ts';
import { canonical } from '../kernel/json.ts';
import { shownIn } from './arriving/example.ts';
import type { EntityDocument } from './document.ts';
import type { EntityMapping, Line, Translated } from './mapping.ts';
import type { Findings, Path } from './problems.ts';

type Written = NonNullable<EntityDocument['examples']>[number];
type Example = Omit<Written, 'remote' | 'arrives' | 'id'> & { readonly remote: Fields };

/** Runs the examples of an entity both ways; what does not hold is among the findings. */
export function checkExamples(mapping: EntityMapping, examples: readonly Written[], findings: Findings): void {
  for (const [i, written] of examples.entries()) {
    const path = ['examples', i];
    const remote = shownIn(written, { mapping, path, findings });
    if (remote === undefined) continue;
    const example = { ...written, remote };
    checkNames(example, { mapping, path, findings });
    for (const line of mapping.lines) {
      if (line.direction === 'in' || line.direction === 'both') checkIn(line, { example, path, findings });
      if (line.direction === 'out' || line.direction === 'both') checkOut(line, { example, path, findings });
    }
  }
}

function checkNames(
  { remote, hub, writes }: Example,
  { mapping, path, findings }: { mapping: EntityMapping; path: Path; findings: Findings },
): void {
  const known = { remote: new Set(mapping.lines.map((line) => line.remote)), hub: new Set(mapping.lines.map((line) => line.hub)) };
  for (const name of Object.keys(remote))
    if (!known.remote.has(name)) findings.add([...path, 'remote', name], 'no line maps it', 'Remove it, or map it', 'key');
  for (const name of Object.keys(hub))
    if (!known.hub.has(name)) findings.add([...path, 'hub', name], 'no line maps it', 'Remove it, or map it', 'key');
  for (const name of Object.keys(writes ?? {}))
    if (!known.remote.has(name)) findings.add([...path, 'writes', name], 'no line maps it', 'Remove it, or map it', 'key');
}

type Case = { readonly example: Example; readonly path: Path; readonly findings: Findings };

function checkIn(line: Line, { example, path, findings }: Case): void {
  const remote = read(example.remote, line.remote);
  if (remote === undefined) return;
  const found = line.codec.decode(remote);
  const wanted = read(example.hub, line.hub);
  if (holds(found, wanted)) return;
  findings.add(
    [...path, wanted === undefined ? 'remote' : 'hub', wanted === undefined ? line.remote : line.hub],
    `read from ${line.remote}, the hub's ${line.hub} is ${describe(found)}`,
    'Correct the example or the line',
  );
}

function checkOut(line: Line, { example, path, findings }: Case): void {
  const hub = read(example.hub, line.hub);
  const side = example.writes !== undefined && Object.hasOwn(example.writes, line.remote) ? 'writes' : 'remote';
  const wanted = read(example[side] ?? {}, line.remote);
  if (hub === undefined) return;
  const found = line.codec.encode(hub);
  if (holds(found, wanted)) return;
  findings.add(
    [...path, wanted === undefined ? 'hub' : side, wanted === undefined ? line.hub : line.remote],
    `written to ${line.remote}, the hub's ${line.hub} is ${describe(found)}`,
    'Correct the example or the line, or say so under writes',
  );
}

function read(fields: Fields, name: string): FieldValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function holds(found: Translated, wanted: FieldValue | undefined): boolean {
  return found.ok && wanted !== undefined && canonical(found.value) === canonical(wanted);
}

function describe(found: Translated): string {
  return found.ok ? JSON.stringify(found.value) : `held: ${found.reason}`;
}
