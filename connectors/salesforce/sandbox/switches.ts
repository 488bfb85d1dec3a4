import { readSwitches as readGiven } from '../../../src/sandbox/switches.ts';

/** What each switch does when nothing is said. Those marked unverified stand for facts that nobody could check against a real org. */
const DEFAULTS = {
  // Reading
  /** Rows on a full page of a query. */
  pageSize: 2000,
  /** Empty query results come without `done`. */
  omitDone: false,
  /** Ids that one collection retrieve may ask for; unverified. */
  retrieveMax: 2000,
  /** How long a person's transaction takes to commit, at most; every other one takes half, so that commits overtake each other. */
  commitDelayMs: 0,
  /** Classic encrypted fields are shown masked without this right. */
  viewEncrypted: false,

  // Limits
  dailyLimit: 100_000,
  /** The share of the day that this one app may use, told as `per-app-api-usage`; 0 is no such limit. */
  appLimit: 0,
  /** Long requests that may run at one time before others are refused. */
  concurrentMax: 25,
  /** Queries and collections that one composite request may hold; unverified. */
  compositeHeavyMax: 5,

  // Sign-in
  /** Every refresh gives a new refresh token and kills the old one. */
  rotateTokens: false,
  /** Refresh tokens that a user may hold for the app; another one drops the oldest. Unverified. */
  refreshTokensMax: 5,
  tokenTtlSeconds: 7200,
  /** Every use of a session lets its time begin again; unverified. */
  slidingSessions: false,
  /** Requests that an issued token is good for; 0 is no limit. */
  tokenTtlRequests: 0,
  /** What token answers give as `instance_url`, when it is another than the origin. */
  instanceUrl: '',
  /** A name of this host, such as `localhost`, under which it is the common login host and nobody's My Domain: it refuses client credentials. Unverified. */
  loginHost: '',
  /** Authorisation without a code challenge is refused. */
  requirePkce: false,
  /** How far ahead the end of a JWT assertion may lie; unverified. */
  jwtMaxMs: 300_000,

  // Schema
  /** Hidden by field-level security: `Contact.NPS_Score__c,Account.Phone`. */
  hiddenFields: '',
  /** Visible, and not to be edited by the API user, in the same form. */
  readOnlyFields: '',
  /** Whether the admin made `Syncline_Id__c`. */
  uniqueId: true,
  /** Whether the admin made the fields for feedback from surveys. */
  feedbackFields: true,
  /** Whether the API user may make fields. */
  mayCustomize: true,
  /** External id fields that an object may have; unverified. */
  externalIdsMax: 25,
  personAccounts: false,
  /** Contacts may be related to several accounts: their own directly, and others. */
  multipleAccounts: false,
  stateCountryPicklists: false,

  // Rules
  /** What a second contact, or lead, with a known e-mail address meets: off, block, or alert (which allowSave=true gets past). */
  duplicateRule: 'off',
  /** Leads and cases that the API writes go to the queue, unless `Sforce-Auto-Assign: FALSE` says no. */
  assignmentRules: false,
  /** Whether the API is held to what a controlling field allows; unverified. */
  enforceDependent: true,
  /** Every n-th row written through the API finds its record locked; 0 is never. */
  lockEvery: 0,

  // What becomes of values; all unverified
  trim: true,
  lowerCaseEmail: true,
  /** Line ends in text areas come back as CRLF. */
  crlf: false,
  /** The choices of a multi-select come back in the order of its definition, not in that of the request. */
  choicesInOrder: true,

  // Writing
  /** What an upsert that found its record answers: 200 with a body, or 204 without; unverified. */
  upsertUpdateStatus: 200,

  // Bulk
  /** How long a job takes: half of it queued, half of it in progress. */
  bulkDelayMs: 0,
  /** Rows on a page of query results when the request names no number. */
  bulkPageRows: 250_000,
  /** Rows whose parent another chunk writes at the same time are refused with UNABLE_TO_LOCK_ROW: sorted files have none. */
  bulkParentLocks: false,
  /** Whether requests about jobs count as API calls; unverified. */
  bulkCounts: true,
};

/** How this org behaves; see DEFAULTS for what each switch does. */
export type Switches = ReturnType<typeof readSwitches>;

/** The defaults with `given` over them; an unknown name or a value of another type throws. */
export function readSwitches(given: Readonly<Record<string, string | number | boolean>>) {
  const switches = readGiven(DEFAULTS, given);
  if (!['off', 'block', 'alert'].includes(switches.duplicateRule)) throw new Error('switch duplicateRule is off, block, or alert');
  if (![200, 204].includes(switches.upsertUpdateStatus)) throw new Error('switch upsertUpdateStatus is 200 or 204');
  return switches;
}
