import type { ColumnType, Generated } from 'kysely';
import type { SignInOutcome, StoredRefusal } from '../stored.ts';

type Time = ColumnType<Date, Date | string, Date | string>;
type DefaultTime = ColumnType<Date, Date | string | undefined, Date | string>;

/** Credentials with their grants, sign-ins at vendors that are under way or have just ended, and how often somebody has tried something lately. */
export type SignInTables = {
  credential: {
    connection_id: string;
    kind: string;
    key_version: number;
    sealed: Buffer;
    grant_sealed: Buffer | null;
    grant_expires_at: Time | null;
    grant_no: Generated<number>;
    grant_renew_at: Time | null;
    granted_scopes: string[] | null;
    renewing_until: DefaultTime;
    renewal_no: Generated<number>;
    renewals: Generated<number>;
    renewals_since: DefaultTime;
    renewal_refused: ColumnType<StoredRefusal | null, string | null, string | null>;
    updated_at: DefaultTime;
  };
  sign_in: {
    id: string;
    state_hash: string;
    ticket_hash: string | null;
    session_id: string | null;
    browser_hash: string | null;
    key_version: number;
    sealed: Buffer | null;
    connector: string;
    name: string;
    actor: string;
    created_at: DefaultTime;
    expires_at: Time;
    spent_at: Time | null;
    ended_at: Time | null;
    outcome: ColumnType<SignInOutcome | null, string | null, string | null>;
  };
  tries: { who: string; n: number; since: DefaultTime };
};
