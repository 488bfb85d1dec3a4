import type { SandboxDefinition } from '../src/sandbox/sandbox.ts';
import { hubspotSandbox } from './hubspot/sandbox/index.ts';
import { questionproSandbox } from './questionpro/sandbox/index.ts';
import { salesforceSandbox } from './salesforce/sandbox/index.ts';
import { surveymonkeySandbox } from './surveymonkey/sandbox/index.ts';
import { typeformSandbox } from './typeform/sandbox/index.ts';

/** Every sandbox, in the order of the ports that they are given. */
export const SANDBOXES: readonly SandboxDefinition[] = [
  hubspotSandbox,
  salesforceSandbox,
  questionproSandbox,
  typeformSandbox,
  surveymonkeySandbox,
];

/** The plain page server that `syncline bench` reads from, with the connector that reads it. */
export const PAGE_SERVER = {
  connector: 'hubspot',
  object: 'contact',
  listPath: '/crm/objects/2026-09/contacts',
  file: new URL('./hubspot/sandbox/page-server.ts', import.meta.url),
  credentials: { token: 'pages' },
} as const;
