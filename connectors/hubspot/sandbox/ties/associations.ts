import type { ObjectType, ObjectTypes } from '../portal/object-types.ts';
import { invalid, notFound } from '../wire/refusal.ts';
import { type AssociationType, madeHere, SHIPPED } from './association-types.ts';

const LABELS_MAX = 10;

/** One end of a tie. */
export type End = { readonly type: ObjectType; readonly id: string };
type Renamed = { readonly typeId: number; readonly label: string; readonly inverse?: string };
type Targets = Map<string, Set<number>>;

/** Which record is tied to which, with which labels; both directions are kept in step. */
export class Associations {
  readonly #objects: ObjectTypes;
  #types: readonly AssociationType[] = SHIPPED;
  #byPair: ReadonlyMap<string, readonly AssociationType[]> | null = null;
  #nextTypeId = 1001;
  readonly #ties = new Map<string, Targets>();

  constructor(objects: ObjectTypes) {
    this.#objects = objects;
  }

  types(from: ObjectType, to: ObjectType): readonly AssociationType[] {
    this.#byPair ??= Map.groupBy(this.#types, (one) => `${one.from} ${one.to}`);
    return this.#byPair.get(`${from.name} ${to.name}`) ?? [];
  }

  #redefine(types: readonly AssociationType[]): void {
    this.#types = types;
    this.#byPair = null;
  }

  typeOf(from: ObjectType, to: ObjectType, typeId: number): AssociationType {
    const found = this.types(from, to).find((one) => one.typeId === typeId);
    if (found === undefined) throw invalid(`Association type id ${typeId} is not valid from ${from.name} to ${to.name}`);
    return found;
  }

  #plainOf(from: ObjectType, to: ObjectType): AssociationType {
    const found = this.types(from, to).find((one) => one.kind === 'unlabelled');
    if (found === undefined) throw invalid(`No association types exist from ${from.name} to ${to.name}`);
    return found;
  }

  /** Lets two types be tied at all, when they could not be. */
  allow(from: ObjectType, to: ObjectType): readonly AssociationType[] {
    const there = this.types(from, to).filter((one) => one.kind === 'unlabelled');
    return there.length > 0 ? there : this.#add({ from, to }, { kind: 'unlabelled', label: null, inverse: null });
  }

  /** Defines a label for both directions. */
  defineLabel(from: ObjectType, to: ObjectType, words: { readonly label: string; readonly inverse: string }): readonly AssociationType[] {
    this.#plainOf(from, to);
    if (this.types(from, to).filter((one) => one.category === 'USER_DEFINED' && one.kind === 'label').length >= LABELS_MAX)
      throw invalid(`At most ${LABELS_MAX} labels a pair`);
    return this.#add({ from, to }, { kind: 'label', ...words });
  }

  #add(pair: { from: ObjectType; to: ObjectType }, ways: Parameters<typeof madeHere>[1]): readonly AssociationType[] {
    const made = madeHere({ from: pair.from.name, to: pair.to.name, typeId: this.#nextTypeId }, ways);
    this.#nextTypeId += 2;
    this.#redefine([...this.#types, ...made]);
    return made;
  }

  /** Gives a label that somebody made another word. */
  renameLabel(from: ObjectType, to: ObjectType, words: Renamed): void {
    const { inverseId } = this.#ownLabel(from, to, words.typeId);
    const labels = new Map([[words.typeId, words.label], ...(words.inverse === undefined ? [] : [[inverseId, words.inverse] as const])]);
    this.#redefine(this.#types.map((one) => ({ ...one, label: labels.get(one.typeId) ?? one.label })));
  }

  #ownLabel(from: ObjectType, to: ObjectType, typeId: number): AssociationType {
    const found = this.types(from, to).find((one) => one.typeId === typeId && one.kind === 'label' && one.category === 'USER_DEFINED');
    if (found === undefined) throw notFound();
    return found;
  }

  removeLabel(from: ObjectType, to: ObjectType, typeId: number): void {
    const found = this.#ownLabel(from, to, typeId);
    this.#redefine(this.#types.filter((one) => one.typeId !== typeId && one.typeId !== found.inverseId));
    for (const targets of this.#ties.values()) {
      for (const ids of targets.values()) {
        ids.delete(typeId);
        ids.delete(found.inverseId);
      }
    }
  }

  /** The records at the other end, in the order of their ids, with the type ids of each tie. */
  of(from: End, to: ObjectType): readonly { readonly id: string; readonly typeIds: readonly number[] }[] {
    return [...(this.#ties.get(key(from, to)) ?? [])]
      .map(([id, typeIds]) => ({ id, typeIds: [...typeIds].sort((a, b) => a - b) }))
      .sort((a, b) => Number(a.id) - Number(b.id));
  }

  /** The primary at the other end, or null. */
  primaryOf(from: End, to: ObjectType): string | null {
    const primary = this.types(from.type, to).find((one) => one.kind === 'primary');
    if (primary === undefined) return null;
    return this.of(from, to).find((target) => target.typeIds.includes(primary.typeId))?.id ?? null;
  }

  /** Ties without a label; labels that are there stay. */
  tie(from: End, to: End): AssociationType {
    const plain = this.#plainOf(from.type, to.type);
    this.#set(from, to, [plain.typeId, ...this.#typeIds(from, to)]);
    return plain;
  }

  /** The labels of a tie that people gave it. */
  labelsOf(from: End, to: End): readonly string[] {
    const given = this.types(from.type, to.type).filter(({ kind }) => kind === 'label');
    return given.flatMap(({ typeId, label }) => (this.#typeIds(from, to).includes(typeId) ? (label ?? []) : []));
  }

  /** Ties with exactly these labels, and the unlabelled type, which is always there. */
  label(from: End, to: End, typeIds: readonly number[]): void {
    const types = typeIds.map((typeId) => this.typeOf(from.type, to.type, typeId));
    if (types.some((one) => one.kind === 'primary')) this.#dethrone(from, to);
    this.#set(from, to, [this.#plainOf(from.type, to.type).typeId, ...typeIds]);
  }

  /** Takes these types away; without the unlabelled type nothing is left. */
  unlabel(from: End, to: End, typeIds: readonly number[]): void {
    const gone = typeIds.map((typeId) => this.typeOf(from.type, to.type, typeId));
    if (gone.some((one) => one.kind === 'unlabelled')) {
      this.untie(from, to);
      return;
    }
    const left = this.#typeIds(from, to).filter((typeId) => !typeIds.includes(typeId));
    if (left.length > 0) this.#set(from, to, left);
  }

  areTied(from: End, to: End): boolean {
    return this.#ties.get(key(from, to.type))?.has(to.id) ?? false;
  }

  untie(from: End, to: End): void {
    this.#ties.get(key(from, to.type))?.delete(to.id);
    this.#ties.get(key(to, from.type))?.delete(from.id);
  }

  /** Every record that is tied to this one. */
  neighbours(end: End): readonly End[] {
    return this.#objects.all().flatMap((type) => this.of(end, type).map(({ id }) => ({ type, id })));
  }

  // A contact, a deal, and a ticket have one primary company, whichever end it is written from.
  #dethrone(from: End, to: End): void {
    const [child, company] = to.type.name === 'companies' ? ([from, to] as const) : ([to, from] as const);
    const current = this.primaryOf(child, company.type);
    if (current === null) return;
    const primary = this.types(child.type, company.type).find((one) => one.kind === 'primary');
    if (primary !== undefined) this.unlabel(child, { type: company.type, id: current }, [primary.typeId]);
  }

  #typeIds(from: End, to: End): readonly number[] {
    return [...(this.#ties.get(key(from, to.type))?.get(to.id) ?? [])];
  }

  #set(from: End, to: End, typeIds: readonly number[]): void {
    const inverse = typeIds.map((typeId) => this.typeOf(from.type, to.type, typeId).inverseId);
    this.#targets(from, to.type).set(to.id, new Set(typeIds));
    this.#targets(to, from.type).set(from.id, new Set(inverse));
  }

  #targets(from: End, to: ObjectType): Targets {
    const targets = this.#ties.get(key(from, to)) ?? new Map<string, Set<number>>();
    this.#ties.set(key(from, to), targets);
    return targets;
  }
}

function key(from: End, to: ObjectType): string {
  return `${from.type.name} ${from.id} ${to.name}`;
}
