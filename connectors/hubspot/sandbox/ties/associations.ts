import { OBJECT_TYPES, type ObjectType } from '../portal/object-types.ts';
import { invalid, notFound } from '../wire/refusal.ts';

/** One kind of tie in one direction, with the kind that it is from the other end. */
export type AssociationType = {
  readonly from: ObjectType['name'];
  readonly to: ObjectType['name'];
  readonly typeId: number;
  readonly inverseId: number;
  readonly category: 'HUBSPOT_DEFINED' | 'USER_DEFINED';
  readonly label: string | null;
  readonly kind: 'unlabelled' | 'primary' | 'label';
};

const SHIPPED: readonly AssociationType[] = [
  { from: 'contacts', to: 'companies', typeId: 279, inverseId: 280, category: 'HUBSPOT_DEFINED', label: null, kind: 'unlabelled' },
  { from: 'companies', to: 'contacts', typeId: 280, inverseId: 279, category: 'HUBSPOT_DEFINED', label: null, kind: 'unlabelled' },
  { from: 'contacts', to: 'companies', typeId: 1, inverseId: 2, category: 'HUBSPOT_DEFINED', label: 'Primary', kind: 'primary' },
  { from: 'companies', to: 'contacts', typeId: 2, inverseId: 1, category: 'HUBSPOT_DEFINED', label: 'Primary', kind: 'primary' },
];
const LABELS_MAX = 10;

/** One end of a tie. */
export type End = { readonly type: ObjectType; readonly id: string };
type Targets = Map<string, Set<number>>;

/** Which record is tied to which, with which labels; both directions are kept in step. */
export class Associations {
  #types: readonly AssociationType[] = SHIPPED;
  #nextLabelId = 1001;
  readonly #ties = new Map<string, Targets>();

  types(from: ObjectType, to: ObjectType): readonly AssociationType[] {
    return this.#types.filter((one) => one.from === from.name && one.to === to.name);
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

  /** Defines a label for both directions. */
  defineLabel(from: ObjectType, to: ObjectType, words: { readonly label: string; readonly inverse: string }): readonly AssociationType[] {
    this.#plainOf(from, to);
    if (this.types(from, to).filter((one) => one.kind === 'label').length >= LABELS_MAX)
      throw invalid(`At most ${LABELS_MAX} labels a pair`);
    const typeId = this.#nextLabelId;
    this.#nextLabelId += 2;
    const shared = { category: 'USER_DEFINED', kind: 'label' } as const;
    const made: readonly AssociationType[] = [
      { ...shared, from: from.name, to: to.name, typeId, inverseId: typeId + 1, label: words.label },
      { ...shared, from: to.name, to: from.name, typeId: typeId + 1, inverseId: typeId, label: words.inverse },
    ];
    this.#types = [...this.#types, ...made];
    return made;
  }

  removeLabel(from: ObjectType, to: ObjectType, typeId: number): void {
    const found = this.types(from, to).find((one) => one.typeId === typeId && one.kind === 'label');
    if (found === undefined) throw notFound();
    this.#types = this.#types.filter((one) => one.typeId !== typeId && one.typeId !== found.inverseId);
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

  untie(from: End, to: End): void {
    this.#ties.get(key(from, to.type))?.delete(to.id);
    this.#ties.get(key(to, from.type))?.delete(from.id);
  }

  /** Every record that is tied to this one. */
  neighbours(end: End): readonly End[] {
    return OBJECT_TYPES.flatMap((type) => this.of(end, type).map(({ id }) => ({ type, id })));
  }

  // A contact has one primary company, whichever end it is written from.
  #dethrone(from: End, to: End): void {
    const [contact, company] = from.type.name === 'contacts' ? ([from, to] as const) : ([to, from] as const);
    const current = this.primaryOf(contact, company.type);
    if (current === null) return;
    const primary = this.types(contact.type, company.type).find((one) => one.kind === 'primary');
    if (primary !== undefined) this.unlabel(contact, { type: company.type, id: current }, [primary.typeId]);
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
