/** What this account does by default; every line can be switched when the sandbox is opened. */
export const SWITCHES = {
  /** Calls of forms and responses that the account may make in a second; 0 means no limit. */
  callsPerSecond: 2,
  /** Whether a refusal for pace says `Retry-After`; the vendor does not promise it. */
  retryAfter: false,
  /** How long a new response stays out of the lists, in milliseconds; the vendor speaks of up to 30 minutes. */
  visibilityDelayMs: 0,
  /** What the token may do. */
  scopes: 'accounts:read forms:read responses:read webhooks:read webhooks:write' as string,
  /** `us`, `eu`, or `eu_new`: the data centre that the account is in; a token of another one is refused, and so is this token there. */
  region: 'us' as string,
  /** Whether what is due is delivered by itself; else when `deliver` is called. */
  webhooksByThemselves: false,
  webhooksShuffled: false,
  /** The share of deliveries that never go out, and of those that go out twice, from 0 to 1. */
  webhookLoss: 0,
  webhookDuplicates: 0,
  webhookTimeoutMs: 30_000,
  /** How long a minute lasts between two tries of a delivery. */
  webhookMinuteMs: 60_000,
};
export type Switches = Readonly<typeof SWITCHES>;
