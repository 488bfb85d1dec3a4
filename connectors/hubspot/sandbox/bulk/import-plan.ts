import type { ObjectType } from '../portal/object-types.ts';
import type { Portal } from '../portal/portal.ts';
import { invalid } from '../wire/refusal.ts';
import { array, object, optionalText, type Shape, text } from '../wire/shapes.ts';
import { readCsv } from './csv.ts';

export const OPERATIONS = ['UPSERT', 'CREATE', 'UPDATE'] as const;
export type Operation = (typeof OPERATIONS)[number];
export type Column = { readonly type: ObjectType; readonly property: string; readonly kind: 'id' | 'key' | 'value' };
type Sheet = {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly firstLine: number;
};
export type ImportPlan = {
  readonly name: string;
  readonly request: Shape;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly sheets: readonly Sheet[];
};

function columnFrom(portal: Portal, raw: unknown): Column {
  const { columnObjectTypeId, propertyName, columnType } = object(raw, 'columnMappings[]');
  const type = portal.types.named(text(columnObjectTypeId, 'columnObjectTypeId'));
  if (columnType === 'HUBSPOT_OBJECT_ID') return { type, property: 'hs_object_id', kind: 'id' };
  const property = text(propertyName, 'propertyName');
  portal.table(type).schema.get(property);
  return { type, property, kind: columnType === 'HUBSPOT_ALTERNATE_ID' ? 'key' : 'value' };
}

function sheetFrom(portal: Portal, raw: unknown, contents: ReadonlyMap<string, string>): Sheet {
  const { fileName, fileFormat, fileImportPage } = object(raw, 'files[]');
  const name = text(fileName, 'fileName');
  const content = contents.get(name);
  if (content === undefined) throw invalid(`No file named ${name} came with the import`);
  if (fileFormat !== undefined && fileFormat !== 'CSV') throw invalid('This portal imports CSV only');
  const { hasHeader, columnMappings } = object(fileImportPage, 'fileImportPage');
  const columns = array(columnMappings, 'columnMappings').map((one) => columnFrom(portal, one));
  const all = readCsv(content);
  if ((all[0]?.length ?? 0) !== columns.length) throw invalid(`Every column of ${name} must be mapped, in its order`);
  const headed = hasHeader !== false;
  return { name, columns, rows: headed ? all.slice(1) : all, firstLine: headed ? 2 : 1 };
}

/** What an import is to do, or what is wrong with it. */
export function readImport(portal: Portal, request: Shape, contents: ReadonlyMap<string, string>): ImportPlan {
  const asked = Object.entries(object(request.importOperations ?? {}, 'importOperations'));
  const operations = asked.map(([word, raw]): readonly [string, Operation] => {
    const operation = OPERATIONS.find((one) => one === raw);
    if (operation === undefined) throw invalid(`An import operation is one of ${OPERATIONS.join(', ')}`);
    return [portal.types.named(word).name, operation];
  });
  return {
    name: optionalText(request.name, 'name') ?? '',
    request,
    operations: new Map(operations),
    sheets: array(request.files, 'files').map((raw) => sheetFrom(portal, raw, contents)),
  };
}
