import type { CauseId } from '../causes.ts';
import { EN_SIGN_IN } from './sign-in.ts';
import type { Place, Words } from './words.ts';

/** What stands in a place that nothing is known of. */
export const EN_PLACES: Readonly<Record<Place, string>> = {
  system: 'the other system',
  object: 'record',
  field: 'a field',
  limit: 'as set there',
};

/** The causes in English. */
export const EN: Readonly<Record<CauseId, Words>> = {
  name_not_found: [
    'The name of the server of {system} cannot be found.',
    'Check the address for a typing error, and the name service of this machine.',
  ],
  connection_refused: [
    '{system} cannot be reached at its address.',
    'Check the address and port, and whether a firewall or proxy lets this machine through.',
  ],
  connection_broken: [
    'The connection to {system} broke off in the middle.',
    'Nothing is lost; it is tried again by itself. If it lasts, look at the network in between.',
  ],
  timed_out: [
    '{system} did not answer in time.',
    'It is tried again by itself. If it lasts, look at the status page of {system} and at the network.',
  ],
  certificate_refused: [
    'The certificate of {system} is not trusted.',
    'Renew it, or let this machine trust the authority that issued it (NODE_EXTRA_CA_CERTS).',
  ],
  query_too_slow: [
    '{system} took too long over a query.',
    'It is tried again by itself. If it lasts, ask an administrator of {system} for an index, or narrow the filter of the mapping.',
  ],
  account_moving: [
    '{system} is moving the account to another data centre.',
    'Nothing to do, and nothing is lost: it goes on when the move is over, within a day.',
  ],
  server_trouble: [
    '{system} has trouble of its own and could not answer.',
    'It is tried again by itself. If it lasts, look at the status page of {system}.',
  ],
  answer_not_understood: [
    'Something answered in a way that {system} does not.',
    'Check the address: a proxy, a sign-in page, or another service may be in between. It is tried again by itself.',
  ],
  too_many_at_once: [
    '{system} has too many long calls open at the moment.',
    'It is tried again by itself. Other integrations may be busy there too.',
  ],
  security_check_slow: [
    'A security policy of {system} took too long to decide.',
    'It is tried again by itself. If it lasts, ask an administrator of {system} to simplify the policy.',
  ],
  rate_limited: ['{system} asked for a pause.', 'Nothing to do: it goes on as soon as {system} allows.'],
  record_locked: [
    '{system} is busy with this record or with one that it belongs to.',
    'It is tried again by itself. If it lasts, look for an import or an automation that works on the same records.',
  ],
  licence_quota_spent: [
    'The calls that the licence of {system} includes are used up.',
    'Wait until the quota starts anew, buy more calls, or let Syncline look less often.',
  ],
  share_spent: [
    'The hub has used its share of the day’s calls in {system}.',
    'Nothing is lost: it goes on when the day over there ends. Give it a larger share, or look less often, if this happens often.',
  ],
  daily_quota_spent: [
    'The calls that {system} allows for a day are used up.',
    'Nothing is lost: it goes on when the quota frees up. If it happens often, look less often or raise the quota.',
  ],
  session_expired: ['The session at {system} has ended and could not be renewed.', 'Reconnect with credentials that are valid now.'],
  access_revoked: [
    'Somebody has withdrawn the access to {system}, or removed the app there.',
    'Ask who did it, allow it again over there, and reconnect.',
  ],
  app_unknown: [
    '{system} does not know the app that signs in.',
    'Check the client id and secret, and that an administrator has installed and approved the app.',
  ],
  ...EN_SIGN_IN,
  user_inactive: [
    'The user or organisation that signs in to {system} is inactive.',
    'Activate the user again over there, or reconnect as another user.',
  ],
  credentials_refused: [
    '{system} refused the credentials.',
    'Check the credentials. A token may have been revoked, or belong to another account or region.',
  ],
  scope_missing: ['The access to {system} lacks a scope.', 'Give the token or the app over there the scope that is named, then reconnect.'],
  plan_lacks_feature: [
    'The plan of the account at {system} does not include this.',
    'Upgrade the plan, or switch the object off in this connection.',
  ],
  sending_limit_reached: [
    'The plan of the account at {system} allows no more of this for now.',
    'Wait for the next period, or upgrade the plan.',
  ],
  wrong_region: [
    'The account is kept in another region of {system}.',
    'Reconnect with the address of the region that the account belongs to.',
  ],
  api_switched_off: [
    'The API of {system} is switched off for this account or user.',
    'Ask an administrator of {system} to enable the API, or check that the edition includes it.',
  ],
  security_policy_blocks: [
    'A security policy of {system} blocks this.',
    'Ask an administrator of {system} to exempt the integration user.',
  ],
  storage_full: ['{system} has no storage left.', 'Free or buy storage over there. What waits is written by itself afterwards.'],
  permission_missing: [
    '{system} does not allow this to the user of the connection.',
    'Give that user or token the permissions that are named, then try again.',
  ],
  private_address: [
    'The address leads into a private network.',
    'If this is meant, start Syncline with SYNCLINE_ALLOW_PRIVATE set to that range.',
  ],
  version_retired: ['{system} no longer offers this version of its API.', 'Choose a newer API version in the settings of the connection.'],
  schema_changed: [
    '{system} no longer shows an object or field that the mapping uses.',
    'Look whether it was renamed or hidden over there, and adjust the mapping or the permissions.',
  ],
  survey_missing: [
    '{system} no longer has this survey.',
    'Nothing to do if it was deleted on purpose; else check whose account the token belongs to.',
  ],
  set_up_wrongly: ['The connection to {system} is not set up as it should be.', 'Correct the setting that is named, then reconnect.'],
  position_lost: ['{system} no longer knows the place where the last look stopped.', 'Nothing to do: everything is read afresh once.'],
  rolled_back_with_others: [
    '{system} took this write back because another one of the same batch failed.',
    'Nothing to do: it is looked up and sent again.',
  ],
  outcome_unknown: [
    'It is not known yet whether {system} carried out a write.',
    'Nothing to do: it is looked up before anything is sent again.',
  ],
  there_already: ['{system} has this record already.', 'Nothing to do: the record there is joined with the one here.'],
  stands_for_another: [
    '{system} has this already, and it stands for another record here.',
    'Look whether both are the same. Merge them, or correct the value that they share.',
  ],
  required_missing: [
    '{system} requires {field}, and it is blank.',
    'Fill it in here or in the system that it comes from, or map it with a default.',
  ],
  value_too_long: [
    'The value of {field} is longer than {system} takes (limit: {limit}).',
    'Shorten it at its source, or have the field lengthened in {system}. Nothing is cut off by itself.',
  ],
  choice_unknown: [
    '{field} in {system} has no such option.',
    'Add the option over there, or say in the mapping which option it stands for.',
  ],
  value_of_wrong_type: [
    'The value of {field} is not of the kind that {system} takes.',
    'Correct the value, or choose a fitting transform in the mapping.',
  ],
  email_invalid: ['{system} does not accept the e-mail address.', 'Correct the address at its source.'],
  number_out_of_range: ['The number in {field} is outside what {system} takes.', 'Correct the number, or widen the field in {system}.'],
  field_read_only: [
    '{field} may not be written in {system}.',
    'Let the line of the mapping only come in, or give the integration user the right to edit it.',
  ],
  field_hidden: [
    '{system} has no such field, or hides {field} from this connection.',
    'Create it over there or make it visible to the integration user, or correct the mapping.',
  ],
  values_contradict: [
    'Values of this {object} do not go together in {system}.',
    'Read the reason of {system}, and correct the values that it names.',
  ],
  validation_rule: [
    'A validation rule of {system} refuses this {object}.',
    'Correct what the rule asks for, or have the rule spare the integration user.',
  ],
  removal_prevented: [
    '{system} keeps this {object}, because others depend on it.',
    'Move or delete what depends on it over there: it is tried again by itself, for as long as it takes.',
  ],
  duplicate_rule: [
    'A duplicate rule of {system} takes this {object} for one that is there already.',
    'Merge the two over there, or have the rule spare the integration user; then try again.',
  ],
  unique_value_taken: [
    'Another {object} in {system} has this value already, and it has to be unique.',
    'Find the other one; merge the two, or correct the value.',
  ],
  automation_failed: [
    'An automation in {system} failed when this {object} was saved.',
    'Ask an administrator of {system} to look at the flow or trigger that is named; then try again.',
  ],
  vendor_limit_met: ['{system} has reached a limit of its own with this {object}.', 'Ask an administrator of {system}; then try again.'],
  record_not_accessible: [
    'The user of the connection may not edit this {object} in {system}.',
    'Share the record with that user, or give it a wider role; then try again.',
  ],
  reference_lost: [
    'The {object} refers to something that {system} does not have any more.',
    'Choose another one in {field}, or restore what was deleted.',
  ],
  lead_converted: [
    'The lead was converted in {system} and can no longer be edited.',
    'Nothing to do where the contact that it became is linked; else link that contact.',
  ],
  owner_inactive: ['The owner is not an active user of {system}.', 'Choose another owner, or activate the user again.'],
  value_untranslatable: [
    'The mapping does not say how to write the value of {field} in {system}.',
    'Add the value to the value map, or choose another transform; else correct the value.',
  ],
  value_unreadable: [
    'The mapping does not say what the value of {field} in {system} means.',
    'Add the value to the value map, or choose another transform; else correct the value there.',
  ],
  value_refused: ['{system} refuses the value of {field}.', 'Read the reason of {system}, and correct the value. The other fields go on.'],
  record_refused: [
    '{system} refuses this {object}.',
    'Read the reason of {system}, and correct the value or ask an administrator there; then try again.',
  ],
  both_changed: ['{field} was changed on both sides, and the rule is to ask.', 'Choose which value stands.'],
  several_match: [
    'It is not certain which record this {object} of {system} stands for.',
    'Choose the record, or say that it is a new one.',
  ],
  mass_change: ['An unusually large change was stopped.', 'Look at what it would do, and release it if it is meant.'],
  removed_and_edited: [
    'The {object} was deleted on one side and edited on the other.',
    'Say whether it is deleted everywhere, kept, or made again with the edit.',
  ],
  removal_waits: [
    'The {object} was deleted on one side, and the policy is to ask.',
    'Say whether it is deleted everywhere, kept, or made again.',
  ],
  merge_waits: ['Two records seem to be the same, and a person decides.', 'Compare the two, and merge them or keep them apart.'],
  back_and_forth: [
    '{field} goes back and forth between two writers.',
    'Find the automation that changes it back, and let one of the two own the field; then release it.',
  ],
  webhook_unread: [
    '{system} sent something by webhook that could not be read.',
    'Nothing is lost: the next look at {system} finds what changed. If it comes again, compare the webhook over there with what the connection expects.',
  ],
  delivery_unread: [
    '{system} was sent something that its mapping cannot read.',
    'It is kept as it came. Mend the mapping, or switch on the object, and take it again; or say that you have seen it.',
  ],
  to_be_removed: ['The {object} is to be removed in {system}.', 'Nothing to do: it is removed there with the next write.'],
  waits_for_other: [
    'The {object} waits for a record that it refers to.',
    'Nothing to do: it goes on by itself once that record is there. If it lasts, look why that one is not.',
  ],
  deleted_there: [
    'The {object} was deleted in {system}.',
    'Nothing to do. If it was a mistake, restore it there or make it again from here.',
  ],
  deleted_by_hub: [
    'Syncline deleted the {object} in {system}, as the policy says.',
    'Nothing to do. If it was a mistake, restore the record here.',
  ],
  merged_there: [
    'The {object} was merged into another one in {system}.',
    'Nothing to do: what is written goes to the record that lives on.',
  ],
  outside_filter: ['The {object} is outside the filter of the mapping.', 'Nothing to do. It takes part again when it fits the filter.'],
  record_archived: [
    'The record is archived here, so nothing flows to {system}.',
    'Nothing to do. Restore the record when it should take part again.',
  ],
  left_out: ['The {object} stays out of the sync with {system}.', 'Look at the reason, and include it again when it should take part.'],
  left_out_by_hand: ['Somebody took the {object} out of the sync with {system}.', 'Include it again when it should take part.'],
  kept: [
    'Somebody decided to keep the {object} in {system} although it was removed elsewhere.',
    'Nothing to do. Nothing flows on it until the record is restored.',
  ],
  merged: [
    'The record of this {object} was merged into another one here, which stands for another record in {system}.',
    'Merge the two in {system} as well, or take the merge back.',
  ],
  undone: [
    'A run was undone, and the {object} has its own values back in {system}.',
    'Nothing to do. The two no longer flow together; undo that undo to let them.',
  ],
  opted_out: [
    'The {object} has opted out of the sync in {system}.',
    'Nothing to do. It takes part again when that field is switched over.',
  ],
  skipped: [
    'Somebody chose to skip what could not be written to {system}.',
    'Nothing to do: it is tried again when the record changes. Retry to try it now.',
  ],
  apply_cancelled: ['A plan was cancelled before this was written to {system}.', 'Nothing to do until it changes. Retry to write it.'],
  tries_fail: ['A write to {system} failed.', 'It is tried again by itself. Read the reason if it lasts.'],
};
