import type { Fields } from '../../contract/records.ts';
import type { LinkState, StoredBase } from '../../hub/stored.ts';

/** A link, with what its remote showed last. */
export type LinkRow = {
  readonly id: string;
  readonly connectionId: string;
  readonly object: string;
  readonly remoteId: string | null;
  readonly recordId: string;
  readonly base: StoredBase;
  readonly sent: Fields | null;
  readonly expected: Fields | null;
  readonly state: LinkState;
  readonly reason: string | null;
  readonly due: boolean;
  readonly waitsFor: readonly string[];
  readonly seen: Fields | null;
  readonly changedAt: string | null;
  readonly gone: boolean;
  /** The run that saw what the remote shows, and who had changed it there. */
  readonly runId: string | null;
  readonly changedBy: string | null;
  readonly evidence: unknown;
  readonly removal: 'wanted' | 'approved' | null;
  readonly goneBy: 'remote' | 'hub' | null;
  readonly cause: string | null;
  /** The digest of the write that is not tried again by itself. */
  readonly givenUp: string | null;
  /** What a brake or a frozen field keeps back of it. */
  readonly braked: readonly string[];
  /** Whose turn what is due is. */
  readonly lane: number;
};

/** The same as the database gives it. */
export type LinkQueryRow = {
  id: string;
  connection_id: string;
  object: string;
  remote_id: string | null;
  record_id: string;
  base: StoredBase;
  sent: Fields | null;
  expected: Fields | null;
  state: LinkState;
  reason: string | null;
  due: boolean;
  waits_for: string[];
  evidence: unknown;
  removal: 'wanted' | 'approved' | null;
  gone_by: 'remote' | 'hub' | null;
  cause: string | null;
  given_up: string | null;
  braked: string[];
  lane: number;
  seen: Fields | null;
  changed_at: Date | null;
  gone: boolean | null;
  run_id: string | null;
  changed_by: string | null;
};

export const linkOf = (row: LinkQueryRow): LinkRow => ({
  id: row.id,
  connectionId: row.connection_id,
  object: row.object,
  remoteId: row.remote_id,
  recordId: row.record_id,
  base: row.base,
  sent: row.sent,
  expected: row.expected,
  state: row.state,
  reason: row.reason,
  due: row.due,
  waitsFor: row.waits_for,
  evidence: row.evidence,
  removal: row.removal,
  goneBy: row.gone_by,
  cause: row.cause,
  givenUp: row.given_up,
  braked: row.braked,
  lane: row.lane,
  seen: row.gone === true ? null : row.seen,
  changedAt: row.changed_at?.toISOString() ?? null,
  gone: row.gone ?? false,
  runId: row.run_id,
  changedBy: row.changed_by,
});
