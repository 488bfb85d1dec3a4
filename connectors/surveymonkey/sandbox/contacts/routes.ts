import type { Context, Hono } from 'hono';
import type { Account } from '../account.ts';
import { badQuery } from '../wire/refusal.ts';
import { pageOf, pathPart, queryWord, readBody } from '../wire/requests.ts';
import { list, optionalTruth, text } from '../wire/shapes.ts';
import { type BulkOutcome, type Contact, readContact, renderContact } from './contacts.ts';
import type { ContactList } from './lists.ts';

const SEARCHED = ['email', 'first_name', 'last_name', 'phone_number', 'custom_fields'] as const;

/** Those of a list that the query asks for: the active ones unless it says otherwise. */
function listed(c: Context, all: readonly Contact[]): readonly Contact[] {
  const status = queryWord(c, 'status', ['active', 'optout', 'bounced']) ?? 'active';
  const [by, search] = [queryWord(c, 'search_by', SEARCHED), c.req.query('search')?.toLowerCase()];
  if (by !== undefined && search === undefined) throw badQuery('search_by goes with search.');
  const wordsOf = ({ email, firstName, lastName, phone, customFields }: Contact) => ({
    email: [email],
    first_name: [firstName],
    last_name: [lastName],
    phone_number: [phone],
    custom_fields: Object.values(customFields),
  });
  const searched = (contact: Contact): readonly string[] => {
    const words = wordsOf(contact);
    return by === undefined ? Object.values(words).flat() : words[by];
  };
  return all.filter(
    (contact) => contact.status === status && (search === undefined || searched(contact).some((one) => one.toLowerCase().includes(search))),
  );
}

/** Contacts, lists of them, and what their custom fields are called. */
export function contactRoutes(api: Hono, account: Account): void {
  const { world, contacts, rights } = account;
  const [mayRead, mayWrite] = [rights('contacts_read'), rights('contacts_write')];
  const shown = (contact: Contact) => renderContact(world, contact);
  const outcome = ({ succeeded, invalids, existing }: BulkOutcome) => ({
    succeeded: succeeded.map(shown),
    invalids,
    existing: existing.map(shown),
  });
  const bulkOf = async (c: Context): Promise<BulkOutcome> => {
    const body = await readBody(c);
    const rows = list(body.contacts, 'contacts').map((raw) => readContact(raw, 'contacts[]'));
    return contacts.bulk(rows, { update: optionalTruth(body.update_existing, 'update_existing') ?? false });
  };
  api.get('/contacts', mayRead, (c) => pageOf(c, world, { items: listed(c, contacts.all()), render: shown }));
  api.post('/contacts', mayWrite, async (c) => c.json(shown(contacts.create(readContact(await readBody(c), 'the body'))), 201));
  api.post('/contacts/bulk', mayWrite, async (c) => c.json(outcome(await bulkOf(c))));
  api.get('/contacts/bulk', mayRead, (c) => pageOf(c, world, { items: listed(c, contacts.all()), render: shown }));
  api.get('/contacts/:id', mayRead, (c) => c.json(shown(contacts.get(pathPart(c, 'id')))));
  api.patch('/contacts/:id', mayWrite, async (c) =>
    c.json(shown(contacts.patch(pathPart(c, 'id'), readContact(await readBody(c), 'the body')))),
  );
  api.put('/contacts/:id', mayWrite, async (c) =>
    c.json(shown(contacts.replace(pathPart(c, 'id'), readContact(await readBody(c), 'the body')))),
  );
  api.delete('/contacts/:id', mayWrite, (c) => {
    contacts.remove(pathPart(c, 'id'));
    return c.body(null, 204);
  });
  listRoutes(api, account, { shown, outcome, bulkOf });
  fieldRoutes(api, account);
}

type Parts = {
  readonly shown: (contact: Contact) => unknown;
  readonly outcome: (of: BulkOutcome) => object;
  readonly bulkOf: (c: Context) => Promise<BulkOutcome>;
};

function listRoutes(api: Hono, { world, contacts, lists, rights }: Account, { shown, outcome, bulkOf }: Parts): void {
  const [mayRead, mayWrite] = [rights('contacts_read'), rights('contacts_write')];
  const whole = ({ id, name, members }: ContactList) => ({
    id,
    name,
    contact_count: members.size,
    href: world.href(`/contact_lists/${id}`),
  });
  const listIn = (c: Context): ContactList => lists.get(pathPart(c, 'id'));
  const nameIn = async (c: Context): Promise<string> => text((await readBody(c)).name, 'name');
  api.get('/contact_lists', mayRead, (c) => pageOf(c, world, { items: lists.all(), render: whole }));
  api.post('/contact_lists', mayWrite, async (c) => c.json(whole(lists.add(await nameIn(c))), 201));
  api.get('/contact_lists/:id', mayRead, (c) => c.json(whole(listIn(c))));
  api.on(['PATCH', 'PUT'], '/contact_lists/:id', mayWrite, async (c) => c.json(whole(lists.rename(listIn(c).id, await nameIn(c)))));
  api.delete('/contact_lists/:id', mayWrite, (c) => {
    lists.remove(listIn(c).id);
    return c.body(null, 204);
  });
  api.post('/contact_lists/:id/copy', mayWrite, (c) => {
    const { name, members } = listIn(c);
    return c.json(whole(lists.add(`${name} (copy)`, members)), 201);
  });
  api.post('/contact_lists/:id/merge', mayWrite, async (c) => {
    const { list_id } = await readBody(c);
    return c.json(whole(lists.merge(listIn(c).id, text(list_id, 'list_id'))));
  });
  api.get('/contact_lists/:id/contacts', mayRead, (c) =>
    pageOf(c, world, { items: listed(c, lists.members(listIn(c).id)), render: shown }),
  );
  api.post('/contact_lists/:id/contacts', mayWrite, async (c) => {
    const { id } = listIn(c);
    const made = contacts.create(readContact(await readBody(c), 'the body'));
    lists.join(id, [made.id]);
    return c.json(shown(made), 201);
  });
  api.post('/contact_lists/:id/contacts/bulk', mayWrite, async (c) => {
    const { id } = listIn(c);
    const done = await bulkOf(c);
    lists.join(
      id,
      [...done.succeeded, ...done.existing].map((contact) => contact.id),
    );
    return c.json(outcome(done));
  });
}

function fieldRoutes(api: Hono, { world, lists, rights }: Account): void {
  const shown = ({ id, label }: { id: string; label: string }) => ({ id, label, href: world.href(`/contact_fields/${id}`) });
  api.get('/contact_fields', rights('contacts_read'), (c) => pageOf(c, world, { items: lists.labels(), render: shown }));
  api.get('/contact_fields/:id', rights('contacts_read'), (c) => c.json(shown(lists.label(pathPart(c, 'id')))));
  api.patch('/contact_fields/:id', rights('contacts_write'), async (c) => {
    const { label } = await readBody(c);
    return c.json(shown(lists.label(pathPart(c, 'id'), text(label, 'label'))));
  });
}
