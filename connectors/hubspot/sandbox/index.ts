import { Hono } from 'hono';
import type { SandboxApp, SandboxDefinition, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { controlRoutes } from './control/routes.ts';
import type { HubspotSandbox } from './hands/hands.ts';
import { buildHubspot, TOKEN } from './house.ts';

function open(options: SandboxOptions): HubspotSandbox {
  const { api, hands, portal } = buildHubspot(options);
  const app = new Hono().route('/_sandbox', controlRoutes(portal, hands)).all('*', (c) => api.fetch(c.req.raw, c.env));
  return { ...hands, app };
}

/** A HubSpot portal on a loopback port: its objects behind the vendor's own paths, limits, and slips. */
export const hubspotSandbox: SandboxDefinition & { open(options: SandboxOptions): HubspotSandbox } = {
  id: 'hubspot',
  credentials: { token: TOKEN },
  settings: {},
  page: '/_sandbox',
  recordPage: '/_sandbox/objects/{object}/{id}',
  open,
};

/** The opened sandbox with its hands, for tests that act as people in the portal. */
export function handsOf(sandbox: SandboxApp): HubspotSandbox {
  const hasHands = (one: SandboxApp): one is HubspotSandbox => 'contacts' in one && 'companiesOf' in one;
  if (!hasHands(sandbox)) throw new Error('this is not the HubSpot sandbox');
  return sandbox;
}

export type { HubspotSandbox } from './hands/hands.ts';
