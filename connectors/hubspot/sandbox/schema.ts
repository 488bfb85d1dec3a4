import { COMPANY_PROPERTIES } from './company-properties.ts';
import { CONTACT_PROPERTIES } from './contact-properties.ts';
import { custom, type Definition, FIELD_TYPES, type Option, PROPERTY_TYPES, type PropertyType } from './definitions.ts';
import type { ObjectType } from './object-types.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { array, object, optionalText, type Shape, text } from './shapes.ts';

export type Group = { readonly name: string; readonly label: string; readonly displayOrder: number; readonly archived: boolean };

const SHIPPED: Readonly<Record<ObjectType['name'], readonly Definition[]>> = {
  contacts: CONTACT_PROPERTIES,
  companies: COMPANY_PROPERTIES,
};
const UNIQUE_PROPERTIES_MAX = 10;

function groupNameOf(type: ObjectType, definition: Definition): string {
  return definition.groupName === 'information' ? `${type.singular}information` : definition.groupName;
}

function optionFrom(raw: unknown, at: number): Option {
  const { label, value, displayOrder, hidden } = object(raw, 'options[]');
  return {
    label: text(label, 'label'),
    value: text(value, 'value'),
    displayOrder: typeof displayOrder === 'number' ? displayOrder : at,
    hidden: hidden === true,
  };
}

/** The property definitions and groups of one type of record. */
export class Schema {
  readonly type: ObjectType;
  readonly #definitions: Map<string, Definition>;
  readonly #groups: Map<string, Group>;
  constructor(type: ObjectType, ways: { readonly uniqueId: boolean }) {
    this.type = type;
    const own = ways.uniqueId ? [custom('syncline_id', 'Syncline ID', 'string', { hasUniqueValue: true })] : [];
    this.#definitions = new Map([...SHIPPED[type.name], ...own].map((one) => [one.name, { ...one, groupName: groupNameOf(type, one) }]));
    this.#groups = new Map(
      [`${type.singular}information`, 'syncline'].map((name, displayOrder) => [name, { name, label: name, displayOrder, archived: false }]),
    );
  }

  /** The definition that is in use, or undefined. */
  find(name: string): Definition | undefined {
    const definition = this.#definitions.get(name);
    return definition?.archived === true ? undefined : definition;
  }

  get(name: string): Definition {
    const definition = this.find(name);
    if (definition === undefined) throw notFound(`Property ${name} does not exist`);
    return definition;
  }

  list(archived: boolean): readonly Definition[] {
    return [...this.#definitions.values()].filter((one) => one.archived === archived);
  }

  /** Whether a record can be named by this property. */
  isKey(name: string): boolean {
    return name === this.type.key || this.find(name)?.hasUniqueValue === true;
  }

  /** Defines a property, or says what is wrong with it. */
  define(raw: Shape, at: string): Definition {
    const name = text(raw.name, 'name');
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw invalid(`Property name ${name} must start with a letter and hold a-z, 0-9 and _ only`);
    if (this.#definitions.has(name)) {
      throw new Refusal(409, { message: `A property named '${name}' already exists.`, category: 'CONFLICT', context: { name: [name] } });
    }
    const groupName = text(raw.groupName, 'groupName');
    if (!this.#groups.has(groupName)) throw invalid(`Property group ${groupName} does not exist`);
    const definition = { ...this.#described(raw, name, groupName), createdAt: at, updatedAt: at };
    this.#definitions.set(name, definition);
    return definition;
  }

  #described(raw: Shape, name: string, groupName: string): Definition {
    const type = PROPERTY_TYPES.find((one) => one === raw.type);
    if (type === undefined) throw invalid(`Property type ${String(raw.type)} is not known`);
    const fieldType = text(raw.fieldType, 'fieldType');
    this.#demandPair(type, fieldType);
    const hasUniqueValue = raw.hasUniqueValue === true;
    if (hasUniqueValue) this.#demandRoom();
    return {
      ...custom(name, text(raw.label, 'label'), type, { fieldType, groupName, hasUniqueValue }),
      description: optionalText(raw.description, 'description') ?? '',
      hidden: raw.hidden === true,
      formField: raw.formField === true,
      options: raw.options === undefined ? [] : array(raw.options, 'options').map(optionFrom),
    };
  }

  #demandPair(type: PropertyType, fieldType: string): void {
    if (!FIELD_TYPES[type].includes(fieldType)) throw invalid(`Field type ${fieldType} is not valid for property type ${type}`);
  }

  #demandRoom(): void {
    const unique = this.list(false).filter((one) => one.hasUniqueValue).length;
    if (unique >= UNIQUE_PROPERTIES_MAX)
      throw invalid(`You can have at most ${UNIQUE_PROPERTIES_MAX} unique properties for each object type`);
  }

  /** Changes what may change of a property that somebody in this portal made. */
  change(name: string, raw: Shape, at: string): Definition {
    const current = this.get(name);
    if (current.modificationMetadata.readOnlyDefinition) throw invalid(`Property ${name} is read only`);
    const changed = {
      ...current,
      label: optionalText(raw.label, 'label') ?? current.label,
      description: optionalText(raw.description, 'description') ?? current.description,
      options: raw.options === undefined ? current.options : array(raw.options, 'options').map(optionFrom),
      updatedAt: at,
    };
    this.#definitions.set(name, changed);
    return changed;
  }

  /** Takes a property out of use; what the vendor ships stays. */
  archive(name: string): void {
    const current = this.get(name);
    if (!current.modificationMetadata.archivable) throw invalid(`Property ${name} cannot be archived`);
    this.#definitions.set(name, { ...current, archived: true });
  }

  /** Takes a property away for good, so that its name is free again. */
  forget(name: string): void {
    this.#definitions.delete(name);
  }

  groups(): readonly Group[] {
    return [...this.#groups.values()];
  }

  addGroup(raw: Shape): Group {
    const name = text(raw.name, 'name');
    if (this.#groups.has(name))
      throw new Refusal(409, { message: `A property group named '${name}' already exists.`, category: 'CONFLICT' });
    const displayOrder = typeof raw.displayOrder === 'number' ? raw.displayOrder : -1;
    const group = { name, label: optionalText(raw.label, 'label') ?? name, displayOrder, archived: false };
    this.#groups.set(name, group);
    return group;
  }

  removeGroup(name: string): void {
    if (!this.#groups.has(name)) throw notFound(`Property group ${name} does not exist`);
    if (this.list(false).some((one) => one.groupName === name)) throw invalid(`Property group ${name} still has properties`);
    this.#groups.delete(name);
  }
}
