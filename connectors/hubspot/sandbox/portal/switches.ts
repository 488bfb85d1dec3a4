import { readSwitches as read } from '../../../../src/sandbox/switches.ts';
import { SCOPES } from '../access/scopes.ts';

/**
 * How this portal behaves where real ones differ or nobody could verify what the real one does ("unverified"), and how tight its limits are.
 * One flat table: the name, what it is when nobody says otherwise, and what it means.
 */
export const DEFAULTS = {
  // Search
  /** How long a write stays invisible to search. */
  indexLagMs: 3000,
  /** The share of writes that search sees only minutes later. */
  stragglers: 0,
  /** How late a straggler is at most. */
  stragglerMaxMs: 180_000,
  searchPerSecond: 5,
  /** Unverified: search replies carry the rate headers like all others. */
  searchRateHeaders: false,
  /** How many characters the query and the filters of a search may have together. */
  searchTextMax: 3000,
  /** What a search shows is the record as it is now, which may be newer than what it asked for; else as the index knows it. */
  searchShowsNow: false,
  /** An EQ search on `hs_additional_emails` finds something; reports say that it does not. */
  additionalEmailsSearchable: false,

  // Limits
  burstPer10s: 190,
  oauthBurstPer10s: 110,
  associationsPer10s: 150,
  associationsPerDay: 500_000,
  dailyLimit: 650_000,
  /** The zone in which the account's day ends at midnight. */
  timeZone: 'Europe/Berlin',
  /** Undocumented: a 429 says by Retry-After how many seconds to wait. */
  retryAfter: false,
  /** More writes a second than this on one type lock it for two seconds (423); 0 never locks. */
  lockWritesPerSecond: 0,
  /** How many characters an address may have. */
  urlMax: 16_200,

  // Access
  /** Scopes that the token lacks, each with a minus in front: `-crm.objects.contacts.write`. */
  scopes: '',
  tokenTtlSeconds: 1800,
  codeTtlSeconds: 60,
  /** Every refresh gives a new refresh token and ends the old one. */
  rotateRefreshTokens: false,

  // Writing
  /** The hub's own unique property `syncline_id` is defined. */
  uniqueId: true,
  /** The hub's own properties of contacts, with what customers said, are defined. */
  feedbackProperties: true,
  /** Unverified: what a value meets that must be unique and belongs to another record, 400 or 409. */
  uniqueClash: 400,
  /** Whether a 409 names the contact that has the address; some recordings do not. */
  conflictTellsId: true,
  /** Unverified: the code of a value outside the options. */
  optionCode: 'INVALID_OPTION',
  /** Unverified: what a 404 says. */
  notFoundMessage: 'resource not found',
  /** Unverified: what a lifecycle stage written backwards meets, ignore or refuse. */
  lifecycleBackwards: 'ignore',
  /** The stage that a contact gets which is made without one; empty is none. */
  newContactStage: '',
  /** A new deal brings its contacts and companies to the stage `opportunity`. */
  dealAdvancesStage: false,
  /** Documents disagree: unknown and read-only properties of notes, tasks, and communications are passed over instead of refused. */
  activitiesIgnoreUnknown: false,
  /** Unverified: calls, meetings, and e-mails need `hs_timestamp` like notes and tasks. */
  activitiesNeedTimestamp: true,
  /** A second pipeline for deals, so that a new deal has to name its own. */
  secondDealPipeline: false,
  /** `lifecyclestage=customer:phone`: with this value that property must be filled. Only 2026-09 enforces it. */
  conditionalRequired: '',
  /** `contacts:phone companies:city`: what the create form of a type requires. Only 2026-09 enforces it. */
  requiredOnCreate: '',
  /** Batches answer their rows in any order. */
  shuffledResults: false,
  /** Unverified: how many versions of a property history keeps. */
  historyDepthContacts: 45,
  historyDepthOthers: 20,

  // Merges and ties
  /** Rolling out, unverified: a merge keeps the id of the primary, instead of making a new one. */
  mergeKeepsPrimaryId: false,
  /** Unverified: a merge takes the earliest create date and the furthest lifecycle stage of the two. */
  mergeTakesBest: true,
  /** A batch read of ties names the records without any as errors; else they are absent. */
  emptyTiesTold: true,
  /** A change of associations moves the modified date. */
  associationBumps: false,

  // Bulk
  /** How long an export or an import is pending, and then processing. */
  bulkStepMs: 2000,
  exportsPerDay: 30,
  /** How large a CSV may be before it comes zipped. */
  zipAboveBytes: 2_000_000,
  /** Unverified: how many ids one call may add to a list. */
  listCallMax: 100_000,

  // Webhooks
  /** Events go out by themselves; else when `deliver` is called. */
  webhooksByThemselves: true,
  webhookTimeoutMs: 5000,
  /** The day over which a failed delivery is tried again, compressed. */
  webhookDayMs: 86_400_000,
  /** The share of events that are sent twice. */
  webhookDuplicates: 0,
  /** Events of one moment go out in any order. */
  webhooksShuffled: false,
  /** Which signatures a delivery carries: v1 or v2, and v3. */
  webhookSignatures: 'v1 v3',
  /** What the event's kind is called: some documents say eventType. */
  webhookKindName: 'subscriptionType',

  // What lives here
  /** Deals, tickets, and activities of the people of the town. */
  salesData: true,
};

