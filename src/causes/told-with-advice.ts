const ENDS = /[.!?。]$/;

/** What went wrong and what to do about it, as sentences: what a vendor said may end without a stop. */
export const toldWithAdvice = (message: string, advice: string): string =>
  advice === '' ? message : `${message}${ENDS.test(message) ? '' : '.'} ${advice}`;
