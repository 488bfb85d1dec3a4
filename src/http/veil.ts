import type { Fields } from '../contract/records.ts';
import type { Role } from '../hub/access-tables.ts';
import type { Explanation } from '../hub/explanation.ts';
import type { HubModel, HubObject } from '../mapping/mapping.ts';
import { holds } from './operator.ts';

/** The fields of an object that a role may not see: the sensitive ones, for those who only view. */
export type Veil = (object: string | null) => ReadonlySet<string>;

const NOTHING: ReadonlySet<string> = new Set();

export function veilFor(role: Role, model: HubModel): Veil {
  if (holds(role, 'steward')) return () => NOTHING;
  const hidden = new Map([...model.values()].map((object) => [object.name, sensitiveFields(object.fields)]));
  return (object) => (object === null ? NOTHING : (hidden.get(object) ?? NOTHING));
}

function sensitiveFields(fields: HubObject['fields']): ReadonlySet<string> {
  return new Set([...fields.values()].filter((field) => field.sensitivity === 'sensitive').map((field) => field.name));
}

type Shown = { readonly object: string; readonly fields: Fields };
/** A record without what is veiled, and with the names of what is. */
export function veilRecord<Row extends Shown>(veil: Veil, row: Row): Row & { hidden: string[] } {
  const hidden = veil(row.object);
  return { ...row, fields: withoutKeys(row.fields, hidden), hidden: [...hidden] };
}

/** A journal line without what is veiled. */
export function veilChange<Line extends { readonly object: string; readonly fields: readonly { readonly field: string }[] }>(
  veil: Veil,
  line: Line,
): Line {
  const hidden = veil(line.object);
  return { ...line, fields: line.fields.filter((change) => !hidden.has(change.field)) };
}

/** A hold that says that there is one, without the values of a veiled field. */
export function veilHold<
  Hold extends {
    readonly hubObject: string | null;
    readonly field: string | null;
    readonly detail: Readonly<Record<string, unknown>>;
    readonly decision: unknown;
  },
>(veil: Veil, hold: Hold): Hold {
  const hidden = veil(hold.hubObject);
  if (hold.field !== null && hidden.has(hold.field)) return { ...hold, detail: {}, decision: null };
  const { fields, values } = hold.detail;
  // A write that was refused as a whole has several values, and a proposal to merge shows several fields at once.
  const shown = Array.isArray(fields) ? { fields: fields.filter((one: { readonly field?: string }) => !hidden.has(one.field ?? '')) } : {};
  const kept = typeof values === 'object' && values !== null ? { values: withoutKeys({ ...values }, hidden) } : {};
  return { ...hold, detail: { ...hold.detail, ...shown, ...kept } };
}

export function withoutKeys<Value>(fields: Readonly<Record<string, Value>>, hidden: ReadonlySet<string>): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !hidden.has(name)));
}

/** An explanation without what is veiled. */
export function veilExplanation(veil: Veil, explanation: Explanation | null): Explanation | null {
  if (explanation === null) return null;
  const hidden = veil(explanation.object);
  return { ...explanation, fields: explanation.fields.filter((each) => !hidden.has(each.field)) };
}
