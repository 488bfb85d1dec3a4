/**
 * What to do next, by kind of error: the only thing that the rest of the hub asks of an error. `depended_on`: a record stays there as long as
 * others hang on it.
 */
export const RECOVERY = {
  unreachable: 'retry',
  rate_limited: 'wait',
  locked: 'wait',
  quota_spent: 'wait',
  stale_write: 'look_again',
  cursor_expired: 'read_afresh',
  already_there: 'adopt',
  gone: 'let_go',
  depended_on: 'retry',
  record_rejected: 'hold_record',
  signed_out: 'ask_operator',
  not_allowed: 'ask_operator',
  misconfigured: 'ask_operator',
  broken_answer: 'retry',
} as const;

export type ErrorKind = keyof typeof RECOVERY;
export type Recovery = (typeof RECOVERY)[ErrorKind];

export type HubErrorDetail = {
  /** How long the vendor asks us to stay away, in milliseconds. */
  retryAfterMs?: number;
  /** The vendor's own code, such as `INVALID_OPTION`. */
  code?: string;
  /** The remote id that stands in the way (`already_there`). */
  existingId?: string;
  /** The remote fields that the vendor refused. */
  fields?: readonly string[];
  cause?: unknown;
};

/** The one error class of the hub: its kind decides the recovery, its message is for people and holds no secret. */
export class HubError extends Error {
  readonly kind: ErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly code: string | undefined;
  readonly existingId: string | undefined;
  readonly fields: readonly string[];
  constructor(kind: ErrorKind, message: string, detail: HubErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'HubError';
    this.kind = kind;
    this.retryAfterMs = detail.retryAfterMs;
    this.code = detail.code;
    this.existingId = detail.existingId;
    this.fields = detail.fields ?? [];
  }
  get recovery(): Recovery {
    return RECOVERY[this.kind];
  }
  /** Whether the vendor refused the call before it did any part of it, so that a repeat is safe. */
  get isRefusal(): boolean {
    return this.recovery === 'wait' || this.kind === 'signed_out' || this.kind === 'not_allowed' || this.kind === 'misconfigured';
  }
}
