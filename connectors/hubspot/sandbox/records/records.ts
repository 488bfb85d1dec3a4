import type { ObjectType } from '../portal/object-types.ts';

export type Version = {
  readonly value: string;
  readonly timestamp: string;
  readonly sourceType: string;
  readonly sourceId: string;
  readonly updatedByUserId: number;
};

/** One record, never changed in place, so that the search index can hold an old one. Cleared properties are absent. */
export type Stored = {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archivedAt: string | null;
  /** Newest first, for what was written since the portal opened. */
  readonly versions: ReadonlyMap<string, readonly Version[]>;
};

const FIRST_ID = 101;

/** All records of one type: by id in order, by their unique values, and by the ids that merges left behind. */
export class Records {
  readonly type: ObjectType;
  readonly #byId = new Map<string, Stored>();
  readonly #order: number[] = [];
  readonly #alias = new Map<string, string>();
  readonly #holders = new Map<string, Map<string, string>>();
  #last = FIRST_ID - 1;

  constructor(type: ObjectType) {
    this.type = type;
  }

  nextId(): string {
    return String(this.#last + 1);
  }

  /** Keeps a new record; its id must be above all the others. */
  insert(record: Stored): void {
    const id = Number(record.id);
    if (!Number.isSafeInteger(id) || id <= this.#last) throw new Error(`ids are increasing whole numbers, so ${record.id} cannot follow`);
    this.#last = id;
    this.#order.push(id);
    this.#byId.set(record.id, record);
  }

  replace(record: Stored): void {
    this.#byId.set(record.id, record);
  }

  /** Makes a record vanish, without the bin. */
  drop(id: string): void {
    this.#byId.delete(id);
  }

  /** Whatever has this very id, archived or not. */
  at(id: string): Stored | undefined {
    return this.#byId.get(id);
  }

  /** The record of this very id, unless it is archived. */
  live(id: string): Stored | undefined {
    const record = this.#byId.get(id);
    return record?.archivedAt === null ? record : undefined;
  }

  /** From now on `old` leads to `id`, and so does what led to `old`. */
  redirect(old: string, id: string): void {
    for (const [from, to] of this.#alias) if (to === old) this.#alias.set(from, id);
    this.#alias.set(old, id);
  }

  /** Where an id of a merged record leads, or the id itself. */
  resolve(id: string): string {
    return this.#alias.get(id) ?? id;
  }

  isMergedAway(id: string): boolean {
    return this.#alias.has(id);
  }

  /** The id of the unarchived record that owns this unique value. */
  holder(property: string, value: string): string | undefined {
    return this.#holders.get(property)?.get(value);
  }

  claim(property: string, value: string, id: string): void {
    const holders = this.#holders.get(property) ?? new Map<string, string>();
    this.#holders.set(property, holders.set(value, id));
  }

  release(property: string, value: string, id: string): void {
    const holders = this.#holders.get(property);
    if (holders?.get(value) === id) holders.delete(value);
  }

  /** Up to `limit` records by id, from the id `after` on, with the id of the next one. */
  page(
    after: number,
    limit: number,
    wanted: (record: Stored) => boolean,
  ): { readonly records: readonly Stored[]; readonly next: string | null } {
    const records: Stored[] = [];
    for (let at = this.#positionOf(after); at < this.#order.length; at += 1) {
      const record = this.#byId.get(String(this.#order[at]));
      if (record === undefined || !wanted(record)) continue;
      if (records.length === limit) return { records, next: record.id };
      records.push(record);
    }
    return { records, next: null };
  }

  /** In the order of the ids. */
  *all(): Generator<Stored> {
    for (const id of this.#order) {
      const record = this.#byId.get(String(id));
      if (record !== undefined) yield record;
    }
  }

  /** How many are not archived. */
  count(): number {
    let count = 0;
    for (const { archivedAt } of this.#byId.values()) if (archivedAt === null) count += 1;
    return count;
  }

  /** How many ids were ever given, and the one at a place among them: to pick one at random. */
  get given(): number {
    return this.#order.length;
  }

  givenAt(place: number): string {
    return String(this.#order[place]);
  }

  #positionOf(id: number): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
