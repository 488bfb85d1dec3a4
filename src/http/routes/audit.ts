import { createRoute, z } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import { allAudit, listAudit } from '../../hub/access/audit.ts';
import { AUDIT_FORMATS, auditView, exportAudit } from '../../hub/access/audit-export.ts';
import { AUDIT_KINDS } from '../../hub/tables/access.ts';
import { afterOf, Guid, Listing, listed } from '../listing.ts';
import { acting, answers, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { allow } from '../security/operator.ts';
import { AuditLine } from '../shapes/access.ts';
import { listOf, Moment } from '../shapes/common.ts';

const tags = ['access'];
const Wanted = z.object({
  kind: z.enum(AUDIT_KINDS).optional().openapi({ description: 'Something done, somebody looked at, or somebody coming in.' }),
  actor: z.string().max(100).optional().openapi({ example: 'operator:0198c1b2-7f0e-7cc3-9a51-3b1d2f6c8e10' }),
  action: z.string().max(200).optional(),
  subject: Guid.optional().openapi({ description: 'What it was done to, or whose data was seen.' }),
  from: Moment.optional(),
  until: Moment.optional(),
});
const list = createRoute({
  method: 'get',
  path: '/audit',
  tags,
  summary: 'Who did what, who looked at whom, and who came in',
  ...allow('admin'),
  request: { query: Listing.extend(Wanted.shape) },
  responses: answers(listOf(AuditLine), 'The newest first'),
});
const download = createRoute({
  method: 'get',
  path: '/audit/export',
  tags,
  summary: 'The audit log as a file',
  ...allow('admin'),
  request: { query: Wanted.extend({ format: z.enum(AUDIT_FORMATS).optional().openapi({ default: 'csv' }) }) },
  responses: {
    200: {
      description: 'CSV, or one JSON a line',
      content: { 'text/csv': { schema: z.string() }, 'application/jsonl': { schema: z.string() } },
    },
  },
});

/** The audit log: listed and exported. Nothing here changes it. */
export function auditRoutes(parts: AppParts) {
  const { hub } = parts;
  return newApi()
    .openapi(list, async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const { items, last } = await listAudit(hub, filter, afterOf('audit', { limit, cursor }));
      return c.json(listed('audit', { items: items.map(auditView), last }), 200);
    })
    .openapi(download, async (c) => {
      const { format = 'csv', ...filter } = c.req.valid('query');
      // The edge lets go of its database with the answer, before a long file has been read.
      acting(parts);
      c.header('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl');
      c.header('content-disposition', `attachment; filename="audit.${format}"`);
      return stream(c, async (out) => {
        for await (const piece of exportAudit(format, allAudit(hub, filter))) {
          if (out.aborted) return;
          await out.write(piece);
        }
      });
    });
}
