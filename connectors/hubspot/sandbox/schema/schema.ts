import type { ObjectType } from '../portal/object-types.ts';
import type { Pipeline } from '../portal/pipelines.ts';
import { invalid, notFound, Refusal } from '../wire/refusal.ts';
import { type Shape, text } from '../wire/shapes.ts';
import { FEEDBACK_PROPERTIES } from './contact-properties.ts';
import { custom, type Definition, type Option } from './definitions.ts';
import { changedBy, describedBy } from './described.ts';
import { Groups } from './groups.ts';
import { shippedFor } from './shipped.ts';

const UNIQUE_PROPERTIES_MAX = 10;
const CUSTOM_PROPERTIES_MAX = 1000;

function groupNameOf(type: ObjectType, definition: Definition): string {
  return definition.groupName === 'information' ? `${type.singular}information` : definition.groupName;
}

function optionsOf(pipelines: readonly Pipeline[], what: 'pipelines' | 'stages'): readonly Option[] {
  const rows = what === 'pipelines' ? pipelines : pipelines.flatMap(({ stages }) => stages);
  return rows.map(({ label, id }, displayOrder) => ({ label, value: id, displayOrder, hidden: false }));
}

const FROM_PIPELINES: Readonly<Record<string, 'pipelines' | 'stages'>> = {
  pipeline: 'pipelines',
  hs_pipeline: 'pipelines',
  dealstage: 'stages',
  hs_pipeline_stage: 'stages',
};

type Ways = { readonly uniqueId: boolean; readonly feedback: boolean; readonly pipelines: readonly Pipeline[] };

/** What somebody has made for the hub before it came. */
function ownOf(type: ObjectType, { uniqueId, feedback }: Ways): readonly Definition[] {
  const key = uniqueId && type.writable ? [custom('syncline_id', 'Syncline ID', 'string', { hasUniqueValue: true })] : [];
  return feedback && type.name === 'contacts' ? [...FEEDBACK_PROPERTIES, ...key] : key;
}

/** The property definitions and groups of one type of record. */
export class Schema {
  readonly type: ObjectType;
  readonly groups: Groups;
  readonly #definitions: Map<string, Definition>;

  constructor(type: ObjectType, ways: Ways) {
    this.type = type;
    const own = ownOf(type, ways);
    const shipped = shippedFor(type).map((one) => {
      const what = FROM_PIPELINES[one.name];
      if (what === undefined || ways.pipelines.length === 0) return one;
      const modificationMetadata = { ...one.modificationMetadata, readOnlyOptions: true };
      return { ...one, options: optionsOf(ways.pipelines, what), modificationMetadata };
    });
    this.#definitions = new Map([...shipped, ...own].map((one) => [one.name, { ...one, groupName: groupNameOf(type, one) }]));
    this.groups = new Groups([`${type.singular}information`, ...(own.length > 0 ? ['syncline'] : [])]);
  }

  /** The definition that is in use, or undefined. */
  find(name: string): Definition | undefined {
    const definition = this.#definitions.get(name);
    return definition?.archived === true ? undefined : definition;
  }

  /** The definition that is in use, or the one that is not any more. */
  get(name: string, archived = false): Definition {
    const definition = this.#definitions.get(name);
    if (definition?.archived !== archived) throw notFound(`Property ${name} does not exist`);
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
    if (!this.groups.has(groupName)) throw invalid(`Property group ${groupName} does not exist`);
    const described = describedBy(raw, name, groupName);
    this.#demandRoom(described);
    return this.#keep({ ...described, createdAt: at, updatedAt: at });
  }

  #demandRoom({ hasUniqueValue }: Definition): void {
    const own = this.list(false).filter((one) => !one.hubspotDefined);
    if (own.length >= CUSTOM_PROPERTIES_MAX) throw invalid(`At most ${CUSTOM_PROPERTIES_MAX} custom properties for each object type`);
    if (hasUniqueValue && own.filter((one) => one.hasUniqueValue).length >= UNIQUE_PROPERTIES_MAX)
      throw invalid(`You can have at most ${UNIQUE_PROPERTIES_MAX} unique properties for each object type`);
  }

  /** Changes what may change of a property: all that somebody in this portal made, and of what the vendor ships the options at most. */
  change(name: string, raw: Shape, at: string): Definition {
    const current = this.get(name);
    const { readOnlyDefinition, readOnlyOptions } = current.modificationMetadata;
    const isOfOptions = Object.keys(raw).every((part) => part === 'options');
    if (readOnlyDefinition && !(isOfOptions && readOnlyOptions === false)) throw invalid(`Property ${name} is read only`);
    if (raw.options !== undefined && (readOnlyOptions === true || current.externalOptions))
      throw invalid(`The options of property ${name} are read only`);
    const changed = changedBy(raw, current);
    if (!this.groups.has(changed.groupName)) throw invalid(`Property group ${changed.groupName} does not exist`);
    return this.#keep({ ...changed, updatedAt: at });
  }

  /** Takes a property out of use; what the vendor ships stays. */
  archive(name: string, at: string): void {
    const current = this.get(name);
    if (!current.modificationMetadata.archivable) throw invalid(`Property ${name} cannot be archived`);
    this.#keep({ ...current, archived: true, archivedAt: at });
  }

  /** Takes a property away for good, so that its name is free again. */
  forget(name: string): void {
    this.#definitions.delete(name);
  }

  removeGroup(name: string): void {
    this.groups.remove(
      name,
      this.list(false).some((one) => one.groupName === name),
    );
  }

  #keep(definition: Definition): Definition {
    this.#definitions.set(definition.name, definition);
    return definition;
  }
}
