import type { FieldSchema } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { type Client, UNCHANGED } from '../http/client.ts';
import { parseDescribe, type VendorField } from '../http/wire.ts';
import { KEY_FIELD } from '../manifest.ts';
import { type ObjectType, OWNER_COLUMN, OWNER_FIELD, PERSON_MARK } from '../object-types.ts';
import { isVirtual, type Room } from '../room.ts';
import type { Users } from './users.ts';
import { fieldTypeOf, type Types } from './values.ts';

/** True when repeats of a create can be told from new ones. */
export function hasKey(fields: Fields): boolean {
  const key = fields.get(KEY_FIELD);
  return key?.externalId === true && key.createable;
}

export type Fields = ReadonlyMap<string, VendorField>;
type Described = { readonly fields: Fields; readonly children: ReadonlySet<string> };

/** What the integration user sees of one Salesforce object; asked for once, and again whenever `refresh` is called. */
export type Schema = {
  readonly users: Users;
  fields(): Promise<Fields>;
  refresh(): Promise<Fields>;
  /** The names by which queries reach what hangs on a record. */
  children(): Promise<ReadonlySet<string>>;
  /** The types of `asked` and of what marks person accounts, out of `remembered` when it has them all and nothing newer is at hand. */
  typesOf(asked: readonly string[], remembered: Types): Promise<Types>;
};

/** Opens the schema of one object. */
export function openSchema(client: Client, type: ObjectType, users: Users): Schema {
  let described: Promise<Described> | null = null;
  let last: { readonly of: Described; readonly modified: string } | null = null;

  async function describe(): Promise<Described> {
    const headers: Readonly<Record<string, string>> = last === null ? {} : { 'if-modified-since': last.modified };
    const { status, body, header } = await client.send({ method: 'GET', path: `/sobjects/${type.name}/describe`, headers });
    if (status === UNCHANGED && last !== null) return last.of;
    const { fields, children } = parseDescribe(body);
    const now = { fields: new Map(fields.map((field) => [field.name, field])), children };
    const modified = header('last-modified');
    last = modified === null ? null : { of: now, modified };
    return now;
  }
  function refresh(): Promise<Described> {
    const asked = describe();
    described = asked;
    asked.catch(() => {
      // Whoever asked hears of it; the next one asks again.
      if (described === asked) described = null;
    });
    return asked;
  }
  const latest = () => described ?? refresh();
  const fields = async () => (await latest()).fields;

  return {
    users,
    fields,
    refresh: async () => (await refresh()).fields,
    children: async () => (await latest()).children,
    async typesOf(asked, remembered) {
      const named = [...asked.filter((name) => !isVirtual(type, name)), ...(type.persons === null ? [] : [PERSON_MARK])];
      if (described === null && named.every((name) => Object.hasOwn(remembered, name))) return remembered;
      const known = await fields();
      return Object.fromEntries(named.map((name) => [name, known.get(name)?.type ?? 'string']));
    },
  };
}

function toSchema({ madeWith }: ObjectType, field: VendorField): FieldSchema[] {
  const type = fieldTypeOf(field.type);
  if (type === null || field.hidden) return [];
  const required = field.createable && !field.nillable && !field.defaultedOnCreate;
  const hasLength = (type === 'text' || type === 'long_text') && field.length > 0;
  return [
    {
      name: field.name,
      label: field.label,
      type,
      // What can be set once but never changed (audit stamps) is no field to keep in step.
      writable: field.updateable || required || (field.createable && madeWith.includes(field.name)),
      required,
      ...(field.unique ? { unique: true } : {}),
      ...(field.calculated ? { calculated: true } : {}),
      maxLength: hasLength ? field.length : null,
      choices: field.restrictedPicklist ? field.options : null,
    },
  ];
}

function tieField({ tie }: ObjectType, children: ReadonlySet<string>): readonly FieldSchema[] {
  if (tie === null || (tie.isOptional && !children.has(tie.children))) return [];
  const { field: name, label } = tie;
  return [{ name, label, type: 'references', writable: true, required: false, maxLength: null, choices: null }];
}

function slotFields({ slots }: ObjectType, fields: Fields): readonly FieldSchema[] {
  return slots.flatMap(({ field, label, column }): FieldSchema[] => {
    const behind = fields.get(column);
    if (behind === undefined) return [];
    return [{ name: field, label, type: 'references', writable: behind.updateable, required: false, maxLength: null, choices: null }];
  });
}

async function ownerChoices(users: Users): Promise<FieldSchema['choices']> {
  try {
    return (await users.refresh()).flatMap(({ email, name }) => (email === null ? [] : [{ value: email.toLowerCase(), label: name }]));
  } catch (error) {
    // An integration user that may not see users can still read and write everything else.
    if (error instanceof HubError && (error.kind === 'not_allowed' || error.kind === 'misconfigured')) return null;
    throw error;
  }
}

/** The live schema in our words, with the owner as a virtual field by e-mail. */
export async function showFields({ schema, type }: Pick<Room, 'schema' | 'type'>): Promise<readonly FieldSchema[]> {
  const fields = await schema.refresh();
  const shown = [
    ...[...fields.values()].flatMap((field) => toSchema(type, field)),
    ...slotFields(type, fields),
    ...tieField(type, await schema.children()),
  ];
  const owner = fields.get(OWNER_COLUMN);
  if (owner === undefined) return shown;
  const choices = await ownerChoices(schema.users);
  const unique = choices && [...new Map(choices.map((choice) => [choice.value, choice])).values()];
  const writable = owner.updateable;
  return [
    ...shown,
    {
      name: OWNER_FIELD,
      label: 'Owner (e-mail)',
      type: 'choice',
      writable,
      required: false,
      stopgap: true,
      maxLength: null,
      choices: unique,
    },
  ];
}
