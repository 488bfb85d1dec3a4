import { badBody, notFound, Refusal } from '../wire/refusal.ts';
import { object, optionalText, optionalTexts, type Shape } from '../wire/shapes.ts';
import type { World } from '../world.ts';

export type Status = 'active' | 'optout' | 'bounced';
export type Contact = {
  readonly id: string;
  readonly email: string;
  readonly phone: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Six, keyed `1` to `6`. */
  readonly customFields: Readonly<Record<string, string>>;
  readonly status: Status;
};
export type ContactGiven = Partial<Omit<Contact, 'id'>>;
export type BulkOutcome = {
  readonly succeeded: readonly Contact[];
  readonly invalids: readonly Shape[];
  readonly existing: readonly Contact[];
};

const FIELD = /^[1-6]$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** A contact as a body gives it. What the body leaves out is left out here too. */
export function readContact(raw: unknown, what: string): ContactGiven {
  const body = object(raw, what);
  const [email, phone] = [optionalText(body.email, `${what}.email`), optionalText(body.phone_number, `${what}.phone_number`)];
  const [first, last] = [optionalText(body.first_name, `${what}.first_name`), optionalText(body.last_name, `${what}.last_name`)];
  const customFields = optionalTexts(body.custom_fields, `${what}.custom_fields`);
  if (Object.keys(customFields ?? {}).some((key) => !FIELD.test(key))) throw badBody('custom_fields are keyed "1" to "6".');
  return {
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(first === undefined ? {} : { firstName: first }),
    ...(last === undefined ? {} : { lastName: last }),
    ...(customFields === undefined ? {} : { customFields }),
  };
}

/** Why somebody cannot be a contact, or null. */
function faultIn({ email = '', phone = '', firstName = '', lastName = '' }: ContactGiven): string | null {
  if (firstName === '' || lastName === '') return 'first_name and last_name are required.';
  if (email === '' && phone === '') return 'email or phone_number is required.';
  return email !== '' && !EMAIL.test(email) ? 'email is no address.' : null;
}

export function isAddress(email: string): boolean {
  return EMAIL.test(email);
}

/** The contacts of the account, each address once. */
export class Contacts {
  readonly #world: World;
  readonly #all = new Map<string, Contact>();
  readonly #byEmail = new Map<string, string>();
  #created = 0;

  constructor(world: World) {
    this.#world = world;
  }

  all(): readonly Contact[] {
    return [...this.#all.values()];
  }

  get(id: string): Contact {
    const contact = this.#all.get(id);
    if (contact === undefined) throw notFound();
    return contact;
  }

  find(id: string): Contact | undefined {
    return this.#all.get(id);
  }

  byEmail(email: string): Contact | undefined {
    const id = this.#byEmail.get(email.toLowerCase());
    return id === undefined ? undefined : this.#all.get(id);
  }

  /** Uses up some of what the plan may send. */
  spend(count: number): void {
    const { sendingLimit } = this.#world.switches;
    if (sendingLimit > 0 && this.#created + count > sendingLimit) throw new Refusal(1017);
    this.#created += count;
  }

  create(given: ContactGiven): Contact {
    const fault = faultIn(given);
    if (fault !== null) throw badBody(fault);
    if (given.email !== undefined && this.byEmail(given.email) !== undefined) throw new Refusal(1026);
    this.spend(1);
    return this.put({ ...given });
  }

  /** Takes somebody in without asking. */
  put({ email = '', phone = '', firstName = '', lastName = '', customFields = {}, status = 'active' }: ContactGiven): Contact {
    return this.keep({ id: this.#world.ids.next('contact'), email, phone, firstName, lastName, customFields, status });
  }

  /** Changes what is given and leaves the rest; custom fields one by one. */
  patch(id: string, given: ContactGiven): Contact {
    const before = this.get(id);
    const changed = { ...before, ...given, customFields: { ...before.customFields, ...given.customFields } };
    return this.#checked(before, changed);
  }

  /** Puts what is given in the place of everything. */
  replace(id: string, given: ContactGiven): Contact {
    const before = this.get(id);
    return this.#checked(before, {
      id,
      email: '',
      phone: '',
      firstName: '',
      lastName: '',
      customFields: {},
      status: before.status,
      ...given,
    });
  }

  #checked(before: Contact, changed: Contact): Contact {
    const fault = faultIn(changed);
    if (fault !== null) throw badBody(fault);
    const other = changed.email === '' ? undefined : this.byEmail(changed.email);
    if (other !== undefined && other.id !== before.id) throw new Refusal(1026);
    this.#byEmail.delete(before.email.toLowerCase());
    return this.keep(changed);
  }

  /** Holds a contact as it is. */
  keep(contact: Contact): Contact {
    this.#all.set(contact.id, contact);
    if (contact.email !== '') this.#byEmail.set(contact.email.toLowerCase(), contact.id);
    return contact;
  }

  remove(id: string): void {
    this.#byEmail.delete(this.get(id).email.toLowerCase());
    this.#all.delete(id);
  }

  setStatus(id: string, status: Status): void {
    this.keep({ ...this.get(id), status });
  }

  /** Many at once. When one of them comes with custom fields, those of the others are cleared. */
  bulk(rows: readonly ContactGiven[], { update }: { readonly update: boolean }): BulkOutcome {
    const clears = rows.some(({ customFields }) => customFields !== undefined);
    const [succeeded, existing]: [Contact[], Contact[]] = [[], []];
    const invalids = rows.filter((row) => faultIn(row) !== null);
    const valid = rows.filter((row) => faultIn(row) === null);
    this.spend(new Set(valid.filter(({ email = '' }) => email === '' || this.byEmail(email) === undefined)).size);
    for (const row of valid) {
      const known = row.email === undefined || row.email === '' ? undefined : this.byEmail(row.email);
      if (known === undefined) succeeded.push(this.put(row));
      else
        existing.push(
          update ? this.keep({ ...known, ...row, customFields: row.customFields ?? (clears ? {} : known.customFields) }) : known,
        );
    }
    return { succeeded, invalids: invalids.map(renderGiven), existing };
  }
}

function renderGiven({ email = '', phone = '', firstName = '', lastName = '' }: ContactGiven): Shape {
  return { email, phone_number: phone, first_name: firstName, last_name: lastName };
}

export function renderContact(world: World, contact: Contact): Shape {
  const customFields = Object.fromEntries(['1', '2', '3', '4', '5', '6'].map((key) => [key, contact.customFields[key] ?? '']));
  return {
    id: contact.id,
    ...renderGiven(contact),
    custom_fields: customFields,
    status: contact.status,
    href: world.href(`/contacts/${contact.id}`),
  };
}
