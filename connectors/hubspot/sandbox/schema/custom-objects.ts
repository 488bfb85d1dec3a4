import { customType, type ObjectType } from '../portal/object-types.ts';
import type { Portal } from '../portal/portal.ts';
import { invalid, notFound, Refusal } from '../wire/refusal.ts';
import { array, object, optionalText, type Shape, text, texts } from '../wire/shapes.ts';

const FIRST_NUMBER = 100_001;

/** What somebody said about a kind of record that they made up. */
export type CustomObject = {
  readonly type: ObjectType;
  readonly labels: Shape;
  readonly description: string;
  readonly primaryDisplayProperty: string;
  readonly secondaryDisplayProperties: readonly string[];
  readonly searchableProperties: readonly string[];
  readonly associatedObjects: readonly ObjectType[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
};

/** The kinds of records that this portal has made up. */
export class CustomObjects {
  readonly #portal: Portal;
  #all: readonly CustomObject[] = [];
  #next = FIRST_NUMBER;

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  list(archived: boolean): readonly CustomObject[] {
    return this.#all.filter((one) => one.archived === archived);
  }

  get(word: string): CustomObject {
    const wanted = word.toLowerCase();
    const found = this.#all.find(({ type }) => [type.name, type.alias, type.typeId].includes(wanted));
    if (found === undefined) throw notFound();
    return found;
  }

  define(raw: Shape): CustomObject {
    const portal = this.#portal;
    const name = text(raw.name, 'name').toLowerCase();
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw invalid(`Object name ${name} must start with a letter and hold a-z, 0-9 and _ only`);
    if (portal.types.find(name) !== undefined || this.#all.some(({ type }) => type.name === name)) {
      throw new Refusal(409, { message: `An object named '${name}' already exists.`, category: 'CONFLICT' });
    }
    const required = texts(raw.requiredProperties, 'requiredProperties');
    const type = customType({ name, fullName: `p${portal.id}_${name}`, typeId: `2-${this.#next}`, required });
    // A number that was given to what could not be made is gone.
    this.#next += 1;
    const others = texts(raw.associatedObjects, 'associatedObjects').map((word) => portal.types.named(word));
    const properties = array(raw.properties, 'properties').map((one) => object(one, 'properties[]'));
    const primary = text(raw.primaryDisplayProperty, 'primaryDisplayProperty');
    const undefinedName = [primary, ...required].find((one) => !properties.some((property) => property.name === one));
    if (undefinedName !== undefined) throw invalid(`Property ${undefinedName} is not among the properties of ${name}`);
    const at = portal.now().toISOString();
    const { schema } = portal.table(type);
    for (const property of properties) schema.define({ ...property, groupName: property.groupName ?? `${name}information` }, at);
    portal.types.add(type);
    for (const other of others) portal.associations.allow(type, other);
    const made: CustomObject = {
      type,
      labels: object(raw.labels, 'labels'),
      description: optionalText(raw.description, 'description') ?? '',
      primaryDisplayProperty: primary,
      secondaryDisplayProperties: texts(raw.secondaryDisplayProperties, 'secondaryDisplayProperties'),
      searchableProperties: texts(raw.searchableProperties, 'searchableProperties'),
      associatedObjects: others,
      createdAt: at,
      updatedAt: at,
      archived: false,
    };
    this.#all = [...this.#all, made];
    return made;
  }

  /** Changes what may change: the name stays. */
  change(word: string, raw: Shape): CustomObject {
    const before = this.get(word);
    const allOf = raw.requiredProperties === undefined ? before.type.needs.allOf : texts(raw.requiredProperties, 'requiredProperties');
    const type = { ...before.type, needs: { ...before.type.needs, allOf } };
    this.#portal.retype(type);
    return this.#replace(before, {
      ...before,
      type,
      labels: raw.labels === undefined ? before.labels : object(raw.labels, 'labels'),
      description: optionalText(raw.description, 'description') ?? before.description,
      primaryDisplayProperty: optionalText(raw.primaryDisplayProperty, 'primaryDisplayProperty') ?? before.primaryDisplayProperty,
      updatedAt: this.#portal.now().toISOString(),
    });
  }

  allow(word: string, to: ObjectType): ReturnType<Portal['associations']['allow']> {
    const before = this.get(word);
    const made = this.#portal.associations.allow(before.type, to);
    this.#replace(before, { ...before, associatedObjects: [...new Set([...before.associatedObjects, to])] });
    return made;
  }

  /** Takes a kind of record away of which there are none; hard, its name is free again. */
  remove(word: string, hard: boolean): void {
    const found = this.get(word);
    if (this.#portal.table(found.type).records.count() > 0) throw invalid(`There are still records of ${found.type.name}`);
    if (hard) this.#all = this.#all.filter((one) => one !== found);
    else this.#replace(found, { ...found, archived: true });
    this.#portal.types.remove(found.type);
  }

  #replace(before: CustomObject, after: CustomObject): CustomObject {
    this.#all = this.#all.map((one) => (one === before ? after : one));
    return after;
  }
}
