import type { HubspotSandbox } from '../hands/hands.ts';

/** The hands of the portal, by which people and tests act in it. */
export type Hands = Omit<HubspotSandbox, 'app'>;
