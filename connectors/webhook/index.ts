import { ARRIVING } from '../../src/contract/arriving.ts';
import { type Connector, defineConnector } from '../../src/contract/connector.ts';
import { deliveries } from './deliveries.ts';
import { manifest } from './manifest.ts';

/** Any tool that sends what it has: records only arrive, and the mapping says what in them is what. */
export const webhook: Connector = defineConnector(
  manifest,
  () => ({
    identify: async () => ({ id: 'webhook', name: 'what is sent here', guessed: true }),
    objects: { company: ARRIVING, contact: ARRIVING, response: ARRIVING },
  }),
  deliveries,
);
