import type { Heard } from '../../../src/contract/limits.ts';

/**
 * What an answer tells of the limits of the key and the account; an OAuth app is told nothing of a day. `of`: searches and associations have limits of
 * their own, and their headers tell of those. 423: too many writes at a time.
 */
export function heardIn({ status, headers }: Pick<Response, 'status' | 'headers'>, of?: string): Heard {
  const crowded = status === 423 ? ({ crowded: true } as const) : {};
  if (of !== undefined) return crowded;
  const told = (name: string): number | null => {
    const text = headers.get(`x-hubspot-ratelimit-${name}`);
    const value = Number(text);
    return text !== null && text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : null;
  };
  const [max, left, day, dayLeft] = [told('max'), told('remaining'), told('daily'), told('daily-remaining')];
  return {
    ...crowded,
    ...(max === null || left === null || max === 0 ? {} : { window: { max, left } }),
    ...(day === null || dayLeft === null || day === 0 ? {} : { day: { max: day, used: Math.max(0, day - dayLeft) } }),
  };
}
