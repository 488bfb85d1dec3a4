import { Hono } from 'hono';
import type { SandboxApp, SandboxDefinition, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { Grants } from './access/grants.ts';
import { Limits } from './access/limits.ts';
import { Locks } from './access/locks.ts';
import { openApi } from './api.ts';
import { RequestLog } from './front/request-log.ts';
import { Troubles } from './front/troubles.ts';
import { type HubspotSandbox, recordsHand, tiesHand } from './hand.ts';
import { stirPortal } from './life.ts';
import { openPortal, tableNamed } from './portal/portal.ts';
import { seedPortal } from './seed/seed.ts';

const TOKEN = 'pat-eu1-sandbox';

function open(options: SandboxOptions): HubspotSandbox {
  const portal = openPortal(options);
  seedPortal(portal, options.town, options.seed);
  const grants = new Grants(portal);
  grants.addStatic(TOKEN);
  const limits = new Limits(portal.switches, portal.now);
  const locks = new Locks(portal.switches.lockWritesPerSecond, portal.now);
  const guards = { grants, limits, locks, troubles: new Troubles(), log: new RequestLog() };
  const api = openApi(portal, guards);
  return {
    app: new Hono().all('*', (c) => api.fetch(c.req.raw, c.env)),
    life: { stir: (random) => stirPortal(portal, random) },
    people: () => tableNamed(portal, 'contacts').records.count(),
    records: (typeName) => recordsHand(portal, typeName),
    contacts: recordsHand(portal, 'contacts'),
    companies: recordsHand(portal, 'companies'),
    ...tiesHand(portal),
    blocked: () => [...portal.blocked],
  };
}

/** A HubSpot portal on a loopback port: its objects behind the vendor's own paths, limits, and slips. */
export const hubspotSandbox: SandboxDefinition & { open(options: SandboxOptions): HubspotSandbox } = {
  id: 'hubspot',
  credentials: { token: TOKEN },
  settings: {},
  open,
};

/** The opened sandbox with its hands, for tests that act as people in the portal. */
export function handsOf(sandbox: SandboxApp): HubspotSandbox {
  const hasHands = (one: SandboxApp): one is HubspotSandbox => 'contacts' in one && 'companiesOf' in one;
  if (!hasHands(sandbox)) throw new Error('this is not the HubSpot sandbox');
  return sandbox;
}

export type { HubspotSandbox } from './hand.ts';
