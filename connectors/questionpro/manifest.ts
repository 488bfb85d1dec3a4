import type { Manifest } from '../../src/contract/manifest.ts';
import { said } from './said.ts';

export const manifest = {
  id: 'questionpro',
  label: 'QuestionPro',
  about: 'Survey responses from QuestionPro Surveys and CX.',
  said,
  kind: 'survey',
  origin: 'https://api.questionpro.com',
  auth: [
    {
      kind: 'token',
      label: 'API key',
      help:
        'Your profile in QuestionPro shows it under "API key". It acts with the rights of that user. The address of the connection is that of the data centre of the ' +
        'account: api.questionpro.com, .eu, .ca, .sg, .au, or .ae, https://api.surveyanalytics.com (SA), or https://api.questionprosa.com (KSA).',
      fields: [{ name: 'token', label: 'API key' }],
    },
  ],
  settings: [
    {
      name: 'userId',
      label: 'User id',
      help: 'The number of the user whose surveys are read; it is part of the address of the list of surveys.',
      kind: 'text',
      required: true,
    },
    {
      name: 'surveyIds',
      label: 'Surveys',
      help: 'Ids of the surveys to read, separated by commas. Empty: every survey of the user.',
      kind: 'text',
      required: false,
    },
    {
      name: 'cx',
      label: 'CX responses',
      help: 'Whether the answers to transactions in CX are read as well, of all workspaces that the key can see. It takes a call more for each look, and the license has to include CX.',
      kind: 'switch',
      required: false,
      initial: 'false',
    },
    {
      name: 'workspaceIds',
      label: 'Workspaces',
      help: 'Ids of the CX workspaces whose closed-loop tickets are read, separated by commas, once tickets are switched on for this connection.',
      kind: 'text',
      required: false,
    },
    {
      name: 'closedLoopOrigin',
      label: 'Closed-loop address',
      help: 'Where the service of closed-loop tickets is, such as https://clf-backend.questionpro.eu. Empty: that of the data centre of the account; SA and KSA have to say it.',
      kind: 'text',
      required: false,
    },
  ],
  // The calls of a licence are counted, and never come back: webhooks tell of answers at once, and a look now and then finds what they have lost.
  rhythmMs: 15 * 60_000,
  // 300 a minute for one key; some are left to whoever shares it.
  pace: [{ requests: 280, perMs: 60_000 }],
  objects: {
    ticket: {
      nature: 'entity',
      scopedBy: null,
      read: { removals: 'by_sweep', pageMax: 1000, settleMs: 0 },
      refs: { customer: 'by_evidence' },
    },
    response: { nature: 'event', scopedBy: 'survey', read: { removals: 'by_sweep', pageMax: 1000, settleMs: 0 } },
  },
  webhooks: {
    signedBy: 'shared_secret',
    subscribe: 'api',
    // A look takes a call for each survey, and the calls of a licence are counted.
    checkEveryMs: 24 * 3_600_000,
    gatherMs: 30_000,
    secret: {
      label: 'Secret',
      help: 'Made up by the hub, which registers a webhook on every survey by itself, also on those that are made later. QuestionPro signs nothing: the secret comes along in a header.',
      byHub: true,
    },
  },
} as const satisfies Manifest;
