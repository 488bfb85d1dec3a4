/** What an app can be granted. */
export const SCOPES = [
  'users_read',
  'surveys_read',
  'collectors_read',
  'collectors_write',
  'responses_read',
  'responses_read_detail',
  'responses_write',
  'contacts_read',
  'contacts_write',
  'webhooks_read',
  'webhooks_write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What only a paid plan has. */
export const PAID: readonly Scope[] = ['responses_read_detail', 'responses_write'];
