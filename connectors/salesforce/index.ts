import { defineConnector, type ObjectPort, type Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { openChoiceAdder } from './choices/choices.ts';
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
import { lookTogether } from './read/together.ts';
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
type ReadOnly = ObjectPort<(typeof manifest)['objects']['event']>;

const readOnly = (room: Room): ReadOnly => ({ fields: () => showFields(room), read: openReader(room) });
const openObject = (room: Room): Port => ({
  ...readOnly(room),
  write: openWriter(room),
  provision: openProvisioner(room),
  choices: openChoiceAdder(room),
});
const members = (room: Room): Port => {
  const port = openObject(room);
  return { ...port, write: { ...port.write, ...byCampaignName(room, port.write) } };
};

/** Salesforce, as the hub knows it: accounts are companies, opportunities deals, and cases tickets. */
export const salesforce = defineConnector(manifest, (session) => {
  const client = openClient(session);
  const users = openUsers(client);
  const shared = {
    client,
    overlapMs: () => numberOf(session, 'overlapSeconds', 300) * 1000,
    bulkFrom: () => numberOf(session, 'bulkFrom', 100_000),
    bulkWritesFrom: () => numberOf(session, 'bulkWritesFrom', 10_000),
    fallbackOwner: fallbackOwnerOf(session),
  };
  const schemaOf = (type: ObjectType) => openSchema(client, type, users);
  const room = (type: ObjectType): Room => ({
    ...shared,
    type,
    schema: schemaOf(type),
    accountSchema: schemaOf(ACCOUNT),
    tieSchema: type.tie === null ? null : schemaOf(customType(type.tie.sobject)),
  });
  const rooms = new Map<string, Room>();
  const own = (type: ObjectType): Room => {
    const made = room(type);
    rooms.set(type.object, made);
    return made;
  };
  const port = (type: ObjectType) => openObject(own(type));
  return {
    signIn,
    identify: () => identify(client, session.origin),
    objects: {
      company: port(ACCOUNT),
      contact: port(CONTACT),
      lead: port(LEAD),
      campaign: port(CAMPAIGN),
      deal: port(OPPORTUNITY),
      ticket: port(CASE),
      campaign_member: members(own(CAMPAIGN_MEMBER)),
      task: port(TASK),
      event: readOnly(own(EVENT)),
    },
    together: (looks) => lookTogether(client, rooms, looks),
    families: { custom_: (name) => port(customType(name)) },
  };
});
