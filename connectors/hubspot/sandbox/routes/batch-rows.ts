import type { Table } from '../portal/portal.ts';
import { invalid, Refusal } from '../wire/refusal.ts';
import { attempt, rowError } from '../wire/requests.ts';
import { inputsOf, object, optionalText, type Shape } from '../wire/shapes.ts';

export const INPUTS_MAX = 100;

export type Row = { readonly input: Shape; readonly raw: Shape; readonly trace: string | undefined };
/** Checks one row and hands back what will do it; in a batch that stands or falls as a whole nothing is done before all are checked. */
export type Plan = (row: Row) => () => Shape | null;

export function rowsOf(body: Shape): readonly Row[] {
  return inputsOf(body, INPUTS_MAX).map((input) => ({
    input,
    raw: object(input.properties ?? {}, 'properties'),
    trace: optionalText(input.objectWriteTraceId, 'objectWriteTraceId'),
  }));
}

export function demandDistinct(ids: readonly string[]): void {
  const seen = new Set<string>();
  const twice = new Set(ids.filter((id) => seen.size === seen.add(id).size));
  if (twice.size === 0) return;
  throw invalid(`Duplicate IDs found in batch input: [${[...twice].join(', ')}]. IDs must be unique`, { context: { ids: [...twice] } });
}

export function areTraced(rows: readonly Row[]): boolean {
  const traces = new Set(rows.map((row) => row.trace));
  return traces.size === rows.length && !traces.has(undefined);
}

function traced(row: Row, shown: Shape): Shape {
  return row.trace === undefined ? shown : { ...shown, objectWriteTraceId: row.trace };
}

/** With a trace on every row each stands alone; else the first refusal stops them all before anything is written. */
export function runRows(
  rows: readonly Row[],
  plan: Plan,
  alone: boolean,
): { readonly results: readonly Shape[]; readonly errors: readonly Shape[] } {
  if (!alone) {
    const plans = rows.map((row) => ({ row, carryOut: plan(row) }));
    const done = plans.map(({ row, carryOut }) => ({ row, shown: carryOut() }));
    return { results: done.flatMap(({ row, shown }) => (shown === null ? [] : [traced(row, shown)])), errors: [] };
  }
  const tries = rows.map((row) => ({ row, tried: attempt(() => plan(row)()) }));
  return {
    results: tries.flatMap(({ row, tried }) => ('done' in tried && tried.done !== null ? [traced(row, tried.done)] : [])),
    errors: tries.flatMap(({ row, tried }) =>
      'refused' in tried ? [rowError(tried.refused, { objectWriteTraceId: [row.trace ?? ''] })] : [],
    ),
  };
}

export function missing(table: Table, ids: readonly string[], traces: readonly string[] = []): readonly Shape[] {
  if (ids.length === 0) return [];
  const what = table.type.singular.toUpperCase();
  const message = `Could not get some ${what} objects, they may be deleted or not exist. Check that ids are valid.`;
  const context = { ids, ...(traces.length > 0 ? { objectWriteTraceId: traces } : {}) };
  return [rowError(new Refusal(404, { message, category: 'OBJECT_NOT_FOUND', context }))];
}

export function byProperty(table: Table, property: string | undefined, value: string): string | undefined {
  if (property === undefined || property === 'hs_object_id') return value;
  return table.records.holder(property, property === 'email' ? value.trim().toLowerCase() : value);
}