type Given = Readonly<Record<string, string | number | boolean>>;

export type Switches = Readonly<Omit<typeof DEFAULTS, 'scopes' | 'conditionalRequired' | 'requiredOnCreate'>> & {
  readonly missingScopes: ReadonlySet<string>;
  readonly conditionalRequired: readonly { readonly when: string; readonly is: string; readonly needs: string }[];
  readonly requiredOnCreate: readonly { readonly type: string; readonly needs: string }[];
};

function words(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function missingScopes(text: string): ReadonlySet<string> {
  const names = words(text).map((word) => word.replace(/^-/, ''));
  const unknown = names.find((name) => !SCOPES.includes(name));
  if (unknown !== undefined) throw new Error(`the switch scopes names an unknown scope: ${unknown}`);
  return new Set(names);
}

function demandOneOf(name: string, value: string | number, allowed: readonly (string | number)[]): void {
  if (!allowed.includes(value)) throw new Error(`the switch ${name} takes ${allowed.join(' or ')}`);
}

function rulesOf<T>(name: string, text: string, read: (word: string) => T | null): readonly T[] {
  return words(text).map((word) => {
    const rule = read(word);
    if (rule === null) throw new Error(`the switch ${name} cannot be ${word}`);
    return rule;
  });
}

/** Reads the switches; one that does not exist, or has a value it cannot have, throws. */
export function readSwitches(given: Given): Switches {
  const { scopes, conditionalRequired, requiredOnCreate, ...rest } = read(DEFAULTS, given);
  demandOneOf('lifecycleBackwards', rest.lifecycleBackwards, ['ignore', 'refuse']);
  demandOneOf('uniqueClash', rest.uniqueClash, [400, 409]);
  demandOneOf('webhookKindName', rest.webhookKindName, ['subscriptionType', 'eventType']);
  const negative = Object.entries(rest).find(([, value]) => typeof value === 'number' && !(value >= 0));
  if (negative !== undefined) throw new Error(`the switch ${negative[0]} takes a number from 0 up`);
  return {
    ...rest,
    missingScopes: missingScopes(scopes),
    conditionalRequired: rulesOf('conditionalRequired', conditionalRequired, (word) => {
      const [, when, is, needs] = /^(\w+)=([^:]+):(\w+)$/.exec(word) ?? [];
      return when === undefined || is === undefined || needs === undefined ? null : { when, is, needs };
    }),
    requiredOnCreate: rulesOf('requiredOnCreate', requiredOnCreate, (word) => {
      const [, type, needs] = /^(\w+):(\w+)$/.exec(word) ?? [];
      return type === undefined || needs === undefined ? null : { type, needs };
    }),
  };
}
