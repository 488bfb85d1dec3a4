import type { FieldSchema } from '../../src/contract/connector.ts';
import type { Hub } from '../../src/hub/database.ts';
import { keepDraft } from '../../src/hub/mappings/drafts.ts';
import { activateVersions, activeDocuments, keepVersions } from '../../src/hub/mappings/texts.ts';
import { must } from '../../src/kernel/must.ts';
import { readFolder } from '../../src/mapping/load.ts';

const NAME = 'hubspot.contact.yaml';
const usual = { type: 'text', required: false, writable: true, choices: null, maxLength: null } as const;
const SCHEMA: readonly FieldSchema[] = [
  { ...usual, name: 'email', label: 'Email', required: true },
  { ...usual, name: 'mobilephone', label: 'Mobile Phone Number' },
  { ...usual, name: 'city', label: 'City', writable: false },
  { ...usual, name: 'lifecyclestage', label: 'Lifecycle Stage', type: 'choice', choices: [{ value: 'lead', label: 'Lead' }] },
];

/** The mappings that ship, one of which was edited since and is being written once more. */
export async function seedMappings(hub: Hub, hubspot: string): Promise<void> {
  const read = await readFolder('mappings');
  if (!read.ok) throw new Error('the mappings that ship cannot be read');
  const first = { origin: 'folder', author: '/etc/syncline/mappings', reason: 'The file was found.', baseId: null } as const;
  await activate(
    hub,
    [...read.texts].map(([name, text]) => ({ name, text, ...first })),
  );
  const before = must(
    (await activeDocuments(hub)).find(({ name }) => name === NAME),
    NAME,
  );
  const edited = must(before.text, NAME).replace('remote: phone }', 'remote: phone, transform: { name: e164, region: JP } }');
  await activate(hub, [
    { name: NAME, text: edited, origin: 'editor', author: 'Robin admin', reason: 'Half of our numbers are Japanese', baseId: before.id },
  ]);
  const draft = edited.replace('remote: lifecyclestage }', 'remote: lifecyclestage, values: { lead: lead } }');
  await keepDraft(hub, { name: NAME, text: draft, origin: 'editor', reason: 'Leads alone', author: 'Robin admin' }, 'whatever');
  await hub
    .updateTable('stream')
    .set({ schema: JSON.stringify(SCHEMA) })
    .where('connection_id', '=', hubspot)
    .where('object', '=', 'contact')
    .execute();
}

async function activate(hub: Hub, versions: Parameters<typeof keepVersions>[1]): Promise<void> {
  await hub.transaction().execute(async (tx) => activateVersions(tx, await keepVersions(tx, versions)));
}
