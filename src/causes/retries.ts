/**
 * The schedule of a write that the vendor refuses for now: how long it waits after the first, second, ... failure in a row, unless the vendor
 * asked for a time of its own. After one failure more it is given up, some 54 minutes after the first: it stays as it is until somebody
 * retries, skips, or excludes it, or the record wants another write.
 */
export const RETRY_WAITS_S = [1, 2, 4, 8, 15, 30, 60, 120, 300, 900, 1800] as const;

/**
 * How many failures in a row a write is given. A pause that the vendor asked for, or others that hang on
 * a record which is to be removed, are no fault of the write, and do not end it.
 */
export const MOST_TRIES = RETRY_WAITS_S.length + 1;
