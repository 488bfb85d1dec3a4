import type { Org } from '../org.ts';
import { deleteRecord } from '../records/bin.ts';
import { type Caller, type Input, matches } from '../records/input.ts';
import { createRecord, updateRecord } from '../records/save.ts';
import { Refusal } from '../refusal.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';

/** Rows of one trigger chunk, and how many chunks are written at the same time. */
const CHUNK_ROWS = 200;
const CHUNKS_AT_ONCE = 4;

export const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'] as const;
export type Operation = (typeof OPERATIONS)[number];

export type Load = {
  readonly operation: Operation;
  readonly schema: ObjectSchema;
  readonly externalId: string | null;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly caller: Caller;
};

/** What became of one row, which is given as it came. */
export type RowDone = { readonly row: readonly string[]; readonly id: string; readonly created: boolean; readonly error: string | null };

/** The columns that the object does not have, or that security hides. */
export function unknownColumns(org: Org, schema: ObjectSchema, header: readonly string[]): readonly string[] {
  return header.filter((column) => {
    const [name = '', key] = column.split('.');
    if (key === undefined) return org.visibleField(schema, name) === undefined;
    const through = org.visibleFields(schema).find(({ relationship }) => relationship?.toLowerCase() === name.toLowerCase());
    return through === undefined || !through.referenceTo.some((to) => org.visibleField(org.schema(to), key) !== undefined);
  });
}

/** Writes row after row; one that is refused says why, and the others go on. */
export function loadRows(org: Org, load: Load): readonly RowDone[] {
  const locked = org.switches.bulkParentLocks ? rowsInEachOthersWay(load) : new Set<number>();
  const seen = new Set<string>();
  return load.rows.map((row, i) => {
    try {
      if (locked.has(i)) throw new Refusal('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record or 1 records');
      return { row, error: null, ...org.store.attempt(() => loadRow(org, load, row, seen)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { row, id: '', created: false, error: `${error.code}:${error.message}:${error.fields.join(' ')} --` };
    }
  });
}

/** Rows whose parent another chunk, not next to theirs, writes at the same time. */
function rowsInEachOthersWay({ header, rows }: Load): ReadonlySet<number> {
  const column = header.findIndex((name) => /^(AccountId|Account\.|OpportunityId|CampaignId)/i.test(name));
  const chunksOf = new Map<string, Set<number>>();
  if (column < 0) return new Set();
  rows.forEach((row, i) => {
    const parent = row[column] ?? '';
    if (parent === '') return;
    const chunks = chunksOf.get(parent) ?? new Set();
    chunksOf.set(parent, chunks.add(Math.floor(i / CHUNK_ROWS)));
  });
  const isInTheWay = (row: readonly string[], i: number) => {
    const mine = Math.floor(i / CHUNK_ROWS);
    const wave = Math.floor(mine / CHUNKS_AT_ONCE);
    const others = [...(chunksOf.get(row[column] ?? '') ?? [])];
    return others.some((chunk) => Math.floor(chunk / CHUNKS_AT_ONCE) === wave && mine - chunk > 1);
  };
  return new Set(rows.flatMap((row, i) => (isInTheWay(row, i) ? [i] : [])));
}

function loadRow(org: Org, { operation, schema, externalId, header, caller }: Load, row: readonly string[], seen: Set<string>) {
  const input = inputOf(schema, header, row);
  const idName = Object.keys(input).find((name) => name.toLowerCase() === 'id') ?? 'Id';
  const { [idName]: id, ...rest } = input;
  const wanted = typeof id === 'string' ? id : '';
  switch (operation) {
    case 'insert':
      return { id: createRecord(org, schema, input, caller), created: true };
    case 'update':
      if (wanted === '') throw new Refusal('MISSING_ARGUMENT', 'Id not specified in an update call', { fields: ['Id'] });
      updateRecord(org, schema, { id: wanted, input: rest }, caller);
      return { id: wanted, created: false };
    case 'delete':
    case 'hardDelete':
      deleteRecord(org, schema, wanted, caller);
      if (operation === 'hardDelete') org.store.purge(schema.name, wanted);
      return { id: wanted, created: false };
    case 'upsert':
      return upsert(org, { schema, key: externalId ?? '', input: rest, caller }, seen);
  }
}

type Upsert = { readonly schema: ObjectSchema; readonly key: string; readonly input: Input; readonly caller: Caller };

function upsert(org: Org, { schema, key, input, caller }: Upsert, seen: Set<string>) {
  const name = Object.keys(input).find((one) => one.toLowerCase() === key.toLowerCase());
  const value = name === undefined ? null : input[name];
  if (typeof value !== 'string') throw new Refusal('MISSING_ARGUMENT', `${key} not specified`, { fields: [key] });
  if (seen.has(value.toLowerCase())) throw new Refusal('DUPLICATE_VALUE', `Duplicate external id specified: ${value}`, { fields: [key] });
  seen.add(value.toLowerCase());
  const [id, more] = matches(org, schema, key, value);
  if (more !== undefined)
    throw new Refusal('DUPLICATE_EXTERNAL_ID', `${key}: more than one record found for external id field: [${id}, ${more}]`);
  if (id === undefined) return { id: createRecord(org, schema, input, caller), created: true };
  updateRecord(org, schema, { id, input }, caller);
  return { id, created: false };
}

/** The fields of a row: an empty cell says nothing, `#N/A` empties the field. */
function inputOf(schema: ObjectSchema, header: readonly string[], row: readonly string[]): Input {
  const input: Record<string, unknown> = {};
  header.forEach((column, i) => {
    const given = row[i] ?? '';
    if (given === '') return;
    const value = given === '#N/A' ? null : given;
    const [name = '', key] = column.split('.');
    if (key !== undefined) input[name] = value === null ? null : { [key]: value };
    else input[name] = typeof value === 'string' && schema.fields.get(name.toLowerCase())?.type === 'boolean' ? booleanOf(value) : value;
  });
  return input;
}

function booleanOf(value: string): boolean | string {
  if (/^(true|1)$/i.test(value)) return true;
  return /^(false|0)$/i.test(value) ? false : value;
}
