import type { Context, Hono } from 'hono';
import type { Account } from '../account.ts';
import { type Contact, readContact } from '../contacts/contacts.ts';
import { badBody, notFound } from '../wire/refusal.ts';
import { included, pageOf, pathPart, readBody } from '../wire/requests.ts';
import { list, object, onlyKnown, optionalText, optionalTexts, type Shape, text, texts, word } from '../wire/shapes.ts';
import type { Collector } from './collectors.ts';
import { DUPLICATES, type Invited, MESSAGE_TYPES, type Message, type Recipient } from './invitations.ts';

const INCLUDES = ['survey_response_status', 'mail_status', 'custom_fields', 'survey_link', 'remove_link', 'extra_fields'];
/** Who a message that is no invitation goes to, by its type. */
const AUDIENCES: Readonly<Record<Message['type'], readonly string[]>> = {
  invite: [],
  reminder: ['has_not_responded', 'partially_responded'],
  thank_you: ['completed', 'responded', 'partially_responded'],
};
type ResponseStatus = 'not_responded' | 'partially_responded' | 'completely_responded';
const MEANT: Readonly<Record<string, readonly ResponseStatus[]>> = {
  has_not_responded: ['not_responded'],
  partially_responded: ['partially_responded'],
  completed: ['completely_responded'],
  responded: ['partially_responded', 'completely_responded'],
};

function readMessage(body: Shape): Pick<Message, 'type' | 'subject' | 'bodyHtml' | 'recipientStatus'> {
  onlyKnown(body, ['type', 'subject', 'body_html', 'recipient_status', 'is_branding_enabled']);
  const type = word(body.type, MESSAGE_TYPES, 'type');
  const status = optionalText(body.recipient_status, 'recipient_status') ?? null;
  if (status === null ? type !== 'invite' : !AUDIENCES[type].includes(status))
    throw badBody(`recipient_status of a ${type} is one of ${AUDIENCES[type].join(', ')}.`);
  const subject = optionalText(body.subject, 'subject') ?? '';
  return { type, subject, bodyHtml: optionalText(body.body_html, 'body_html') ?? '', recipientStatus: status };
}

function readInvited(raw: unknown): Invited {
  const { extra_fields, ...contact } = object(raw, 'contacts[]');
  return { contact: readContact(contact, 'contacts[]'), extraFields: optionalTexts(extra_fields, 'extra_fields') ?? {} };
}

function responseStatus({ responses }: Account, { id }: Recipient): ResponseStatus {
  const found = responses.all().filter(({ recipientId }) => recipientId === id);
  if (found.some(({ status }) => status === 'completed')) return 'completely_responded';
  return found.length > 0 ? 'partially_responded' : 'not_responded';
}

/** Messages, who they go to, and how that went. */
export function invitationRoutes(api: Hono, account: Account): void {
  const { world, collectors, invitations, rights } = account;
  const [mayRead, mayWrite] = [rights('collectors_read'), rights('collectors_write')];
  const collectorIn = (c: Context): Collector => {
    const collector = collectors.get(pathPart(c, 'collector'));
    if (collector.type !== 'email' && collector.type !== 'sms') throw notFound();
    return collector;
  };
  const messageIn = (c: Context): Message => invitations.message(collectorIn(c).id, pathPart(c, 'message'));
  const shown = (message: Message): Shape => ({
    id: message.id,
    type: message.type,
    status: message.status,
    subject: message.subject,
    body: message.bodyHtml,
    body_html: message.bodyHtml,
    recipient_status: message.recipientStatus,
    is_scheduled: message.status === 'scheduled',
    scheduled_date: message.scheduledAt === null ? null : world.shown(message.scheduledAt),
    date_created: world.shown(message.createdAt),
    href: world.href(`/collectors/${message.collectorId}/messages/${message.id}`),
  });
  const row = ({ id, type, status, href }: Shape): Shape => ({ id, type, status, href });
  const base = '/collectors/:collector/messages';
  api.get(base, mayRead, (c) => pageOf(c, world, { items: invitations.messages(collectorIn(c).id).map(shown), render: row }));
  api.post(base, mayWrite, async (c) => c.json(shown(invitations.write(collectorIn(c), readMessage(await readBody(c)))), 201));
  api.get(`${base}/:message`, mayRead, (c) => c.json(shown(messageIn(c))));
  api.post(`${base}/:message/send`, mayWrite, async (c) => {
    const { scheduled_date } = await readBody(c);
    const at = scheduled_date === undefined ? null : Date.parse(text(scheduled_date, 'scheduled_date'));
    if (Number.isNaN(at)) throw badBody('scheduled_date is a date.');
    const message = messageIn(c);
    if (message.status === 'sent') throw badBody('The message has been sent.');
    const meant = MEANT[message.recipientStatus ?? ''];
    const isMeant = (one: Recipient): boolean =>
      meant === undefined ? one.messageId === message.id : meant.includes(responseStatus(account, one));
    const recipients = invitations.recipients(message.collectorId).filter(isMeant);
    return c.json({ ...shown(invitations.send(message, at)), recipients: recipients.map(({ id }) => id) });
  });
  api.post(`${base}/:message/recipients/bulk`, mayWrite, async (c) => {
    const body = await readBody(c);
    onlyKnown(body, ['contact_list_ids', 'contact_ids', 'contacts', 'duplicates']);
    const listed = texts(body.contact_list_ids, 'contact_list_ids').flatMap((id) => account.lists.members(id));
    const named = texts(body.contact_ids, 'contact_ids').map((id) => account.contacts.get(id));
    const known: readonly Contact[] = [...new Set([...listed, ...named])];
    const duplicates = body.duplicates === undefined ? 'add' : word(body.duplicates, DUPLICATES, 'duplicates');
    const { succeeded, existing, ...rest } = invitations.invite(messageIn(c), list(body.contacts, 'contacts').map(readInvited), {
      known,
      duplicates,
    });
    const brief = ({ id, email }: Recipient): Shape => ({ id, email });
    return c.json({ succeeded: succeeded.map(brief), existing: existing.map(brief), ...rest });
  });
  recipientRoutes(api, account, { collectorIn, messageIn });
}

