import { readSwitches } from '../../../src/sandbox/switches.ts';
import { SCOPES } from './access/scopes.ts';

/** What this account does by default; every line can be switched when the sandbox is opened. "Unverified" marks what no public source tells. */
const SWITCHES = {
  /** Calls of the app in a minute of the clock, and in a day of GMT; 0 means no limit, as for public apps. */
  callsPerMinute: 120,
  callsPerDay: 500,
  /** How many of the app's windows in 30 days may go over, up to half more. */
  overshoots: 3,
  /** `draft` apps are switched off after 90 days; how they are refused is unverified. */
  app: 'private' as string,
  /** Without a `paid` plan some scopes are not to be had: `paid` or `basic`. */
  plan: 'paid' as string,
  /** What the user has granted, in words divided by blanks. */
  granted: SCOPES.join(' ') as string,
  /** Where this host stands, and where the account's data are: `us`, `eu`, or `ca`. */
  host: 'us' as string,
  region: 'us' as string,
  /** The host that the exchange of a code names; nothing means this one. */
  accessUrl: '' as string,
  /** How a revoked token is answered: `error` is the envelope, `status` the older body. */
  revokedAs: 'error' as string,
  /** What is said to a `per_page` over the most: `clamp` or `refuse`. Unverified. */
  perPageOver: 'clamp' as string,
  /** Digits before every id; seven of them take ids past 2^53. */
  idPrefix: '' as string,
  /** The offset that dates are written with, in minutes. */
  dateOffsetMinutes: 0,
  /** So many answers come in by themselves after each bulk page, as they do in a busy account. */
  arrivalsPerPage: 0,
  /** The plan shows so many responses of a survey, the oldest; 0 means all. */
  responsesShown: 0,
  /** How many contacts and invitations the plan may still make; 0 means no limit. */
  sendingLimit: 0,
  /** The addresses that may send invitations, divided by blanks. */
  verifiedSenders: 'cx@syncline.example' as string,
  /** What `/pages/{id}/questions` lists: `full` questions, or `brief` ones with a link. Unverified. */
  questionRows: 'full' as string,
  /** What a second webhook with one address gets, 409 or 400. Unverified. */
  sameUrlStatus: 409,
  /** Whether a response to an invitation shows the contact in `metadata` and beside it. Unverified. */
  contactShown: true,
  /** Share of events that go out twice, and of those that never go out. */
  webhookDuplicates: 0,
  webhookLoss: 0,
  webhooksShuffled: false,
  /** Tries again 1, 5, and 25 of these later, in milliseconds. Unverified. */
  webhookMinuteMs: 60_000,
  webhookTimeoutMs: 5_000,
  /** Whether webhooks go out by themselves, in real time, or only when they are told to. */
  webhooksByThemselves: true,
};
export type Switches = Readonly<typeof SWITCHES>;

const WORDS: Readonly<Record<string, readonly (string | number)[]>> = {
  app: ['draft', 'private', 'public'],
  plan: ['paid', 'basic'],
  host: ['us', 'eu', 'ca'],
  region: ['us', 'eu', 'ca'],
  revokedAs: ['error', 'status'],
  perPageOver: ['clamp', 'refuse'],
  questionRows: ['full', 'brief'],
  sameUrlStatus: [409, 400],
};

/** The switches as given over the defaults; refuses names and words that it does not know. */
export function openSwitches(given: Parameters<typeof readSwitches>[1]): Switches {
  const switches = readSwitches(SWITCHES, given);
  for (const [name, words] of Object.entries(WORDS)) {
    const value = Object.entries(switches).find(([key]) => key === name)?.[1];
    if (!words.some((word) => word === value))
      throw new Error(`the switch "${name}" is one of ${words.join(', ')}, not ${JSON.stringify(value)}`);
  }
  return switches;
}
