import type { OAuth2 } from '../../src/contract/manifest.ts';

const read = (...objects: string[]) => objects.map((object) => ({ object, act: 'read' }) as const);
const write = (...objects: string[]) => objects.map((object) => ({ object, act: 'write' }) as const);
const provision = (...objects: string[]) => objects.map((object) => ({ object, act: 'provision' }) as const);

const ACTIVITIES = ['note', 'task', 'call', 'meeting', 'email'] as const;
const TIED = ['contact', 'deal', 'ticket', ...ACTIVITIES] as const;
const WRITTEN = ['contact', 'deal', 'ticket', 'note', 'task'] as const;
const ALL = ['company', ...TIED] as const;

/** OAuth through an app of the admin's own. HubSpot asks for all of the scopes that the app has as required, and for no other ones. */
export const oauth2 = {
  kind: 'oauth2',
  label: 'Sign in with HubSpot',
  help:
    'Create an app in HubSpot (Development, Projects, or an existing public app) with the redirect address and the scopes below, and take its client ID ' +
    'and client secret. Then sign in as somebody who may install apps.',
  fields: [
    { name: 'client_id', label: 'Client ID' },
    { name: 'client_secret', label: 'Client secret' },
  ],
  tokenPath: '/oauth/{apiVersion}/token',
  revokePath: '/oauth/{apiVersion}/token/revoke',
  authorize: { origin: 'https://app.hubspot.com', originSetting: 'signInAddress', path: '/oauth/authorize' },
  pkce: true,
  scopes: [
    { name: 'oauth', about: 'Lets the app sign in at all.' },
    { name: 'crm.objects.owners.read', about: 'Tells by e-mail who owns a record.', of: read(...ALL) },
    { name: 'crm.schemas.companies.read', about: 'Shows which properties companies have.', of: read('company') },
    { name: 'crm.objects.companies.read', about: 'Reads companies, and which records belong to them.', of: read('company', ...TIED) },
    {
      name: 'crm.objects.companies.write',
      about: 'Creates and changes companies, and ties records to them.',
      of: write('company', ...WRITTEN),
    },
    { name: 'crm.schemas.contacts.read', about: 'Shows which properties contacts have.', of: read('contact') },
    {
      name: 'crm.objects.contacts.read',
      about: 'Reads contacts, and the notes, tasks, calls, meetings, and e-mails about them.',
      of: read('contact', ...TIED.filter((object) => object !== 'contact')),
    },
    {
      name: 'crm.objects.contacts.write',
      about: 'Creates and changes contacts, notes, and tasks, and ties records to contacts.',
      of: write(...WRITTEN),
    },
    { name: 'crm.schemas.deals.read', about: 'Shows which properties and pipelines deals have.', of: read('deal') },
    { name: 'crm.objects.deals.read', about: 'Reads deals, and which records belong to them.', of: read('deal', 'ticket', ...ACTIVITIES) },
    {
      name: 'crm.objects.deals.write',
      about: 'Creates and changes deals, and ties records to them.',
      of: write('deal', 'ticket', 'note', 'task'),
    },
    {
      name: 'crm.schemas.companies.write',
      about: "Makes Syncline's own properties of companies. It is needed only for that.",
      of: provision('company'),
    },
    {
      name: 'crm.schemas.contacts.write',
      about: "Makes Syncline's own properties of contacts, notes, and tasks. It is needed only for that.",
      of: provision('contact', 'note', 'task'),
    },
    {
      name: 'crm.schemas.deals.write',
      about: "Makes Syncline's own properties of deals. It is needed only for that.",
      of: provision('deal'),
    },
    { name: 'crm.lists.read', about: 'Finds the lists that segments are kept in, and who is on them.', of: write('list_contact') },
    { name: 'crm.lists.write', about: 'Puts contacts on static lists and takes them off again.', of: write('list_contact') },
    { name: 'tickets', about: 'Reads, creates, and changes tickets, and ties records to them.', of: read('ticket', ...ACTIVITIES) },
  ],
} as const satisfies OAuth2;
