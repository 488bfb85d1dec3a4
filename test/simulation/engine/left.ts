import type { Fields } from '../../../src/contract/records.ts';
import type { ChangedField } from '../../../src/hub/stored.ts';

export type HubRecord = { readonly id: string; readonly fields: Fields; readonly gone: boolean };
export type HubLink = {
  readonly id: string;
  readonly connection_id: string;
  readonly remote_id: string | null;
  readonly record_id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly due: boolean;
  readonly sent: unknown;
};
export type HubHold = {
  readonly kind: string;
  readonly connection_id: string;
  readonly remote_id: string | null;
  readonly record_id: string | null;
  readonly link_id: string | null;
  readonly field: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};
/** Whether a field is frozen, because somebody and the hub wrote over each other: the hold of one link stands for all of the record's. */
export const isFrozen = (hold: HubHold, recordId: string, field: string): boolean =>
  hold.kind === 'flip' && hold.record_id === recordId && hold.field === field;

/** The hub's tables as they were left. */
export type Left = {
  readonly records: readonly HubRecord[];
  readonly links: readonly HubLink[];
  readonly holds: readonly HubHold[];
  readonly changes: readonly {
    readonly record_id: string;
    readonly conflict: boolean;
    readonly fields: Readonly<Record<string, ChangedField>>;
  }[];
};
