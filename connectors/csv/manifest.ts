import type { Manifest, ObjectTraits } from '../../src/contract/manifest.ts';
import { said } from './said.ts';

const read = { removals: 'reported', pageMax: 500, settleMs: 0 } as const;
const ENTITY = { nature: 'entity', scopedBy: null, read } as const satisfies ObjectTraits;

export const manifest = {
  id: 'csv',
  label: 'CSV files',
  about: 'Contacts, companies, and survey responses out of lists and exports of any tool.',
  said,
  kind: 'door',
  arrives: 'files',
  origin: null,
  auth: [
    {
      kind: 'none',
      label: 'Nothing to sign in to',
      help: 'Files are imported here, or by: syncline import <file> --into <name>.',
      fields: [],
    },
  ],
  settings: [],
  // Nothing is ever called.
  pace: [],
  objects: { company: ENTITY, contact: ENTITY, response: { ...ENTITY, nature: 'event' } },
} as const satisfies Manifest;
