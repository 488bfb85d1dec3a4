import { defineConnector, type ObjectPort, type Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { openClient } from './http/client.ts';
import { identify } from './http/identify.ts';
import { signIn } from './http/sign-in.ts';
import { manifest } from './manifest.ts';
import {
  ACCOUNT,
  CAMPAIGN,
  CAMPAIGN_MEMBER,
  CASE,
  CONTACT,
  customType,
  EVENT,
  LEAD,
  type ObjectType,
  OPPORTUNITY,
  TASK,
} from './object-types.ts';
import { openProvisioner } from './provision/provision.ts';
import { openReader } from './read/read.ts';
import type { Room } from './room.ts';
import { openSchema, showFields } from './schema/schema.ts';
import { openUsers } from './schema/users.ts';
import { byCampaignName } from './write/campaigns.ts';
import { openWriter } from './write/write.ts';

function numberOf({ settings }: Session, name: string, otherwise: number): number {
  const given = settings[name];
  const value = Number(given === undefined || given === '' ? otherwise : given);
  if (!Number.isFinite(value) || value < 0) throw new HubError('misconfigured', `${name} is not a number from 0 on`);
  return value;
}

function fallbackOwnerOf({ settings: { fallbackOwner } }: Session): string | null {
  return typeof fallbackOwner === 'string' ? fallbackOwner.trim().toLowerCase() || null : null;
}

type Port = ObjectPort<(typeof manifest)['objects']['task']>;
type Made = ObjectPort<(typeof manifest)['objects']['contact']>;

function openObject(room: Room): Port {
  return { fields: () => showFields(room), read: openReader(room), write: openWriter(room) };
}

const withFields = (room: Room): Made => ({ ...openObject(room), provision: openProvisioner(room) });
const members = (room: Room): Made => {
  const port = withFields(room);
  return { ...port, write: byCampaignName(room, port.write) };
};
const readOnly = ({ fields, read }: Port): Omit<Port, 'write'> => ({ fields, read });

/** Salesforce, as the hub knows it: accounts are companies, opportunities deals, and cases tickets. */
export const salesforce = defineConnector(manifest, (session) => {
  const client = openClient(session);
  const users = openUsers(client);
  const shared = {
    client,
    overlapMs: () => numberOf(session, 'overlapSeconds', 300) * 1000,
    bulkFrom: () => numberOf(session, 'bulkFrom', 100_000),
    fallbackOwner: fallbackOwnerOf(session),
  };
  const room = (type: ObjectType): Room => ({ ...shared, type, schema: openSchema(client, type, users) });
  const port = (type: ObjectType) => openObject(room(type));
  const made = (type: ObjectType) => withFields(room(type));
  return {
    signIn,
    identify: () => identify(client, session.origin),
    objects: {
      company: made(ACCOUNT),
      contact: made(CONTACT),
      lead: made(LEAD),
      campaign: made(CAMPAIGN),
      deal: made(OPPORTUNITY),
      ticket: made(CASE),
      campaign_member: members(room(CAMPAIGN_MEMBER)),
      task: port(TASK),
      event: readOnly(port(EVENT)),
    },
    families: { custom_: (name) => port(customType(name)) },
  };
});
