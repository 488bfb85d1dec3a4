import { indexBy } from '../../../../src/kernel/lists.ts';
import { type Contact, type ContactGiven, type Contacts, isAddress } from '../contacts/contacts.ts';
import { badBody, notFound } from '../wire/refusal.ts';
import type { World } from '../world.ts';
import type { Collector } from './collectors.ts';

export const MESSAGE_TYPES = ['invite', 'reminder', 'thank_you'] as const;
export const DUPLICATES = ['add', 'add_if_not_in_message', 'add_if_not_in_collector'] as const;
const LINKS = ['[SurveyLink]', '[OptOutLink]', '[PrivacyLink]', '[FooterLink]'];

export type Message = {
  readonly id: string;
  readonly collectorId: string;
  readonly type: (typeof MESSAGE_TYPES)[number];
  readonly subject: string;
  readonly bodyHtml: string;
  readonly recipientStatus: string | null;
  readonly status: 'not_sent' | 'scheduled' | 'sent';
  readonly scheduledAt: number | null;
  readonly createdAt: number;
};
export type Recipient = {
  readonly id: string;
  readonly collectorId: string;
  readonly messageId: string;
  readonly contactId: string;
  readonly email: string;
  readonly extraFields: Readonly<Record<string, string>>;
  readonly mailStatus: 'not_sent' | 'sent' | 'opted_out' | 'bounced';
};
/** Somebody who is to be invited, with what only this invitation knows. */
export type Invited = { readonly contact: ContactGiven; readonly extraFields: Readonly<Record<string, string>> };
export type Outcome = Readonly<Record<'succeeded' | 'existing', readonly Recipient[]>> &
  Readonly<Record<'invalids' | 'bounced' | 'opted_out' | 'duplicate', readonly string[]>>;

/** Messages of the collectors, and who they go to. */
export class Invitations {
  readonly #world: World;
  readonly #contacts: Contacts;
  readonly #messages = new Map<string, Message>();
  readonly #recipients = new Map<string, Recipient>();

  constructor(world: World, contacts: Contacts) {
    this.#world = world;
    this.#contacts = contacts;
  }

