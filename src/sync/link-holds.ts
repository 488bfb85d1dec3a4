import type { Fields, FieldValue } from '../contract/records.ts';
import type { LinkTree } from '../merge/record-tree.ts';
import type { HoldRow } from './trees.ts';

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

/** Hub values that a system has refused, by hub field, with its reason. */
export const refusedBy = (holds: readonly HoldRow[]): LinkTree['refused'] =>
  holds.length === 0
    ? NOTHING
    : new Map(
        holds.flatMap((hold) =>
          hold.kind === 'refused_field' && hold.field !== null && hold.detail.by === 'vendor'
            ? [[hold.field, { value: hold.detail.value as FieldValue, reason: hold.reason }] as const]
            : [],
        ),
      );

/** Which side a person has chosen in a conflict, by hub field. */
export const decidedBy = (holds: readonly HoldRow[]): LinkTree['decided'] =>
  holds.length === 0
    ? NOTHING
    : new Map(
        holds.flatMap((hold) =>
          hold.kind === 'conflict' && hold.field !== null && (hold.detail.take === 'hub' || hold.detail.take === 'remote')
            ? [[hold.field, hold.detail.take] as const]
            : [],
        ),
      );

export function turnedDownOf(holds: readonly HoldRow[]): Pick<LinkTree, 'turnedDown'> {
  const values = holds.find((hold) => hold.kind === 'refused_record')?.detail.values;
  return values === undefined ? {} : { turnedDown: values as Fields };
}
