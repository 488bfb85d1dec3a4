import type { Heard } from '../../../src/contract/limits.ts';

/** What an answer tells of the org's calls within 24 hours, those of all its integrations: `api-usage=18/5000`. */
export function heardIn(headers: Headers): Heard {
  const [, used, max] = /(?:^|[;\s])api-usage=(\d+)\/(\d+)/.exec(headers.get('sforce-limit-info') ?? '') ?? [];
  return used === undefined || max === undefined || Number(max) === 0 ? {} : { day: { max: Number(max), used: Number(used) } };
}
