import { ARRIVING } from '../../src/contract/arriving.ts';
import { type Connector, defineConnector } from '../../src/contract/connector.ts';
import { files } from './files.ts';
import { manifest } from './manifest.ts';

/** Files that people import: their rows only arrive, and the mapping says what in them is what. */
export const csv: Connector = defineConnector(
  manifest,
  () => ({
    identify: async () => ({ id: 'csv', name: 'files that are imported', guessed: true }),
    objects: { company: ARRIVING, contact: ARRIVING, response: ARRIVING },
  }),
  files,
);
