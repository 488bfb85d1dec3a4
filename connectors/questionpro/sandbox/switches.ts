/** What this account does by default; every line can be switched when the sandbox is opened. */
export const SWITCHES = {
  /** Calls in any 60 s for the key and for the whole organisation; 0 means no limit. */
  callsPerMinute: 300,
  organizationCallsPerMinute: 2_400,
  /** The calls that the licence pays for; when they are spent every call is refused until more are bought. */
  callQuota: 20_000,
  /** Whether a refusal for pace says `Retry-After`; the vendor does not promise it. */
  retryAfter: false,
  /** Whether the older `?apiKey=` is taken too. */
  acceptQueryKey: false,
  /** The vendor's samples show the id of an error both ways: `number` or `string`. */
  errorIdAs: 'number' as string,
  /** `asc`, `desc`, or `shuffled`: the vendor promises no order. */
  order: 'asc' as string,
  /** So many answers come in by themselves after each page of responses, as they do in a busy account. */
  arrivalsPerPage: 0,
  /** The time that the window of a filter looks at, which the vendor does not tell: `completion` or `start`. */
  windowOn: 'completion' as string,
  /** `seconds` or `milliseconds`. */
  utcTimestampIn: 'seconds' as string,
  /** The account's time zone, in which timestamps are written. */
  timeZone: 'America/Los_Angeles' as string,
  /** What is said to a `perPage` over 1,000: `clamp` or `refuse`. */
  perPageOver: 'clamp' as string,
  /** Whether the surveys of the CX workspace stand in the user's list too, and whether nothing under `/surveys` knows them; neither is told. */
  cxSurveysListed: false,
  cxSurveysApart: false,
  /** Whether a CX response says its business unit: an imported one is given it, and the vendor's samples of read ones are without. */
  cxShowsSegment: false,
  /** The most tickets on a page, whatever is asked for; and whether the list shows deleted ones, with the time. Neither is told. */
  ticketsPerPage: 1_000,
  ticketsShowDeleted: true,
  /** Whether what is due is delivered by itself; else when `deliver` is called. */
  webhooksByThemselves: false,
  webhooksShuffled: false,
  /** The share of deliveries that never go out, and of those that go out twice, from 0 to 1. */
  webhookLoss: 0,
  webhookDuplicates: 0,
  /** Whether the response in a delivery is wrapped in `response`, which the vendor does not tell. */
  webhookWrapped: false,
  /** Whether an answer with words breaks the JSON that it is put into. */
  webhookBroken: false,
};
export type Switches = Readonly<typeof SWITCHES>;

const WORDS: Readonly<Record<string, readonly string[]>> = {
  errorIdAs: ['number', 'string'],
  order: ['asc', 'desc', 'shuffled'],
  windowOn: ['completion', 'start'],
  utcTimestampIn: ['seconds', 'milliseconds'],
  perPageOver: ['clamp', 'refuse'],
};

/** Refuses a word that its switch does not know, and a time zone that the world does not know. */
export function checkWords(switches: Switches): Switches {
  new Intl.DateTimeFormat('en-US', { timeZone: switches.timeZone });
  for (const [name, words] of Object.entries(WORDS)) {
    const value = Object.entries(switches).find(([key]) => key === name)?.[1];
    if (!words.some((word) => word === value))
      throw new Error(`the switch "${name}" is one of ${words.join(', ')}, not ${JSON.stringify(value)}`);
  }
  return switches;
}
