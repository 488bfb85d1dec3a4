import type { FieldSchema } from '../contract/connector.ts';
import type { Fields, FieldValue } from '../contract/records.ts';
import type { Archived, Stamps, StoredBase } from '../hub/stored.ts';
import type { Gates, Line, RemovalPolicy } from '../mapping/mapping.ts';
import type { Brakes } from './brakes.ts';

/**
 * Whether there is a record behind a link. `unborn`: not made yet. `lost`: the last view says that it is gone, which nobody has dealt with.
 * `gone`: somebody has. `back`: it was gone, and is there again.
 */
export type Presence = 'there' | 'unborn' | 'lost' | 'gone' | 'back';

/** What a person decided about a removal. `keep`: here and elsewhere it stays; `recreate`: it is made again where it was removed. */
export type RemovalDecision = 'keep' | 'archive' | 'remove' | 'recreate';

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
  readonly presence: Presence;
  /** Who removed a record that is gone: the hub's own removals are taken back when the record comes back. */
  readonly goneBy: 'remote' | 'hub' | null;
  readonly gates: Gates;
  /** Whether people over there keep the record out of the sync. */
  readonly optedOut: boolean;
  readonly removed: { readonly in: RemovalPolicy; readonly out: RemovalPolicy };
  /** The hub's record was removed, and this one is to follow; `approved` when a person said so. */
  readonly removal: 'wanted' | 'approved' | null;
  /** The run that made it was undone: it is removed there, unless somebody has edited it, and never made again. */
  readonly undone?: boolean;
  readonly decidedRemoval: RemovalDecision | null;
  /** Whether a person has been asked already what its removal means. */
  readonly asked?: boolean;
  readonly lines: readonly Line[];
  /** Hub fields of references that read blank over there only because what they refer to is gone, with the records that are: that is no edit. */
  readonly severed: ReadonlyMap<string, ReadonlySet<FieldValue>>;
  readonly schema: ReadonlyMap<string, FieldSchema>;
  /** Whether writes may go there at all: the stream's direction, the connector's traits, the record's presence. */
  readonly writable: boolean;
  /** Hub values that this system has refused before, by hub field, with its reason: not sent again until they change. */
  readonly refused: ReadonlyMap<string, { readonly value: FieldValue; readonly reason: string }>;
  /** Hub values of the write that this system has refused as a whole: not sent again until the record wants another one. */
  readonly turnedDown?: Fields;
  /** What a person decided about a conflict, by hub field. */
  readonly decided: ReadonlyMap<string, 'hub' | 'remote'>;
  /** What a person has to release first, of all that may come in or go out by this link; nothing when it is left out. */
  readonly braked?: Brakes;
};
export type RecordTree = {
  readonly recordId: string;
  readonly fields: Fields;
  readonly stamps: Stamps;
  /** How it was taken out of use; null while it is in use. */
  readonly archived: Archived | null;
  readonly links: readonly LinkTree[];
};
