import type { ObjectType } from '../portal/object-types.ts';
import type { Portal, Table } from '../portal/portal.ts';
import { checkValues, demandUnique } from '../records/checking.ts';
import type { Stored } from '../records/records.ts';
import { changeRecord, createRecord } from '../records/writing.ts';
import type { End } from '../ties/associations.ts';
import { tie } from '../ties/tying.ts';
import { notFound, Refusal } from '../wire/refusal.ts';
import { attempt } from '../wire/requests.ts';
import type { Column, ImportPlan, Operation } from './import-plan.ts';

export type ImportError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly lineNumber: number;
  readonly column: number | null;
  readonly objectTypeId: string;
  readonly fileName: string;
  readonly rowData: readonly string[];
};
export type Counters = Record<'TOTAL_ROWS' | 'CREATED_OBJECTS' | 'UPDATED_OBJECTS' | 'ERRORS', number>;
export type Imported = { readonly counters: Counters; readonly errors: readonly ImportError[] };

const ERROR_TYPES: Readonly<Record<string, string>> = {
  INVALID_OPTION: 'INVALID_ENUMERATION_OPTION',
  INVALID_EMAIL: 'INVALID_EMAIL',
  INVALID_DOUBLE: 'COULD_NOT_PARSE_NUMBER',
  INVALID_DATE: 'COULD_NOT_PARSE_DATE',
  INVALID_OWNER_ID: 'COULD_NOT_FIND_OWNER',
  CONFLICTING_UNIQUE_VALUE: 'DUPLICATE_UNIQUE_PROPERTY_VALUE',
};

type Cell = Column & { readonly value: string; readonly at: number };
type Part = { readonly type: ObjectType; readonly cells: readonly Cell[] };

function holderOf({ records, schema, type }: Table, { property, value }: Cell): string | undefined {
  if (schema.isKey(property)) return records.holder(property, property === 'email' ? value.trim().toLowerCase() : value);
  // An import finds a company by its domain, although the API lets two of them have it.
  if (type.name !== 'companies' || property !== 'domain') return undefined;
  return [...records.all()].find((record) => record.archivedAt === null && record.properties.domain === value)?.id;
}

function targetOf(table: Table, { cells }: Part): Stored | null {
  const id = cells.find((cell) => cell.kind === 'id' && cell.value !== '');
  if (id !== undefined) {
    const record = table.records.live(id.value);
    if (record === undefined) throw notFound(`No ${table.type.singular} has the id ${id.value}`);
    return record;
  }
  const key =
    cells.find((cell) => cell.kind === 'key' && cell.value !== '') ?? cells.find((cell) => cell.property === 'email' && cell.value !== '');
  return key === undefined ? null : (table.records.live(holderOf(table, key) ?? '') ?? null);
}

function writePart(portal: Portal, part: Part, how: { readonly operation: Operation; readonly counters: Counters }): End {
  const { operation, counters } = how;
  const table = portal.table(part.type);
  const before = targetOf(table, part);
  if (before === null && operation === 'UPDATE') throw new Refusal(400, { message: 'Nothing to update', category: 'UPDATE_ONLY_IMPORT' });
  if (before !== null && operation === 'CREATE') throw new Refusal(400, { message: 'It exists already', category: 'CREATE_ONLY_IMPORT' });
  const cells = part.cells.filter(({ kind, value }) => kind !== 'id' && value !== '');
  const raw = Object.fromEntries(cells.map(({ property, value }) => [property, value]));
  const values = checkValues(portal, part.type, { raw, current: before, version: 'v3' });
  demandUnique(portal, part.type, { values, ownId: before?.id ?? null, claims: new Set() });
  const by = portal.apiUserId;
  counters[before === null ? 'CREATED_OBJECTS' : 'UPDATED_OBJECTS'] += 1;
  const record =
    before === null ? createRecord(portal, part.type, { values, by }) : changeRecord(portal, part.type, { before, values, by });
  return { type: part.type, id: record.id };
}

function partsOf(columns: readonly Column[], row: readonly string[]): readonly Part[] {
  const cells = columns.map((column, at) => ({ ...column, value: row[at] ?? '', at }));
  const types = [...new Set(cells.map(({ type }) => type))];
  return types.map((type) => ({ type, cells: cells.filter((cell) => cell.type === type) }));
}

function errorOf(refused: Refusal, part: Part): Pick<ImportError, 'errorType' | 'errorMessage' | 'column'> {
  const [first] = refused.body.errors ?? [];
  const name = first?.context?.propertyName?.[0];
  const column = part.cells.find(({ property }) => property === name)?.at ?? null;
  const isOwn = ['UPDATE_ONLY_IMPORT', 'CREATE_ONLY_IMPORT'].find((one) => one === refused.body.category);
  const errorType = isOwn ?? ERROR_TYPES[first?.code ?? ''] ?? (refused.status === 404 ? 'INVALID_RECORD_ID' : 'UNKNOWN_BAD_REQUEST');
  return { errorType, errorMessage: refused.message, column };
}

/** Carries an import out, row by row; objects that stand in one row are tied to each other. */
export function runImport(portal: Portal, plan: ImportPlan): Imported {
  const counters: Counters = { TOTAL_ROWS: 0, CREATED_OBJECTS: 0, UPDATED_OBJECTS: 0, ERRORS: 0 };
  const errors: ImportError[] = [];
  for (const { name, columns, rows, firstLine } of plan.sheets) {
    for (const [nth, row] of rows.entries()) {
      counters.TOTAL_ROWS += 1;
      const ends = partsOf(columns, row).flatMap((part) => {
        const operation = plan.operations.get(part.type.name) ?? 'UPSERT';
        const tried = attempt(() => writePart(portal, part, { operation, counters }));
        if ('done' in tried) return [tried.done];
        counters.ERRORS += 1;
        const where = { lineNumber: firstLine + nth, objectTypeId: part.type.typeId, fileName: name, rowData: row };
        errors.push({ ...errorOf(tried.refused, part), ...where });
        return [];
      });
      const [first, ...others] = ends;
      if (first !== undefined) for (const to of others) tie(portal, { from: first, to, by: portal.apiUserId });
    }
  }
  return { counters, errors };
}
