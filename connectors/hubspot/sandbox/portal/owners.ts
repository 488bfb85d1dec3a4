import type { Owner } from '../../../../src/sandbox/people.ts';

/** A person, or a queue of people, who records can belong to. */
export type PortalOwner = {
  readonly id: string;
  readonly userId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly type: 'PERSON' | 'QUEUE';
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Somebody who has left: named by old records, and by no new ones. */
  readonly archived: boolean;
};

const FIRST_OWNER_ID = 7_100_001;
const FIRST_USER_ID = 3_300_001;

/** Who looks after the records, in the order of their ids. */
export class Owners {
  #all: readonly PortalOwner[] = [];

  constructor(owners: readonly Owner[], since: string) {
    for (const owner of owners) this.add(owner, since);
  }

  all(): readonly PortalOwner[] {
    return this.#all;
  }

  add({ email, firstName, lastName }: Owner, at: string): PortalOwner {
    const nth = this.#all.length;
    const [id, userId] = [String(FIRST_OWNER_ID + nth), FIRST_USER_ID + nth];
    const owner = { id, userId, email, firstName, lastName, type: 'PERSON', createdAt: at, updatedAt: at, archived: false } as const;
    this.#all = [...this.#all, owner];
    return owner;
  }

  /** Sends an owner away, or takes one back. */
  setArchived(id: string, { archived, at }: { readonly archived: boolean; readonly at: string }): void {
    this.#all = this.#all.map((owner) => (owner.id === id ? { ...owner, archived, updatedAt: at } : owner));
  }

  /** Whether records can be given to this owner. */
  isThere(id: string): boolean {
    return this.#all.some((owner) => owner.id === id && !owner.archived);
  }
}
