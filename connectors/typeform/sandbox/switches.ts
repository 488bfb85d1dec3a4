/** What this account does by default; every line can be switched when the sandbox is opened. */
export const SWITCHES = {
  /** Calls of forms and responses that the account may make in a second; 0 means no limit. */
  callsPerSecond: 2,
  /** Whether a refusal for pace says `Retry-After`; the vendor does not promise it. */
  retryAfter: false,
  /** How long a new response stays out of the lists, in milliseconds; the vendor speaks of up to 30 minutes. */
  visibilityDelayMs: 0,
  /** What the token may do. */
  scopes: 'accounts:read forms:read responses:read' as string,
};
export type Switches = Readonly<typeof SWITCHES>;
