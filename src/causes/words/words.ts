/** The named places of the templates, for what is known of them. */
export const PLACES = ['system', 'object', 'field', 'limit'] as const;
export type Place = (typeof PLACES)[number];

/** What happened, and what to do about it, as sentences with named places. */
export type Words = readonly [text: string, advice: string];
