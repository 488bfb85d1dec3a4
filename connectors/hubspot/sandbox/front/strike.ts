import type { Trouble } from '../../../../src/sandbox/page/troubles.ts';
import { strikeWire } from '../../../../src/sandbox/wire.ts';
import { Refusal } from '../wire/refusal.ts';
import type { Call } from '../wire/requests.ts';

const HTML = '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>';

/**
 * `migrating` is 477, `locked` 423, `bad_gateway` 502 with HTML, `unavailable` 503 or the `status` asked for, `broken` 500; `reset` cuts the socket
 * before the work, `lost` after it; `slow` answers `ms` later; `silent` does a batch and shows no results.
 */
export const TROUBLES = ['migrating', 'locked', 'bad_gateway', 'unavailable', 'broken', 'reset', 'lost', 'slow', 'silent'] as const;
export type HubspotTrouble = (typeof TROUBLES)[number];

/** A batch that was done shows no results, and says nothing of errors. */
async function silence(c: Call): Promise<void> {
  const body: unknown = await c.res.clone().json();
  if (typeof body !== 'object' || body === null || !('results' in body)) return;
  const { status, headers } = c.res;
  c.res = new Response(JSON.stringify({ ...body, results: [] }), { status, headers });
}

/** Answers a request the way this trouble makes it go. */
export async function strike(c: Call, trouble: Trouble<HubspotTrouble>, next: () => Promise<void>): Promise<Response | undefined> {
  switch (trouble.kind) {
    case 'migrating': {
      const headers = { 'Retry-After': String(Math.ceil(trouble.ms / 1000)) };
      throw new Refusal(477, { message: 'This account is being migrated between data hosting locations.' }, { headers });
    }
    case 'locked':
      throw new Refusal(423, { message: 'The records are locked for a moment.', category: 'LOCKED' });
    case 'bad_gateway':
      return c.html(HTML, 502);
    case 'unavailable':
      throw new Refusal(trouble.status, { message: 'Service unavailable' });
    case 'broken':
      throw new Refusal(500, { message: 'internal error' });
    case 'reset':
    case 'lost':
    case 'slow':
      return strikeWire(c, { kind: trouble.kind, ms: trouble.ms }, next);
    case 'silent':
      await next();
      await silence(c);
      return undefined;
  }
}
