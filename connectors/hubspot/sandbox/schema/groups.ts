import { invalid, notFound, Refusal } from '../wire/refusal.ts';
import { optionalText, type Shape, text } from '../wire/shapes.ts';

type Group = { readonly name: string; readonly label: string; readonly displayOrder: number; readonly archived: boolean };

/** The groups of properties of one type of record. */
export class Groups {
  readonly #byName: Map<string, Group>;

  constructor(names: readonly string[]) {
    this.#byName = new Map(names.map((name, displayOrder) => [name, { name, label: name, displayOrder, archived: false }]));
  }

  all(): readonly Group[] {
    return [...this.#byName.values()];
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  get(name: string): Group {
    const group = this.#byName.get(name);
    if (group === undefined) throw notFound(`Property group ${name} does not exist`);
    return group;
  }

  add(raw: Shape): Group {
    const name = text(raw.name, 'name');
    if (this.has(name)) throw new Refusal(409, { message: `A property group named '${name}' already exists.`, category: 'CONFLICT' });
    const displayOrder = typeof raw.displayOrder === 'number' ? raw.displayOrder : -1;
    return this.#keep({ name, label: optionalText(raw.label, 'label') ?? name, displayOrder, archived: false });
  }

  change(name: string, raw: Shape): Group {
    const group = this.get(name);
    const displayOrder = typeof raw.displayOrder === 'number' ? raw.displayOrder : group.displayOrder;
    return this.#keep({ ...group, label: optionalText(raw.label, 'label') ?? group.label, displayOrder });
  }

  /** Takes a group away that nothing is in. */
  remove(name: string, used: boolean): void {
    this.get(name);
    if (used) throw invalid(`Property group ${name} still has properties`);
    this.#byName.delete(name);
  }

  #keep(group: Group): Group {
    this.#byName.set(group.name, group);
    return group;
  }
}