  messages(collectorId: string): readonly Message[] {
    this.#sendDue();
    return [...this.#messages.values()].filter((message) => message.collectorId === collectorId);
  }

  message(collectorId: string, id: string): Message {
    this.#sendDue();
    const message = this.#messages.get(id);
    if (message?.collectorId !== collectorId) throw notFound();
    return message;
  }

  /** A message must let its reader answer, leave, and look up what is done with the answer. */
  write(collector: Collector, given: Pick<Message, 'type' | 'subject' | 'bodyHtml' | 'recipientStatus'>): Message {
    const missing = given.bodyHtml === '' ? [] : LINKS.filter((link) => !given.bodyHtml.includes(link));
    if (missing.length > 0) throw badBody(`body_html contains ${missing.join(', ')}.`);
    const made = { status: 'not_sent', scheduledAt: null, createdAt: this.#world.stamp() } as const;
    const message = { ...given, ...made, id: this.#world.ids.next('message'), collectorId: collector.id };
    this.#messages.set(message.id, message);
    return message;
  }

  recipients(collectorId: string): readonly Recipient[] {
    this.#sendDue();
    return [...this.#recipients.values()].filter((recipient) => recipient.collectorId === collectorId);
  }

  recipient(collectorId: string, id: string): Recipient {
    this.#sendDue();
    const recipient = this.#recipients.get(id);
    if (recipient?.collectorId !== collectorId) throw notFound();
    return recipient;
  }

  /** Who it was that answered an invitation; nobody once the recipient was deleted. */
  contactOf(recipientId: string): Contact | undefined {
    const recipient = this.#recipients.get(recipientId);
    return recipient === undefined ? undefined : this.#contacts.find(recipient.contactId);
  }

  removeRecipient(collectorId: string, id: string): void {
    this.recipient(collectorId, id);
    this.#recipients.delete(id);
  }

  /** Adds those of a call, each with what became of them. The custom fields of those who come without are cleared when somebody has some. */
  invite(
    message: Message,
    invited: readonly Invited[],
    ways: { readonly known: readonly Contact[]; readonly duplicates: (typeof DUPLICATES)[number] },
  ): Outcome {
    const addressOf = ({ contact }: Invited): string => contact.email?.toLowerCase() ?? '';
    const valid = invited.filter(({ contact }) => isAddress(contact.email ?? ''));
    // The first of those with one address counts.
    const firsts = indexBy(valid.toReversed(), addressOf);
    const once = valid.filter((one) => firsts.get(addressOf(one)) === one);
    const others = ways.known.filter(({ email }) => email !== '' && !firsts.has(email.toLowerCase()));
    this.#contacts.spend(once.length + others.length);
    const clears = valid.some(({ contact }) => contact.customFields !== undefined);
    const all = [
      ...others.map((contact) => ({ contact, extraFields: {} })),
      ...once.map(({ contact, extraFields }) => ({ contact: this.#saved(contact, clears), extraFields })),
    ];
    const [bounced, optedOut] = (['bounced', 'optout'] as const).map((status) => all.filter(({ contact }) => contact.status === status));
    const there = indexBy(
      this.recipients(message.collectorId).filter(
        ({ messageId }) => ways.duplicates === 'add_if_not_in_collector' || messageId === message.id,
      ),
      ({ contactId }) => contactId,
    );
    const isThere = ({ id }: Contact): Recipient | undefined => (ways.duplicates === 'add' ? undefined : there.get(id));
    const active = all.filter(({ contact }) => contact.status === 'active');
    return {
      succeeded: active.filter(({ contact }) => isThere(contact) === undefined).map((one) => this.put(message, one)),
      existing: active.flatMap(({ contact }) => isThere(contact) ?? []),
      invalids: [
        ...invited.filter((one) => !valid.includes(one)).map(({ contact }) => contact.email ?? ''),
        ...ways.known.filter(({ email }) => email === '').map(({ phone }) => phone),
      ],
      bounced: (bounced ?? []).map(({ contact }) => contact.email),
      opted_out: (optedOut ?? []).map(({ contact }) => contact.email),
      duplicate: valid.filter((one) => firsts.get(addressOf(one)) !== one).map(({ contact }) => contact.email ?? ''),
    };
  }

  #saved(given: ContactGiven, clears: boolean): Contact {
    const known = this.#contacts.byEmail(given.email ?? '');
    if (known === undefined) return this.#contacts.put(given);
    return this.#contacts.keep({ ...known, ...given, customFields: given.customFields ?? (clears ? {} : known.customFields) });
  }

  /** Puts somebody on the list of a message without asking. */
  put(message: Message, { contact, extraFields }: { contact: Contact; extraFields: Recipient['extraFields'] }): Recipient {
    const recipient: Recipient = {
      id: this.#world.ids.next('recipient'),
      collectorId: message.collectorId,
      messageId: message.id,
      contactId: contact.id,
      email: contact.email,
      extraFields,
      mailStatus: message.status === 'sent' ? 'sent' : 'not_sent',
    };
    this.#recipients.set(recipient.id, recipient);
    return recipient;
  }

  /** Sends now, or at a time to come. Who has left since, or cannot be reached, gets nothing. */
  send(message: Message, scheduledAt: number | null): Message {
    const isLater = scheduledAt !== null && scheduledAt > this.#world.now().getTime();
    const sent: Message = { ...message, status: isLater ? 'scheduled' : 'sent', scheduledAt: scheduledAt ?? this.#world.stamp() };
    this.#messages.set(message.id, sent);
    if (!isLater) this.#post(message);
    return sent;
  }

  // The time of a message is looked at when somebody asks.
  #sendDue(): void {
    const now = this.#world.now().getTime();
    for (const message of this.#messages.values()) {
      if (message.status === 'scheduled' && (message.scheduledAt ?? now) <= now) this.send(message, message.scheduledAt);
    }
  }

  #post({ id, collectorId }: Message): void {
    const statuses = { active: 'sent', optout: 'opted_out', bounced: 'bounced' } as const;
    for (const recipient of this.#recipients.values()) {
      if (recipient.collectorId !== collectorId || recipient.messageId !== id) continue;
      const contact = this.#contacts.find(recipient.contactId);
      this.#recipients.set(recipient.id, { ...recipient, mailStatus: contact === undefined ? 'bounced' : statuses[contact.status] });
    }
  }
}
