import { type Connector, defineConnector } from '../../src/contract/connector.ts';
import { send } from './client.ts';
import { manifest } from './manifest.ts';
import { openReader } from './reader.ts';
import { parseAccount, parseFields } from './wire.ts';
import { openWriter } from './writer.ts';

/** Template: contacts, read and written. */
export const template: Connector = defineConnector(manifest, (session) => ({
  identify: async () => parseAccount((await send(session, { method: 'GET', path: '/account' })).body),
  objects: {
    contact: {
      fields: async () => parseFields((await send(session, { method: 'GET', path: '/fields' })).body),
      read: openReader(session),
      write: openWriter(session),
    },
  },
}));
