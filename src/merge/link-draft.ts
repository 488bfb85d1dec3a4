import type { Fields, FieldValue } from '../contract/records.ts';
import type { Stamp, Stamps } from '../hub/stored.ts';
import type { Line } from '../mapping/mapping.ts';
import type { Base, Trees } from './merge-field.ts';
import type { PlannedHold } from './record-plan.ts';
import type { LinkTree, RecordTree } from './record-tree.ts';
import type { Claim } from './settle.ts';
import { readBase } from './stored-base.ts';

const NEVER: Stamp = ['1970-01-01T00:00:00.000Z', 'hub'];

export const ISO_NEVER = NEVER[0];

export const stampOf = (stamps: Stamps, field: string): Stamp => stamps[field] ?? stamps['*'] ?? NEVER;

export type Draft = {
  fields: Record<string, FieldValue>;
  stamps: Record<string, Stamp>;
  readonly fresh: boolean;
  readonly systems: ReadonlyMap<string, Omit<Claim, 'at'>>;
};

export type LinkDraft = {
  readonly tree: LinkTree;
  readonly base: Map<string, Base>;
  readonly holds: PlannedHold[];
  readonly waits: Set<string>;
  readonly mass: Set<string>;
};

export const draftOf = (tree: LinkTree): LinkDraft => ({ tree, base: new Map(), holds: [], waits: new Set(), mass: new Set() });

export const systemsOf = ({ links }: RecordTree): Draft['systems'] =>
  new Map(links.map((link) => [link.connectionId, { by: link.connector, connection: link.system }]));

/** What a remote shows, in the hub's words, as far as it can be read. */
export function shownFields(link: LinkTree): Fields {
  const shown: Record<string, FieldValue> = {};
  for (const line of link.lines) {
    const raw = link.expected?.[line.remote] ?? link.seen?.[line.remote];
    if (raw === undefined) continue;
    const decoded = line.codec.decode(raw);
    if (decoded.ok) shown[line.hub] = decoded.value;
  }
  return shown;
}

export function treesOf(link: LinkDraft, line: Line, draft: Draft): Trees {
  const sent = link.tree.sent?.[line.hub];
  const base = link.base.get(line.hub) ?? readBase(link.tree.base, line.hub);
  const unseen = sent !== undefined || link.tree.expected?.[line.remote] !== undefined;
  const trees: Trees = {
    base: base === undefined ? undefined : { hub: base.hub, remote: base.remote },
    sent,
    hub: draft.fields[line.hub] ?? null,
    remote: link.tree.severed.has(line.hub) ? undefined : shownBy(link, line),
  };
  return base?.overruled === undefined || unseen ? trees : { ...trees, overruled: base.overruled };
}

/** The remote's value in the hub's words; undefined when it was not shown, or cannot be understood (which is then said). */
function shownBy(link: LinkDraft, line: Line): FieldValue | undefined {
  const { seen, expected } = link.tree;
  const raw = expected?.[line.remote] !== undefined ? expected[line.remote] : seen?.[line.remote];
  if (raw === undefined) return undefined;
  const decoded = line.codec.decode(raw);
  if (decoded.ok) return decoded.value;
  if (decoded.ignored === true) return undefined;
  if (decoded.waits !== undefined) link.waits.add(decoded.waits);
  else if (!link.holds.some((hold) => hold.field === line.hub)) {
    link.holds.push({ kind: 'refused_field', field: line.hub, reason: decoded.reason, detail: { remote: raw, because: 'unreadable' } });
  }
  return undefined;
}

export const echoOf =
  (line: Line) =>
  (value: FieldValue): FieldValue | undefined => {
    const encoded = line.codec.encode(value);
    if (!encoded.ok) return undefined;
    const decoded = line.codec.decode(encoded.value);
    return decoded.ok ? decoded.value : undefined;
  };

export const isBlank = (value: FieldValue): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0);
