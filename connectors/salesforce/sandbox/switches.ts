const DEFAULTS = {
  /** Rows on a full page of a query. */
  pageSize: 2000,
  /** How long a person's transaction takes to commit, at most; every other one takes half, so that commits overtake each other. */
  commitDelayMs: 0,
  dailyLimit: 100_000,
  /** Every refresh gives a new refresh token and kills the old one. */
  rotateTokens: false,
  tokenTtlSeconds: 7200,
  /** Requests that an issued token is good for; 0 is no limit. */
  tokenTtlRequests: 0,
  /** What token answers give as `instance_url`, when it is another than the origin. */
  instanceUrl: '',
  /** Hidden by field-level security: `Contact.NPS_Score__c,Account.Phone`. */
  hiddenFields: '',
  /** Whether the admin made `Syncline_Id__c`. */
  uniqueId: true,
  /** What a second contact with a known e-mail address meets: off, block, or alert (which allowSave=true gets past). */
  duplicateRule: 'off',
  trim: true,
  lowerCaseEmail: true,
  /** Line ends in text areas come back as CRLF. */
  crlf: false,
  /** Every n-th row written through the API finds its record locked; 0 is never. */
  lockEvery: 0,
  /** Empty query results come without `done`. */
  omitDone: false,
};

/** How this org behaves; see DEFAULTS for what each switch does. */
export type Switches = Readonly<typeof DEFAULTS>;

/** The defaults with `given` over them; an unknown name or a value of another type throws. */
export function readSwitches(given: Readonly<Record<string, string | number | boolean>>): Switches {
  for (const [name, value] of Object.entries(given)) {
    const known = Object.entries(DEFAULTS).find(([key]) => key === name);
    if (known === undefined) throw new Error(`the Salesforce sandbox has no switch ${name}`);
    if (typeof known[1] !== typeof value) throw new Error(`switch ${name} is a ${typeof known[1]}`);
  }
  const switches: Switches = { ...DEFAULTS, ...given };
  if (!['off', 'block', 'alert'].includes(switches.duplicateRule)) throw new Error('switch duplicateRule is off, block, or alert');
  return switches;
}
