import type { Fields } from '../../contract/records.ts';
import type { Archived, Stamps } from '../../hub/stored.ts';

export type RecordRow = {
  readonly id: string;
  readonly fields: Fields;
  readonly stamps: Stamps;
  readonly archived: Archived | null;
  readonly fresh: boolean;
};
export type HoldRow = {
  readonly id: string;
  readonly linkId: string;
  readonly kind: string;
  readonly field: string | null;
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly cause: string | null;
};