type Finders = { readonly collectorIn: (c: Context) => Collector; readonly messageIn: (c: Context) => Message };

function recipientRoutes(api: Hono, account: Account, { collectorIn, messageIn }: Finders): void {
  const { world, contacts, invitations, rights } = account;
  const [mayRead, mayWrite] = [rights('collectors_read'), rights('collectors_write')];
  const statusOf = (recipient: Recipient): ResponseStatus => responseStatus(account, recipient);
  const shown = (recipient: Recipient, asked: ReadonlySet<string>): Shape => {
    const contact = contacts.find(recipient.contactId);
    const extra = {
      survey_response_status: statusOf(recipient),
      mail_status: recipient.mailStatus,
      custom_fields: contact?.customFields ?? {},
      survey_link: `https://www.surveymonkey.com/r/?sm=x${recipient.id}`,
      remove_link: `https://www.surveymonkey.com/optout.aspx?sm=x${recipient.id}`,
      extra_fields: recipient.extraFields,
    };
    return {
      id: recipient.id,
      email: recipient.email,
      first_name: contact?.firstName ?? '',
      last_name: contact?.lastName ?? '',
      href: world.href(`/collectors/${recipient.collectorId}/recipients/${recipient.id}`),
      ...Object.fromEntries(Object.entries(extra).filter(([name]) => asked.has(name))),
    };
  };
  const listed = (c: Context, items: readonly Recipient[]): Response => {
    const asked = included(c, INCLUDES);
    return pageOf(c, world, { items, render: (recipient) => shown(recipient, asked) });
  };
  const stats = (items: readonly Recipient[]): Shape => {
    const sums = (of: readonly string[], names: readonly string[]): Shape =>
      Object.fromEntries(names.map((name) => [name, of.filter((one) => one === name).length]));
    const mail = items.map(({ mailStatus }) => mailStatus);
    return {
      recipients: items.length,
      mail_status: sums(mail, ['sent', 'not_sent', 'bounced', 'opted_out']),
      survey_response_status: sums(items.map(statusOf), ['completely_responded', 'not_responded', 'partially_responded']),
    };
  };
  const of = (message: Message): readonly Recipient[] =>
    invitations.recipients(message.collectorId).filter(({ messageId }) => messageId === message.id);
  const base = '/collectors/:collector';
  api.get(`${base}/recipients`, mayRead, (c) => listed(c, invitations.recipients(collectorIn(c).id)));
  api.get(`${base}/messages/:message/recipients`, mayRead, (c) => listed(c, of(messageIn(c))));
  api.get(`${base}/recipients/:recipient`, mayRead, (c) => {
    const recipient = invitations.recipient(collectorIn(c).id, pathPart(c, 'recipient'));
    return c.json(shown(recipient, new Set(INCLUDES)));
  });
  api.delete(`${base}/recipients/:recipient`, mayWrite, (c) => {
    invitations.removeRecipient(collectorIn(c).id, pathPart(c, 'recipient'));
    return c.body(null, 204);
  });
  api.get(`${base}/stats`, mayRead, (c) => c.json(stats(invitations.recipients(collectorIn(c).id))));
  api.get(`${base}/messages/:message/stats`, mayRead, (c) => c.json(stats(of(messageIn(c)))));
}
