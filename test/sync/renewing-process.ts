import { openGrants } from '../../src/hub/access/grants.ts';
import { openHub } from '../../src/hub/database.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { currentGrant } from '../../src/sync/sign-in/renew.ts';
import { tokenVendor } from './token-vendor.ts';

// A process of its own that renews one grant, and asks over HTTP.
const { DATABASE_URL = '', KEY = '', ID = '', AT = '' } = process.env;
const hub = openHub(DATABASE_URL);
const grants = openGrants(hub, { current: 1, keys: new Map([[1, Buffer.from(KEY, 'base64')]]) });
const parts = { grants, clock: systemClock, log: silentLog, claimMs: 90_000, signal: AbortSignal.timeout(20_000) };
await currentGrant(parts, ID, async () => {
  await (await fetch(AT, { method: 'POST' })).text();
  return tokenVendor().reply();
});
await hub.destroy();
