import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { type Rights, rightsOf } from './access/gate.ts';
import { Grants } from './access/grants.ts';
import { Limits } from './access/limits.ts';
import { Troubles } from './access/troubles.ts';
import { Collectors } from './collectors/collectors.ts';
import { Invitations } from './collectors/invitations.ts';
import { Contacts } from './contacts/contacts.ts';
import { Lists } from './contacts/lists.ts';
import { Responses } from './responses/responses.ts';
import { Surveys } from './surveys/surveys.ts';
import { Sender } from './webhooks/sender.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import { openWorld, type World } from './world.ts';

/** One SurveyMonkey account with everything in it. */
export type Account = {
  readonly world: World;
  readonly grants: Grants;
  readonly limits: Limits;
  readonly troubles: Troubles;
  readonly rights: Rights;
  readonly surveys: Surveys;
  readonly collectors: Collectors;
  readonly contacts: Contacts;
  readonly lists: Lists;
  readonly invitations: Invitations;
  readonly responses: Responses;
  readonly webhooks: Webhooks;
  readonly sender: Sender;
  /** Somebody answers by himself, as they do in a busy account. */
  arrive(): void;
};

/** An account with its surveys, without people. */
export function openAccount(options: SandboxOptions): Omit<Account, 'arrive'> {
  const world = openWorld(options);
  const grants = new Grants(world);
  const surveys = new Surveys(world);
  const collectors = new Collectors(world);
  const contacts = new Contacts(world);
  const webhooks = new Webhooks(world);
  return {
    world,
    grants,
    limits: new Limits(world),
    troubles: new Troubles(),
    rights: rightsOf(grants),
    surveys,
    collectors,
    contacts,
    lists: new Lists(world, contacts),
    invitations: new Invitations(world, contacts),
    responses: new Responses(world, { surveys, collectors }),
    webhooks,
    sender: new Sender(world, webhooks),
  };
}
