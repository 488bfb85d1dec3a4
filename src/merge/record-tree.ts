import type { FieldSchema } from '../contract/connector.ts';
import type { Fields, FieldValue } from '../contract/records.ts';
import type { Stamps, StoredBase } from '../hub/tables.ts';
import type { Line } from '../mapping/mapping.ts';

/** One link of a record as it stands: what the remote showed, what both agreed on, and what is under way. */
export type LinkTree = {
  readonly linkId: string;
  readonly connectionId: string;
  /** The connector's id, as rules name it, and the connection's name, as people know it. */
  readonly connector: string;
  readonly system: string;
  readonly remoteId: string | null;
  /** Whether the hub made the remote record. */
  readonly isOurs: boolean;
  readonly base: StoredBase;
  /** Hub values by hub field, noted before a write whose outcome has not been seen. */
  readonly sent: Fields | null;
  /** Remote values by remote field that a write was confirmed to have left, and no later view has shown yet. */
  readonly expected: Fields | null;
  /** Remote values by remote field as last seen; null while the remote record does not exist. */
  readonly seen: Fields | null;
  readonly changedAt: string | null;
  readonly lines: readonly Line[];
  readonly schema: ReadonlyMap<string, FieldSchema>;
  /** Whether writes may go there at all: the stream's direction, the connector's traits, the record's presence. */
  readonly writable: boolean;
  /** Hub values that this system has refused before, by hub field, with its reason: not sent again until they change. */
  readonly refused: ReadonlyMap<string, { readonly value: FieldValue; readonly reason: string }>;
  /** What a person decided about a conflict, by hub field. */
  readonly decided: ReadonlyMap<string, 'hub' | 'remote'>;
};
export type RecordTree = {
  readonly recordId: string;
  readonly fields: Fields;
  readonly stamps: Stamps;
  readonly links: readonly LinkTree[];
};
