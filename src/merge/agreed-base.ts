import type { Fields, FieldValue } from '../contract/records.ts';
import type { StoredBase } from '../hub/stored.ts';
import type { Line } from '../mapping/mapping.ts';
import { sameValue } from './same.ts';

/** What was written: in the remote's words by remote field, and in the hub's by hub field. */
export type Written = { readonly push: Fields; readonly pushed: Fields };

/**
 * The base once a write was confirmed: both sides agree on what was sent, in the form that the remote shows, where its answer shows one
 * (`observed`, else null). `seen` is what the remote had shown when the write was planned: a value that was written over before counts as
 * overruled for as long as that still is what it shows; once it has shown another one, whoever brings the old value back has typed it anew.
 */
export function agreedBase(
  before: StoredBase,
  { push, pushed }: Written,
  { lines, observed, seen }: { readonly lines: ReadonlyMap<string, Line>; readonly observed: Fields | null; readonly seen: Fields | null },
): StoredBase {
  const base: Record<string, StoredBase[string]> = { ...before };
  for (const [field, hub] of Object.entries(pushed)) {
    const line = lines.get(field);
    if (line === undefined) continue;
    const raw = observed !== null && line.remote in observed ? observed[line.remote] : push[line.remote];
    const remote = line.ref !== null ? hub : decoded(line, raw ?? null, hub);
    const past = observed === null ? overruledIn(before[field]) : undefined;
    const shown = seen?.[line.remote];
    const overruled = past !== undefined && (shown === undefined || sameValue(decoded(line, shown, hub), past)) ? past : undefined;
    base[field] = overruled === undefined ? (sameValue(hub, remote) ? hub : { hub, remote }) : { hub, remote, overruled };
  }
  return base;
}

/**
 * What of a create has arrived for certain, of a record that was found after its answer was lost, where an earlier create of the same place may have
 * made it as well: a field that shows something else may be older than what was sent, so that nobody knows what both sides agreed on. Of a list it
 * is the options that it still shows.
 */
export function arrivedOf({ push, pushed }: Written, lines: ReadonlyMap<string, Line>, observed: Fields): Written {
  const arrived: { push: Record<string, FieldValue>; pushed: Record<string, FieldValue> } = { push: {}, pushed: {} };
  for (const [field, hub] of Object.entries(pushed)) {
    const line = lines.get(field);
    const raw = line === undefined ? undefined : observed[line.remote];
    if (line === undefined || raw === undefined) continue;
    const sent = push[line.remote] ?? null;
    const isWhole = sameValue(raw, sent) || (line.ref === null && sameValue(decoded(line, raw, raw), decoded(line, sent, hub)));
    const part = line.ref === null ? optionsOf(sent).filter((option) => optionsOf(raw).includes(option)) : [];
    if (!isWhole && part.length === 0) continue;
    arrived.push[line.remote] = isWhole ? sent : part;
    arrived.pushed[field] = isWhole ? hub : decoded(line, part, hub);
  }
  return arrived;
}

const optionsOf = (value: FieldValue): readonly string[] => (Array.isArray(value) ? value : []);

const overruledIn = (base: StoredBase[string] | undefined): FieldValue | undefined =>
  base !== undefined && base !== null && typeof base === 'object' && 'overruled' in base ? base.overruled : undefined;

function decoded(line: Line, raw: FieldValue, otherwise: FieldValue): FieldValue {
  const value = line.codec.decode(raw);
  return value.ok ? value.value : otherwise;
}
