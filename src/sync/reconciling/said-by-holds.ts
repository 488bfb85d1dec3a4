import type { Fields, FieldValue } from '../../contract/records.ts';
import type { LinkTree } from '../../merge/record-tree.ts';
import type { HoldRow } from './rows.ts';

type Said = Pick<LinkTree, 'refused' | 'turnedDown' | 'decided'>;
const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();
const SILENT: Said = { refused: NOTHING, decided: NOTHING };

/** What open holds tell the merge: values that the system has refused, alone or as a whole, and what a person has decided about conflicts. */
export const saidByHolds = (holds: readonly HoldRow[]): Said =>
  holds.length === 0 ? SILENT : { refused: refusedBy(holds), decided: decidedBy(holds), ...turnedDownOf(holds) };

function turnedDownOf(holds: readonly HoldRow[]): Pick<LinkTree, 'turnedDown'> {
  const values = holds.find((hold) => hold.kind === 'refused_record')?.detail.values;
  return values === undefined ? {} : { turnedDown: values as Fields };
}

const refusedBy = (holds: readonly HoldRow[]): LinkTree['refused'] =>
  new Map(
    holds.flatMap((hold) =>
      hold.kind === 'refused_field' && hold.field !== null && hold.detail.by === 'vendor'
        ? [[hold.field, { value: hold.detail.value as FieldValue, reason: hold.reason }] as const]
        : [],
    ),
  );

const decidedBy = (holds: readonly HoldRow[]): LinkTree['decided'] =>
  new Map(
    holds.flatMap((hold) =>
      hold.kind === 'conflict' && hold.field !== null && (hold.detail.take === 'hub' || hold.detail.take === 'remote')
        ? [[hold.field, hold.detail.take] as const]
        : [],
    ),
  );
