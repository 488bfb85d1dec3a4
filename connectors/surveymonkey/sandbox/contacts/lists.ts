import { notFound } from '../wire/refusal.ts';
import type { World } from '../world.ts';
import type { Contact, Contacts } from './contacts.ts';

export type ContactList = { readonly id: string; readonly name: string; readonly members: ReadonlySet<string> };

/** The contact lists, and the labels of the six custom fields. */
export class Lists {
  readonly #world: World;
  readonly #contacts: Contacts;
  readonly #all = new Map<string, ContactList>();
  readonly #labels = new Map(['1', '2', '3', '4', '5', '6'].map((id) => [id, `Custom ${id}`]));

  constructor(world: World, contacts: Contacts) {
    this.#world = world;
    this.#contacts = contacts;
  }

  all(): readonly ContactList[] {
    return [...this.#all.values()];
  }

  get(id: string): ContactList {
    const list = this.#all.get(id);
    if (list === undefined) throw notFound();
    return list;
  }

  add(name: string, members: Iterable<string> = []): ContactList {
    return this.#keep({ id: this.#world.ids.next('list'), name, members: new Set(members) });
  }

  rename(id: string, name: string): ContactList {
    return this.#keep({ ...this.get(id), name });
  }

  join(id: string, contactIds: readonly string[]): void {
    const list = this.get(id);
    this.#keep({ ...list, members: new Set([...list.members, ...contactIds]) });
  }

  /** The members of another list come in here; the other one stays. */
  merge(id: string, otherId: string): ContactList {
    this.join(id, [...this.get(otherId).members]);
    return this.get(id);
  }

  remove(id: string): void {
    this.get(id);
    this.#all.delete(id);
  }

  /** Who is in it and was not deleted since. */
  members(id: string): readonly Contact[] {
    const { members } = this.get(id);
    return this.#contacts.all().filter((contact) => members.has(contact.id));
  }

  labels(): readonly { readonly id: string; readonly label: string }[] {
    return [...this.#labels].map(([id, label]) => ({ id, label }));
  }

  label(id: string, to?: string): { readonly id: string; readonly label: string } {
    const label = to ?? this.#labels.get(id);
    if (label === undefined || !this.#labels.has(id)) throw notFound();
    this.#labels.set(id, label);
    return { id, label };
  }

  #keep(list: ContactList): ContactList {
    this.#all.set(list.id, list);
    return list;
  }
}
