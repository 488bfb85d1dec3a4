import { readImport } from '../bulk/import-plan.ts';
import type { Import, Imports } from '../bulk/imports.ts';
import type { Portal } from '../portal/portal.ts';
import { invalid, Refusal } from '../wire/refusal.ts';
import { type Api, type Call, demandRight, pagingTo, pathPart, queryLimit } from '../wire/requests.ts';
import { object, type Shape } from '../wire/shapes.ts';

const FILE_BYTES_MAX = 512_000_000;
const FILE_ROWS_MAX = 1_048_576;
const iso = (ms: number): string => new Date(ms).toISOString();

function show(imports: Imports, one: Import): Shape {
  return {
    id: one.id,
    state: imports.state(one),
    importName: one.plan.name,
    importSource: 'API',
    importRequestJson: one.plan.request,
    mappedObjectTypeIds: [...new Set(one.plan.sheets.flatMap(({ columns }) => columns.map(({ type }) => type.typeId)))],
    optOutImport: false,
    metadata: { counters: one.imported?.counters ?? {}, fileIds: one.plan.sheets.map((_, at) => String(at + 1)), objectLists: [] },
    createdAt: iso(one.askedAtMs),
    updatedAt: iso(one.startsAtMs),
  };
}

function parsed(raw: unknown): Shape {
  if (typeof raw !== 'string') throw invalid('Some required fields were not set: [importRequest]');
  try {
    return object(JSON.parse(raw), 'importRequest');
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalid(`Invalid input JSON in importRequest: ${cause.message}`);
    throw cause;
  }
}

async function contentsOf(form: FormData): Promise<ReadonlyMap<string, string>> {
  const files = form.getAll('files').filter((one): one is File => typeof one !== 'string');
  if (files.some(({ size }) => size > FILE_BYTES_MAX)) throw new Refusal(429, { message: 'A file may have at most 512 MB' });
  return new Map(await Promise.all(files.map(async (file) => [file.name, await file.text()] as const)));
}

async function start(portal: Portal, imports: Imports, c: Call): Promise<Import> {
  if (!(c.req.header('content-type') ?? '').startsWith('multipart/form-data')) throw invalid('An import comes as multipart/form-data');
  const form = await c.req.raw.formData();
  const plan = readImport(portal, parsed(form.get('importRequest')), await contentsOf(form));
  if (plan.sheets.some(({ rows }) => rows.length > FILE_ROWS_MAX))
    throw new Refusal(429, { message: `At most ${FILE_ROWS_MAX} rows a file` });
  return imports.start(c.get('caller').appId, plan);
}

function errorsOf(one: Import): readonly Shape[] {
  return (one.imported?.errors ?? []).map(({ lineNumber, column, rowData, fileName, ...error }, at) => ({
    id: String(at + 1),
    createdAt: one.startsAtMs,
    ...error,
    sourceData: { lineNumber, rowData, fileId: 1, pageName: fileName, containsEncryptedProperties: false },
    ...(column === null ? {} : { knownColumnNumber: column + 1 }),
  }));
}

/** What comes in by file; each app sees its own. */
export function importRoutes(api: Api, portal: Portal, imports: Imports): void {
  const path = '/crm/v3/imports';
  const appOf = (c: Call): number => {
    demandRight(c, ['crm.import']);
    return c.get('caller').appId;
  };
  api.post(path, async (c) => {
    appOf(c);
    return c.json(show(imports, await start(portal, imports, c)));
  });
  api.get(path, (c) => c.json({ results: imports.of(appOf(c)).map((one) => show(imports, one)) }));
  api.get(`${path}/:id`, (c) => c.json(show(imports, imports.get(appOf(c), pathPart(c, 'id')))));
  api.get(`${path}/:id/errors`, (c) => {
    const errors = errorsOf(imports.get(appOf(c), pathPart(c, 'id')));
    const limit = queryLimit(c, { initial: 100, max: 100 });
    const begin = Number(c.req.query('after') ?? 0);
    const next = begin + limit < errors.length ? String(begin + limit) : null;
    return c.json({ results: errors.slice(begin, begin + limit), ...pagingTo(c, next) });
  });
  api.post(`${path}/:id/cancel`, (c) => {
    imports.cancel(appOf(c), pathPart(c, 'id'));
    const at = portal.now().toISOString();
    return c.json({ status: 'COMPLETE', startedAt: at, completedAt: at });
  });
}
