import { Hono } from 'hono';
import type { SandboxApp, SandboxDefinition } from '../../../src/sandbox/sandbox.ts';

const TOKEN = 'template-sandbox';
const TO_WRITE = 'connectors/template/sandbox/index.ts: the paths of the vendor, with its statuses, limits, pages, and slips';

/** A Template account. It is written from the vendor's documents, and shares no code with the connector. */
export const templateSandbox: SandboxDefinition & { open(): SandboxApp } = {
  id: 'template',
  credentials: { token: TOKEN },
  settings: {},
  open: () => ({
    app: new Hono().all('*', (c) => c.json({ message: `To write next: ${TO_WRITE}` }, 501)),
    life: { stir: () => 'Nobody lives there yet.' },
    people: () => 0,
  }),
};
