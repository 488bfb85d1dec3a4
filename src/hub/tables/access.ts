import type { ColumnType, Generated } from 'kysely';
import type { Language } from '../../causes/languages.ts';

export const ROLES = ['viewer', 'analyst', 'steward', 'admin'] as const;
/** What an operator may do; each role holds what stands before it. */
export type Role = (typeof ROLES)[number];

export const AUDIT_KINDS = ['act', 'read', 'entry'] as const;
/** Something done, somebody looked at, or somebody coming in. */
export type AuditKind = (typeof AUDIT_KINDS)[number];

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
    disabled_at: Generated<Date | null>;
    last_sign_in_at: Generated<Date | null>;
    two_factor_enabled: Generated<boolean>;
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
    /** When who holds it last proved who they are. */
    confirmed_at: DefaultTime;
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
  operator_two_factor: { id: string; operator_id: string; secret: string; backup_codes: string; verified: boolean };
  setting: { name: string; value: ColumnType<unknown, string, string>; changed_at: DefaultTime; changed_by: string };
  audit: {
    id: string;
    at: DefaultTime;
    kind: AuditKind;
    actor: string;
    actor_name: string;
    address: string | null;
    action: string;
    subjects: string[];
    detail: ColumnType<Readonly<Record<string, unknown>>, string | undefined, string>;
    status: number | null;
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
