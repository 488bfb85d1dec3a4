import { RequestLog } from '../../../src/sandbox/page/request-log.ts';
import { Troubles } from '../../../src/sandbox/page/troubles.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { Grants } from './access/grants.ts';
import { Limits } from './access/limits.ts';
import { Locks } from './access/locks.ts';
import { openApi } from './api.ts';
import { Exports } from './bulk/exports.ts';
import { Imports } from './bulk/imports.ts';
import { TROUBLES } from './front/strike.ts';
import { accessHand } from './hands/access.ts';
import { fieldsHand, type HubspotSandbox, ownersHand } from './hands/hands.ts';
import { recordsHand } from './hands/records.ts';
import { tiesHand } from './hands/ties.ts';
import { stirPortal } from './life.ts';
import { Lists } from './lists/lists.ts';
import { makeNoise } from './noise.ts';
import { OAuth } from './oauth/oauth.ts';
import { openPortal, type Portal, tableNamed } from './portal/portal.ts';
import { CustomObjects } from './schema/custom-objects.ts';
import { seedPortal } from './seed/seed.ts';
import { Sender } from './webhooks/sender.ts';
import { Subscriptions } from './webhooks/subscriptions.ts';
import type { Api } from './wire/requests.ts';

export const TOKEN = 'pat-eu1-sandbox';

/** All that stands around the records of a portal. */
function furnish(portal: Portal) {
  const grants = new Grants(portal);
  grants.addStatic(TOKEN);
  const lists = new Lists(portal);
  const subscriptions = new Subscriptions(portal);
  return {
    grants,
    limits: new Limits(portal.switches, portal.now),
    locks: new Locks(portal.switches.lockWritesPerSecond, portal.now),
    troubles: new Troubles(TROUBLES),
    log: new RequestLog(),
    oauth: new OAuth(portal, grants),
    custom: new CustomObjects(portal),
    lists,
    exports: new Exports(portal, lists),
    imports: new Imports(portal),
    subscriptions,
    sender: new Sender(portal, subscriptions),
  };
}
export type Rooms = ReturnType<typeof furnish>;

function webhooksHand({ subscriptions, sender }: Rooms): HubspotSandbox['webhooks'] {
  return {
    configure: (targetUrl, maxConcurrentRequests = 10) =>
      void subscriptions.configure({ targetUrl, throttling: { maxConcurrentRequests } }),
    subscribe: (eventType, ways = {}) => subscriptions.add({ eventType, active: true, ...ways }).id,
    deliver: () => sender.deliver(),
    log: () => sender.log(),
    counts: () => sender.counts(),
  };
}

/** A portal with everything around it, lived in: its API, and the hands of its people. */
export function buildHubspot(options: SandboxOptions): {
  readonly api: Api;
  readonly portal: Portal;
  readonly hands: Omit<HubspotSandbox, 'app'>;
} {
  const portal = openPortal(options);
  seedPortal(portal, options.town, options.seed);
  const rooms = furnish(portal);
  const hands: Omit<HubspotSandbox, 'app'> = {
    life: { stir: (random) => stirPortal(portal, random) },
    people: () => tableNamed(portal, 'contacts').records.count(),
    close: () => rooms.sender.close(),
    contacts: recordsHand(portal, 'contacts'),
    companies: recordsHand(portal, 'companies'),
    records: (object) => recordsHand(portal, object),
    ...tiesHand(portal),
    owners: ownersHand(portal),
    access: accessHand(portal, { ...rooms, token: TOKEN }),
    webhooks: webhooksHand(rooms),
    fields: fieldsHand(portal),
    troubles: rooms.troubles,
    requests: rooms.log,
    blocked: () => [...portal.blocked],
    noise: (kind, count) => makeNoise(portal, kind, count),
    wind: (ms) => portal.wind(ms),
    cancelExport: (id) => rooms.exports.cancel(id),
  };
  return { api: openApi(portal, rooms), portal, hands };
}
