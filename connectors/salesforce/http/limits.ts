import type { Heard } from '../../../src/contract/limits.ts';

const USAGE = /(?:^|[;,\s])(?:per-app-)?api-usage=(\d+)\/(\d+)/g;

/**
 * What an answer tells of calls within 24 hours: those of all integrations of the org, and where an admin has limited the app, those of the app as
 * well: `api-usage=18/5000; per-app-api-usage=17/250(appName=Syncline)`. What leaves less counts. Every answer tells it, and sooner than `/limits`,
 * which lags by minutes.
 */
export function heardIn(headers: Headers): Heard {
  const told = [...(headers.get('sforce-limit-info') ?? '').matchAll(USAGE)]
    .map(([, used, max]) => ({ used: Number(used), max: Number(max) }))
    .filter(({ max }) => max > 0)
    .sort((a, b) => a.max - a.used - (b.max - b.used));
  return told[0] === undefined ? {} : { day: told[0] };
}
