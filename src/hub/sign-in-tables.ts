import type { ColumnType } from 'kysely';
import type { SignInOutcome } from './stored.ts';

type Time = ColumnType<Date, Date | string, Date | string>;
type DefaultTime = ColumnType<Date, Date | string | undefined, Date | string>;

/** Sign-ins at vendors that are under way or have just ended, and how often somebody has tried something lately. */
export type SignInTables = {
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
