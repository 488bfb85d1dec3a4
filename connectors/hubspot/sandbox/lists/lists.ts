import type { ObjectType } from '../portal/object-types.ts';
import type { Portal } from '../portal/portal.ts';
import { invalid, notFound, Refusal } from '../wire/refusal.ts';

export const PROCESSING_TYPES = ['MANUAL', 'SNAPSHOT', 'DYNAMIC'] as const;
type ProcessingType = (typeof PROCESSING_TYPES)[number];

/** A list of records of one type, with when each of them joined. */
export type List = {
  readonly listId: string;
  readonly name: string;
  readonly type: ObjectType;
  readonly processingType: ProcessingType;
  readonly filterBranch: unknown;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deletedAt: string | null;
  readonly listVersion: number;
  readonly members: ReadonlyMap<string, string>;
};
export type Joined = { readonly recordId: string; readonly membershipTimestamp: string };

const BIN_MS = 90 * 86_400_000;
const EASY_MAX = 100_000;

/** The lists of a portal. Members are records that are there; who is archived is no member. */
export class Lists {
  readonly #portal: Portal;
  readonly #byId = new Map<string, List>();

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  all(): readonly List[] {
    return [...this.#byId.values()].filter(({ deletedAt }) => deletedAt === null);
  }

  get(listId: string): List {
    const list = this.#byId.get(listId);
    if (list === undefined || list.deletedAt !== null) throw notFound(`List does not exist with ID ${listId}.`);
    return list;
  }

  named(type: ObjectType, name: string): List {
    const found = this.all().find((one) => one.type.typeId === type.typeId && one.name.toLowerCase() === name.toLowerCase());
    if (found === undefined) throw notFound(`List does not exist with name ${name}.`);
    return found;
  }

  create(made: {
    readonly name: string;
    readonly type: ObjectType;
    readonly processingType: ProcessingType;
    readonly filterBranch: unknown;
  }): List {
    this.#demandFreeName(made.name);
    const at = this.#portal.now().toISOString();
    const listId = String(this.#byId.size + 1);
    return this.#keep({ ...made, listId, createdAt: at, updatedAt: at, deletedAt: null, listVersion: 1, members: new Map() });
  }

  #demandFreeName(name: string): void {
    if (!this.all().some((one) => one.name.toLowerCase() === name.toLowerCase())) return;
    throw new Refusal(400, { message: `A list already exists with the name ${name}.`, category: 'VALIDATION_ERROR' });
  }

  rename(listId: string, name: string): List {
    const list = this.get(listId);
    if (list.name.toLowerCase() !== name.toLowerCase()) this.#demandFreeName(name);
    return this.#keep({ ...list, name, updatedAt: this.#portal.now().toISOString() });
  }

  remove(listId: string): void {
    this.#keep({ ...this.get(listId), deletedAt: this.#portal.now().toISOString() });
  }

  /** Takes a list back that was deleted in the last ninety days. */
  restore(listId: string): void {
    const list = this.#byId.get(listId);
    const deletedMs = Date.parse(list?.deletedAt ?? '');
    if (list === undefined || !(this.#portal.now().getTime() - deletedMs <= BIN_MS)) throw notFound();
    this.#keep({ ...list, deletedAt: null });
  }

  /** The members by their ids, or in the order in which they joined. */
  members(list: List, order: 'id' | 'join'): readonly Joined[] {
    const { records } = this.#portal.table(list.type);
    const there = [...list.members].filter(([id]) => records.live(id) !== undefined);
    const joined = there.map(([recordId, membershipTimestamp]) => ({ recordId, membershipTimestamp }));
    return order === 'join' ? joined : joined.sort((a, b) => Number(a.recordId) - Number(b.recordId));
  }

  /** Adds and removes; who is in already or was not in stays as it is, and ids of nobody are told. */
  change(listId: string, ids: { readonly add: readonly string[]; readonly remove: readonly string[] }) {
    const list = this.#writable(listId);
    if (ids.add.length + ids.remove.length > this.#portal.switches.listCallMax) throw invalid('Too many record ids in one request');
    const { records } = this.#portal.table(list.type);
    const isThere = (id: string) => records.live(id) !== undefined;
    const members = new Map(list.members);
    const recordIdsRemoved = ids.remove.filter((id) => members.delete(id));
    const at = this.#portal.now().toISOString();
    const recordsIdsAdded = [...new Set(ids.add)].filter((id) => isThere(id) && !members.has(id));
    for (const id of recordsIdsAdded) members.set(id, at);
    this.#keep({ ...list, members, updatedAt: at });
    const recordIdsMissing = [...ids.add, ...ids.remove].filter((id) => !isThere(id));
    return { recordsIdsAdded, recordIdsRemoved, recordIdsMissing };
  }

  addFrom(listId: string, sourceId: string): void {
    const source = this.get(sourceId);
    this.#demandEasy(source);
    this.change(listId, { add: [...source.members.keys()], remove: [] });
  }

  removeAll(listId: string): void {
    const list = this.#writable(listId);
    this.#demandEasy(list);
    this.#keep({ ...list, members: new Map() });
  }

  #demandEasy({ members }: List): void {
    if (members.size >= EASY_MAX) throw invalid(`This works only for lists of fewer than ${EASY_MAX} records`);
  }

  #writable(listId: string): List {
    const list = this.get(listId);
    if (list.processingType === 'DYNAMIC') throw invalid('The members of a DYNAMIC list follow from its filters');
    return list;
  }

  #keep(list: List): List {
    this.#byId.set(list.listId, list);
    return list;
  }
}
