import type { ColumnType, Generated } from 'kysely';
import type { Language } from '../causes/languages.ts';

export const ROLES = ['viewer', 'steward', 'admin'] as const;
/** What an operator may do; each role holds what stands before it. */
export type Role = (typeof ROLES)[number];

type Time = ColumnType<Date, Date | string, Date | string>;
type DefaultTime = ColumnType<Date, Date | string | undefined, Date | string>;

/** Operators, their sessions, keys, and links. `operator_*` are filled by better-auth; their columns follow its schema. */
export type AccessTables = {
  operator: {
    id: string;
    name: string;
    email: string;
    email_verified: boolean;
    image: string | null;
    role: Role;
    /** How somebody wants to be spoken to; null: as the browser asks. */
    language: Generated<Language | null>;
    time_zone: Generated<string | null>;
    created_at: DefaultTime;
    updated_at: DefaultTime;
  };
  operator_session: {
    id: string;
    operator_id: string;
    token: string;
    expires_at: Time;
    ip_address: string | null;
    user_agent: string | null;
    created_at: DefaultTime;
    updated_at: DefaultTime;
  };
  operator_account: {
    id: string;
    operator_id: string;
    account_id: string;
    provider_id: string;
    password: string | null;
    created_at: DefaultTime;
    updated_at: DefaultTime;
  };
  api_key: {
    id: string;
    name: string;
    role: Role;
    hint: string;
    hash: string;
    created_at: DefaultTime;
    created_by: string;
    expires_at: Time | null;
    last_used_at: Time | null;
  };
  one_time_link: {
    hash: string;
    kind: 'setup' | 'sign_in';
    operator_id: string | null;
    created_at: DefaultTime;
    expires_at: Time;
    used_at: Time | null;
  };
};
