import type { ErrorKind, Recovery } from '../contract/errors.ts';
import type { HoldKind, LinkState } from '../hub/stored.ts';

/**
 * What a cause is told by: the kind of an error with the vendor's own code, the kind of a hold with the hub's word for why it opened, or the
 * state of a link. A sign without codes stands for all that no other sign names. Never the text of a message.
 */
export type Sign =
  | { readonly error: ErrorKind; readonly codes?: readonly string[] }
  | { readonly hold: HoldKind; readonly because?: readonly string[] }
  | { readonly link: LinkState; readonly because?: readonly string[] };

/** What happens next: a recovery of the engine, a person who decides, or nothing, since nothing has to be done. */
export type NextStep = Recovery | 'decide' | 'rest';

export type Cause = { readonly recovery: NextStep; readonly signs: readonly Sign[] };

/** Everything that can go wrong or stand still, and what it is told by. Its words stand in `words/`, one file a language. */
export const CAUSES = {
  // The way there.
  name_not_found: { recovery: 'retry', signs: [{ error: 'unreachable', codes: ['ENOTFOUND', 'EAI_AGAIN'] }] },
  connection_refused: {
    recovery: 'retry',
    signs: [{ error: 'unreachable', codes: ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL'] }],
  },
  connection_broken: {
    recovery: 'retry',
    signs: [{ error: 'unreachable', codes: ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'HPE_INVALID_EOF_STATE'] }],
  },
  timed_out: {
    recovery: 'retry',
    signs: [{ error: 'unreachable', codes: ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'] }],
  },
  certificate_refused: {
    recovery: 'retry',
    signs: [
      {
        error: 'unreachable',
        codes: [
          'CERT_HAS_EXPIRED',
          'CERT_NOT_YET_VALID',
          'DEPTH_ZERO_SELF_SIGNED_CERT',
          'SELF_SIGNED_CERT_IN_CHAIN',
          'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
          'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
          'ERR_TLS_CERT_ALTNAME_INVALID',
        ],
      },
    ],
  },
  query_too_slow: { recovery: 'retry', signs: [{ error: 'unreachable', codes: ['QUERY_TIMEOUT'] }] },
  server_trouble: { recovery: 'retry', signs: [{ error: 'unreachable' }] },
  answer_not_understood: { recovery: 'retry', signs: [{ error: 'broken_answer' }] },
  // How much is allowed.
  too_many_at_once: { recovery: 'wait', signs: [{ error: 'rate_limited', codes: ['REQUEST_LIMIT_EXCEEDED'] }] },
  security_check_slow: { recovery: 'wait', signs: [{ error: 'rate_limited', codes: ['TXN_SECURITY_METERING_ERROR'] }] },
  rate_limited: { recovery: 'wait', signs: [{ error: 'rate_limited' }] },
  record_locked: { recovery: 'wait', signs: [{ error: 'locked' }] },
  licence_quota_spent: { recovery: 'wait', signs: [{ error: 'quota_spent', codes: ['1013'] }] },
  share_spent: { recovery: 'wait', signs: [{ error: 'quota_spent', codes: ['SHARE_SPENT'] }] },
  account_moving: { recovery: 'wait', signs: [{ error: 'rate_limited', codes: ['ACCOUNT_MOVING'] }] },
  daily_quota_spent: { recovery: 'wait', signs: [{ error: 'quota_spent' }] },
  // Who we are over there.
  session_expired: {
    recovery: 'ask_operator',
    signs: [
      {
        error: 'signed_out',
        codes: ['INVALID_SESSION_ID', 'INVALID_AUTH_HEADER', 'INVALID_JWT_FORMAT', 'EXPIRED_AUTHENTICATION', 'NO_REFRESH_TOKEN', '1012'],
      },
    ],
  },
  access_revoked: { recovery: 'ask_operator', signs: [{ error: 'signed_out', codes: ['invalid_grant', 'BAD_REFRESH_TOKEN', '1013'] }] },
  app_unknown: {
    recovery: 'ask_operator',
    signs: [
      { error: 'signed_out', codes: ['invalid_client', 'invalid_client_id', 'unauthorized_client', 'BAD_CLIENT_ID', 'BAD_CLIENT_SECRET'] },
    ],
  },
  app_uninstalled: {
    recovery: 'ask_operator',
    signs: [{ error: 'signed_out', codes: ['OAUTH_APP_ACCESS_DENIED', 'OAUTH_APP_BLOCKED', 'APP_NOT_INSTALLED', 'APP_UNINSTALLED'] }],
  },
  address_refused: { recovery: 'ask_operator', signs: [{ error: 'signed_out', codes: ['IP_RESTRICTED', 'LOGIN_HOURS_RESTRICTED'] }] },
  renewal_interrupted: { recovery: 'ask_operator', signs: [{ error: 'signed_out', codes: ['RENEWAL_INTERRUPTED'] }] },
  // Signing in with a browser.
  sign_in_denied: { recovery: 'ask_operator', signs: [{ error: 'signed_out', codes: ['access_denied', 'user_denied'] }] },
  code_spent: { recovery: 'ask_operator', signs: [{ error: 'signed_out', codes: ['CODE_SPENT', 'NO_CODE'] }] },
  sign_in_expired: { recovery: 'ask_operator', signs: [{ error: 'signed_out', codes: ['SIGN_IN_EXPIRED'] }] },
  sign_in_used: { recovery: 'ask_operator', signs: [{ error: 'signed_out', codes: ['SIGN_IN_USED'] }] },
  sign_in_elsewhere: { recovery: 'ask_operator', signs: [{ error: 'signed_out', codes: ['SIGN_IN_ELSEWHERE', 'SIGN_IN_UNKNOWN'] }] },
  redirect_unknown: {
    recovery: 'ask_operator',
    signs: [{ error: 'misconfigured', codes: ['redirect_uri_mismatch', 'invalid_redirect_uri', 'BAD_REDIRECT_URI'] }],
  },
  scope_refused: { recovery: 'ask_operator', signs: [{ error: 'misconfigured', codes: ['invalid_scope'] }] },
  other_account: { recovery: 'ask_operator', signs: [{ error: 'misconfigured', codes: ['OTHER_ACCOUNT'] }] },
  user_inactive: { recovery: 'ask_operator', signs: [{ error: 'signed_out', codes: ['inactive_user', 'inactive_org'] }] },
  credentials_refused: { recovery: 'ask_operator', signs: [{ error: 'signed_out' }] },
  // What we may do over there.
  scope_missing: { recovery: 'ask_operator', signs: [{ error: 'not_allowed', codes: ['MISSING_SCOPES', '1011', '1014'] }] },
  plan_lacks_feature: { recovery: 'ask_operator', signs: [{ error: 'not_allowed', codes: ['1015'] }] },
  sending_limit_reached: { recovery: 'ask_operator', signs: [{ error: 'not_allowed', codes: ['1017'] }] },
  wrong_region: { recovery: 'ask_operator', signs: [{ error: 'not_allowed', codes: ['1018'] }] },
  api_switched_off: {
    recovery: 'ask_operator',
    signs: [{ error: 'not_allowed', codes: ['API_DISABLED_FOR_ORG', 'API_CURRENTLY_DISABLED'] }],
  },
  security_policy_blocks: { recovery: 'ask_operator', signs: [{ error: 'not_allowed', codes: ['TXN_SECURITY_NO_ACCESS'] }] },
  storage_full: { recovery: 'ask_operator', signs: [{ error: 'not_allowed', codes: ['STORAGE_LIMIT_EXCEEDED'] }] },
  permission_missing: { recovery: 'ask_operator', signs: [{ error: 'not_allowed' }] },
  // How it is set up.
  private_address: { recovery: 'ask_operator', signs: [{ error: 'misconfigured', codes: ['PRIVATE_ADDRESS'] }] },
  version_retired: { recovery: 'ask_operator', signs: [{ error: 'misconfigured', codes: ['UNSUPPORTED_API_VERSION'] }] },
  schema_changed: {
    recovery: 'ask_operator',
    signs: [
      {
        error: 'misconfigured',
        codes: ['INVALID_FIELD', 'INVALID_TYPE', 'MALFORMED_QUERY', 'QUERY_TOO_COMPLICATED', 'PROPERTY_DOESNT_EXIST'],
      },
    ],
  },
  survey_missing: { recovery: 'ask_operator', signs: [{ error: 'misconfigured', codes: ['FORM_NOT_FOUND', '1020', '1040'] }] },
  set_up_wrongly: { recovery: 'ask_operator', signs: [{ error: 'misconfigured' }] },
  // Where the reading stands, and what became of a write.
  position_lost: { recovery: 'read_afresh', signs: [{ error: 'cursor_expired' }] },
  rolled_back_with_others: {
    recovery: 'look_again',
    signs: [{ error: 'stale_write', codes: ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'PROCESSING_HALTED'] }],
  },
  outcome_unknown: { recovery: 'look_again', signs: [{ error: 'stale_write' }] },
  there_already: { recovery: 'adopt', signs: [{ error: 'already_there' }] },
  stands_for_another: { recovery: 'decide', signs: [{ hold: 'refused_record', because: ['stands_for_another'] }] },
  // What a record or a value lacks.
  required_missing: {
    recovery: 'hold_record',
    signs: [
      { error: 'record_rejected', codes: ['REQUIRED_FIELD_MISSING', 'REQUIRED_PROPERTY_MISSING', 'MISSING_ARGUMENT'] },
      { hold: 'refused_record', because: ['required'] },
      { hold: 'refused_field', because: ['required'] },
    ],
  },
  value_too_long: {
    recovery: 'hold_record',
    signs: [
      { error: 'record_rejected', codes: ['STRING_TOO_LONG', 'VALUE_TOO_LONG', 'MAX_LENGTH_EXCEEDED'] },
      { hold: 'refused_field', because: ['too_long'] },
    ],
  },
  choice_unknown: {
    recovery: 'hold_record',
    signs: [
      { error: 'record_rejected', codes: ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'INVALID_OPTION'] },
      { hold: 'refused_field', because: ['unknown_choice'] },
    ],
  },
  value_of_wrong_type: {
    recovery: 'hold_record',
    signs: [
      {
        error: 'record_rejected',
        codes: ['INVALID_TYPE_ON_FIELD_IN_RECORD', 'JSON_PARSER_ERROR', 'INVALID_DATE', 'INVALID_INTEGER', 'INVALID_LONG', 'INVALID_VALUE'],
      },
      { hold: 'refused_field', because: ['wrong_type'] },
    ],
  },
  email_invalid: { recovery: 'hold_record', signs: [{ error: 'record_rejected', codes: ['INVALID_EMAIL_ADDRESS', 'INVALID_EMAIL'] }] },
  number_out_of_range: { recovery: 'hold_record', signs: [{ error: 'record_rejected', codes: ['NUMBER_OUTSIDE_VALID_RANGE'] }] },
  field_read_only: {
    recovery: 'hold_record',
    signs: [
      { error: 'record_rejected', codes: ['INVALID_FIELD_FOR_INSERT_UPDATE', 'READ_ONLY_VALUE'] },
      { hold: 'refused_field', because: ['read_only'] },
    ],
  },
  field_hidden: {
    recovery: 'hold_record',
    signs: [
      { error: 'record_rejected', codes: ['PROPERTY_DOESNT_EXIST', 'INVALID_FIELD'] },
      { hold: 'refused_field', because: ['no_such_field'] },
    ],
  },
  values_contradict: { recovery: 'hold_record', signs: [{ error: 'record_rejected', codes: ['FIELD_INTEGRITY_EXCEPTION'] }] },
  validation_rule: { recovery: 'hold_record', signs: [{ error: 'record_rejected', codes: ['FIELD_CUSTOM_VALIDATION_EXCEPTION'] }] },
  removal_prevented: { recovery: 'retry', signs: [{ error: 'depended_on' }] },
  duplicate_rule: { recovery: 'hold_record', signs: [{ error: 'record_rejected', codes: ['DUPLICATES_DETECTED'] }] },
  unique_value_taken: {
    recovery: 'hold_record',
    signs: [{ error: 'record_rejected', codes: ['DUPLICATE_VALUE', 'CONFLICTING_UNIQUE_VALUE', '1025', '1026'] }],
  },
  automation_failed: {
    recovery: 'hold_record',
    signs: [{ error: 'record_rejected', codes: ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'APEX_ERROR'] }],
  },
  vendor_limit_met: { recovery: 'hold_record', signs: [{ error: 'record_rejected', codes: ['LIMIT_EXCEEDED', 'TOO_MANY_IDENTITIES'] }] },
  record_not_accessible: {
    recovery: 'hold_record',
    signs: [{ error: 'record_rejected', codes: ['INSUFFICIENT_ACCESS_OR_READONLY', 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY'] }],
  },
  reference_lost: {
    recovery: 'hold_record',
    signs: [
      {
        error: 'record_rejected',
        codes: ['INVALID_CROSS_REFERENCE_KEY', 'MALFORMED_ID', 'NOT_FOUND', 'OBJECT_NOT_FOUND', 'ENTITY_IS_DELETED'],
      },
    ],
  },
  lead_converted: { recovery: 'hold_record', signs: [{ error: 'record_rejected', codes: ['CANNOT_UPDATE_CONVERTED_LEAD'] }] },
  owner_inactive: { recovery: 'hold_record', signs: [{ error: 'record_rejected', codes: ['INACTIVE_OWNER_OR_USER'] }] },
  value_untranslatable: { recovery: 'decide', signs: [{ hold: 'refused_field', because: ['untranslatable'] }] },
  value_unreadable: { recovery: 'decide', signs: [{ hold: 'refused_field', because: ['unreadable'] }] },
  value_refused: { recovery: 'decide', signs: [{ hold: 'refused_field' }] },
  record_refused: { recovery: 'hold_record', signs: [{ error: 'record_rejected' }, { hold: 'refused_record' }, { link: 'held' }] },
  // What a person decides.
  both_changed: { recovery: 'decide', signs: [{ hold: 'conflict' }] },
  several_match: { recovery: 'decide', signs: [{ hold: 'ambiguous' }] },
  mass_change: { recovery: 'decide', signs: [{ hold: 'brake' }] },
  removed_and_edited: { recovery: 'decide', signs: [{ hold: 'removal', because: ['removed_and_edited', 'edited_after_removal'] }] },
  removal_waits: { recovery: 'decide', signs: [{ hold: 'removal' }] },
  merge_waits: { recovery: 'decide', signs: [{ hold: 'merge' }] },
  back_and_forth: { recovery: 'decide', signs: [{ hold: 'flip' }] },
  webhook_unread: { recovery: 'decide', signs: [{ hold: 'unread' }] },
  delivery_unread: { recovery: 'decide', signs: [{ hold: 'unread', because: ['arrived'] }] },
  // Where a link stands still.
  to_be_removed: { recovery: 'retry', signs: [{ link: 'waiting', because: ['removal'] }] },
  waits_for_other: { recovery: 'retry', signs: [{ link: 'waiting' }] },
  deleted_there: { recovery: 'let_go', signs: [{ error: 'gone' }, { link: 'gone' }] },
  deleted_by_hub: { recovery: 'rest', signs: [{ link: 'gone', because: ['hub'] }] },
  merged_there: { recovery: 'rest', signs: [{ link: 'gone', because: ['merged'] }] },
  outside_filter: { recovery: 'rest', signs: [{ link: 'excluded', because: ['outside_filter'] }] },
  record_archived: { recovery: 'rest', signs: [{ link: 'excluded', because: ['record_archived'] }] },
  left_out: { recovery: 'rest', signs: [{ link: 'excluded' }] },
  left_out_by_hand: { recovery: 'rest', signs: [{ link: 'excluded', because: ['hand'] }] },
  kept: { recovery: 'rest', signs: [{ link: 'excluded', because: ['kept'] }] },
  merged: { recovery: 'rest', signs: [{ link: 'excluded', because: ['merged'] }] },
  undone: { recovery: 'rest', signs: [{ link: 'excluded', because: ['undone'] }] },
  opted_out: { recovery: 'rest', signs: [{ link: 'excluded', because: ['opted_out'] }] },
  skipped: { recovery: 'rest', signs: [{ link: 'failing', because: ['skipped'] }] },
  apply_cancelled: { recovery: 'rest', signs: [{ link: 'failing', because: ['cancelled'] }] },
  tries_fail: { recovery: 'retry', signs: [{ link: 'failing' }] },
} as const satisfies Readonly<Record<string, Cause>>;

export type CauseId = keyof typeof CAUSES;
export const CAUSE_IDS = Object.keys(CAUSES) as readonly CauseId[];
export const isCauseId = (text: string): text is CauseId => Object.hasOwn(CAUSES, text);
