import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { importErrors, readImportErrors } from '../../hub/runs/imports.ts';
import { connectionById } from '../../hub/views/connections.ts';
import { type ImportView, importById, listImports } from '../../hub/views/imports.ts';
import { mapSlice } from '../../hub/views/slice.ts';
import { csvLine } from '../../kernel/csv.ts';
import { afterOf, ById, Listing, listed } from '../listing.ts';
import { acting, answers, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow, type Env, type Operator } from '../security/operator.ts';
import { hearsVendors } from '../security/veil.ts';
import { listOf } from '../shapes/common.ts';
import { FileBody, FilePreview, Import, ImportErrors, ImportQuery, PreviewQuery, Rehearsal } from '../shapes/imports.ts';

const tags = ['imports'];
const SHOWN_ERRORS = 100;
const preview = createRoute({
  method: 'post',
  path: '/connections/{id}/imports/preview',
  tags,
  summary: 'Look at the beginning of a file: how it is written, its columns, and a mapping that could read it',
  ...allow('steward'),
  request: { params: ById, query: PreviewQuery, body: FileBody },
  responses: answers(FilePreview, 'Nothing is stored'),
});
const run = createRoute({
  method: 'post',
  path: '/connections/{id}/imports',
  tags,
  summary: 'Import a file, which is read as it arrives. Cut off in the midst and sent again, it goes on where it was',
  ...allow('steward'),
  request: { params: ById, query: ImportQuery, body: FileBody },
  responses: answers(z.union([Import, Rehearsal]), 'The import, once it is done; with `dry` what would come of it'),
});
const list = createRoute({
  method: 'get',
  path: '/connections/{id}/imports',
  tags,
  summary: 'The files that were imported, and how far they are',
  ...allow('viewer'),
  request: { params: ById, query: Listing },
  responses: answers(listOf(Import), 'The newest first'),
});
const read = createRoute({
  method: 'get',
  path: '/imports/{id}',
  tags,
  summary: 'One import',
  ...allow('viewer'),
  request: { params: ById },
  responses: answers(Import, 'As it is now'),
});
const errors = createRoute({
  method: 'get',
  path: '/imports/{id}/errors',
  tags,
  summary: 'The rows that could not be read, with line and reason; all of them as CSV',
  ...allow('steward'),
  request: { params: ById, query: z.object({ format: z.enum(['json', 'csv']).optional().openapi({ default: 'json' }) }) },
  responses: {
    200: {
      description: `The first ${SHOWN_ERRORS}, or all as CSV`,
      content: { 'application/json': { schema: ImportErrors }, 'text/csv': { schema: z.string() } },
    },
  },
});

/** Files that are imported: looked at, tried, read, listed. */
export function importRoutes(parts: AppParts) {
  const { hub } = parts;
  const known = async (id: string) => void found(await connectionById(hub, id), 'connection');
  return newApi()
    .openapi(preview, async (c) => {
      const { id } = c.req.valid('param');
      await known(id);
      const came = await acting(parts).previewFile(id, { ...c.req.valid('query'), bytes: bytesOf(c) });
      return c.json(accepted(came), 200);
    })
    .openapi(run, async (c) => {
      const { id } = c.req.valid('param');
      const { file = 'upload', object, dry } = c.req.valid('query');
      await known(id);
      const length = Number(c.req.header('content-length') ?? Number.NaN);
      const size = Number.isFinite(length) ? length : null;
      const upload = { file, object, size, bytes: bytesOf(c), actor: actorOf(c.var.operator), signal: c.req.raw.signal };
      if (dry === 'true') return c.json(accepted(await acting(parts).rehearseImport(id, upload)), 200);
      const { run: runId } = accepted(await acting(parts).importFile(id, upload));
      return c.json(found(await importById(hub, runId), 'import'), 200);
    })
    .openapi(list, async (c) => {
      const { id } = c.req.valid('param');
      await known(id);
      const page = await listImports(hub, id, afterOf('imports', c.req.valid('query')));
      return c.json(listed('imports', mapSlice(page, heardBy(c.var.operator))), 200);
    })
    .openapi(read, async (c) => c.json(heardBy(c.var.operator)(found(await importById(hub, c.req.valid('param').id), 'import')), 200))
    .openapi(errors, async (c) => {
      const { id } = c.req.valid('param');
      const one = found(await importById(hub, id), 'import');
      if (c.req.valid('query').format === 'csv') {
        c.header('content-disposition', 'attachment; filename="errors.csv"');
        return c.body(errorsAsCsv(parts, id), 200, { 'content-type': 'text/csv; charset=utf-8' });
      }
      const items = await importErrors(hub, id, { after: { line: 0, field: '' }, limit: SHOWN_ERRORS });
      return c.json({ items, total: Math.max(one.refused, items.length) }, 200);
    });
}

/** An import, without the words of a fault that its reader may not hear. */
const heardBy =
  ({ role }: Operator) =>
  (view: ImportView): ImportView => ({ ...view, reason: hearsVendors(role) ? view.reason : null });

function bytesOf(c: Context<Env>): AsyncIterable<Uint8Array> {
  const { body } = c.req.raw;
  if (body === null) throw new Problem(400, 'Send the file as the body of the request.');
  return body;
}

function accepted<Came extends object>(came: Came | { readonly refused: string }): Came {
  if ('refused' in came && typeof came.refused === 'string') throw new Problem(422, came.refused);
  return came as Came;
}

function errorsAsCsv({ hub }: AppParts, id: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const lines = readImportErrors(hub, id);
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(`\ufeff${csvLine(['line', 'column', 'reason', 'row'])}`)),
    async pull(controller) {
      const next = await lines.next();
      if (next.done === true) return controller.close();
      const text = next.value.map(({ line, field, reason, cells }) => csvLine([String(line), field, reason, ...cells])).join('');
      controller.enqueue(encoder.encode(text));
    },
    cancel: async () => void (await lines.return(undefined)),
  });
}
