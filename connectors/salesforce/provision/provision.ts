import { HubError } from '../../../src/contract/errors.ts';
import {
  type OwnField,
  type OwnFields,
  outcomeOf,
  type Provisioner,
  type ProvisionOutcome,
  type ProvisionPreview,
  type Standing,
} from '../../../src/contract/provision.ts';
import { fieldsOwner } from '../object-types.ts';
import type { Room } from '../room.ts';
import { customFieldsNamed } from '../schema/tooling.ts';
import { toMetadata } from './definitions.ts';
import { grantRights } from './permission-set.ts';
import { standingOf } from './standing.ts';

const NAMES = { system: 'Salesforce', noun: 'field' };

/** Makes the hub's own fields of one object, and lets the integration user see them. */
export function openProvisioner(room: Room): Provisioner {
  return { preview: ({ fields }) => preview(room, fields), apply: (own) => apply(room, own) };
}

/** What is asked for by name where the set-up may not be seen. */
const CUSTOMIZE = ['Customize Application', 'Manage Profiles and Permission Sets'];

async function preview(room: Room, fields: readonly OwnField[]): Promise<ProvisionPreview> {
  try {
    return { fields: await look(room, fields), lacking: null };
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== 'not_allowed') throw error;
    const shown = await room.schema.refresh();
    return { fields: fields.map((field) => standingOf(field, { shown: shown.get(field.name), hidden: false })), lacking: CUSTOMIZE };
  }
}

/** How they stand now. Who asks for what is hidden asks Salesforce's set-up, which not everybody may see. */
async function look(room: Room, fields: readonly OwnField[]): Promise<readonly Standing[]> {
  const shown = await room.schema.refresh();
  const unseen = fields.filter(({ name }) => !shown.has(name));
  const hidden = unseen.length === 0 ? new Set<string>() : await existing(room, unseen);
  return fields.map((field) => standingOf(field, { shown: shown.get(field.name), hidden: hidden.has(field.name) }));
}

/** Those of the names that stand for a field, whoever may see it. */
async function existing({ client, type }: Room, fields: readonly OwnField[]): Promise<ReadonlySet<string>> {
  const names = fields.map(({ name }) => name.replace(/__c$/, ''));
  return new Set([...(await customFieldsNamed(client, fieldsOwner(type), names)).keys()].map((name) => `${name}__c`));
}

async function apply(room: Room, { group, fields }: OwnFields): Promise<readonly ProvisionOutcome[]> {
  const before = await look(room, fields);
  const wanting = fields.filter((_, i) => before[i]?.state === 'missing' || before[i]?.state === 'incomplete');
  if (wanting.length === 0)
    return fields.map((field, i) => outcomeOf(field, { was: before[i], is: before[i], refusal: undefined, ...NAMES }));
  const refusals = new Map<string, HubError>();
  for (const [i, field] of fields.entries()) if (before[i]?.state === 'missing') await make(room, field, refusals);
  const there = wanting.filter(({ name }) => refusals.get(name)?.kind !== 'record_rejected');
  const rights = await grantRights(
    room,
    group,
    there.map(({ name }) => name),
  );
  for (const [name, refusal] of rights) refusals.set(name, refusal);
  // What Salesforce shows now counts, whatever it has answered: others may have been at it too.
  const after = await look(room, fields);
  return fields.map((field, i) => outcomeOf(field, { was: before[i], is: after[i], refusal: refusals.get(field.name), ...NAMES }));
}

/** What is refused for one field's sake is kept; anything else concerns all of them. */
async function make({ client, type }: Room, field: OwnField, refusals: Map<string, HubError>): Promise<void> {
  const body = { FullName: `${fieldsOwner(type)}.${field.name}`, Metadata: toMetadata(field) };
  try {
    await client.send({ method: 'POST', path: '/tooling/sobjects/CustomField', body });
  } catch (error) {
    if (!(error instanceof HubError) || (error.kind !== 'already_there' && error.kind !== 'record_rejected')) throw error;
    refusals.set(field.name, error);
  }
}
