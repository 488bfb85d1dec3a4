import type { Fields, FieldValue } from '../contract/records.ts';
import type { StoredBase } from '../hub/stored.ts';
import type { Line } from '../mapping/mapping.ts';
import { sameValue } from './same.ts';

/** What was written: in the remote's words by remote field, and in the hub's by hub field. */
export type Written = { readonly push: Fields; readonly pushed: Fields };

/**
 * The base once a write was confirmed: both sides agree on what was sent, in the form that the remote shows, where its answer shows one
 * (`observed`, else null).
 */
export function agreedBase(
  before: StoredBase,
  { push, pushed }: Written,
  { lines, observed }: { readonly lines: ReadonlyMap<string, Line>; readonly observed: Fields | null },
): StoredBase {
  const base: Record<string, StoredBase[string]> = { ...before };
  for (const [field, hub] of Object.entries(pushed)) {
    const line = lines.get(field);
    if (line === undefined) continue;
    const raw = observed !== null && line.remote in observed ? observed[line.remote] : push[line.remote];
    const remote = line.ref !== null ? hub : decoded(line, raw ?? null, hub);
    const overruled = observed === null ? overruledIn(before[field]) : undefined;
    base[field] = overruled === undefined ? (sameValue(hub, remote) ? hub : { hub, remote }) : { hub, remote, overruled };
  }
  return base;
}

/**
 * What of a create has arrived for certain, of a record that was found after its answer was lost, where an earlier create of the same place may have
 * made it as well: a field that shows something else may be older than what was sent, so that nobody knows what both sides agreed on.
 */
export function arrivedOf({ push, pushed }: Written, lines: ReadonlyMap<string, Line>, observed: Fields): Written {
  const hasArrived = ([field, hub]: [string, FieldValue]): boolean => {
    const line = lines.get(field);
    if (line === undefined) return false;
    const [raw, sent] = [observed[line.remote], push[line.remote] ?? null];
    return (
      raw !== undefined && (sameValue(raw, sent) || (line.ref === null && sameValue(decoded(line, raw, raw), decoded(line, sent, hub))))
    );
  };
  const arrived = Object.entries(pushed).filter(hasArrived);
  const remotes = new Set(arrived.map(([field]) => lines.get(field)?.remote));
  return { push: Object.fromEntries(Object.entries(push).filter(([name]) => remotes.has(name))), pushed: Object.fromEntries(arrived) };
}

const overruledIn = (base: StoredBase[string] | undefined): FieldValue | undefined =>
  base !== undefined && base !== null && typeof base === 'object' && 'overruled' in base ? base.overruled : undefined;

function decoded(line: Line, raw: FieldValue, otherwise: FieldValue): FieldValue {
  const value = line.codec.decode(raw);
  return value.ok ? value.value : otherwise;
}
