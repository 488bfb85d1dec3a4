import { z } from '@hono/zod-openapi';
import { ENCODINGS } from '../../contract/files.ts';
import { Time } from './common.ts';

export const Import = z
  .object({
    /** Also the id of its run, by which it is taken back. */
    id: z.string(),
    connectionId: z.string(),
    object: z.string(),
    file: z.string(),
    size: z.number().nullable(),
    rows: z.int(),
    /** Rows that could not be read. */
    refused: z.int(),
    /** The line that follows what is stored. */
    line: z.int(),
    state: z.enum(['running', 'done', 'cut_off']),
    reason: z.string().nullable(),
    counts: z.record(z.string(), z.number()),
    startedAt: Time,
    doneAt: Time.nullable(),
  })
  .openapi('Import');

const RowError = z.object({ line: z.int(), field: z.string(), reason: z.string(), cells: z.array(z.string()).readonly() });
export const ImportErrors = z.object({ items: z.array(RowError).readonly(), total: z.int() }).openapi('ImportErrors');

/** What an import would come to; nothing is stored. */
export const Rehearsal = z
  .object({
    rows: z.int(),
    made: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    removed: z.int(),
    refused: z.int(),
    held: z.int(),
    /** The mapping names no id, so rows are told by their content. */
    untold: z.boolean(),
    missing: z.array(z.string()).readonly(),
    /** The first of what is wrong. */
    errors: z.array(RowError).readonly(),
  })
  .openapi('Rehearsal');

export const FilePreview = z
  .object({
    dialect: z.object({ encoding: z.enum(ENCODINGS), delimiter: z.string(), quote: z.string(), header: z.int() }),
    columns: z.array(z.string()).readonly(),
    rows: z.array(z.array(z.string()).readonly()).readonly(),
    /** A mapping that could read it, to be read over and kept under this name. */
    proposal: z.object({ file: z.string(), yaml: z.string(), object: z.string(), doubts: z.array(z.string()).readonly() }),
  })
  .openapi('FilePreview');

const file = z.string().min(1).max(200).optional().openapi({ description: 'The name of the file, for people.' });
const object = z.string().max(63).optional().openapi({ description: 'Where the connection takes several.' });
export const PreviewQuery = z.object({ object });
export const ImportQuery = z.object({
  file,
  object,
  dry: z.enum(['true', 'false']).optional().openapi({ description: 'Say what would come of it, and store nothing.' }),
});
/** The file itself, as it is. */
export const FileBody = { required: true, content: { 'text/csv': { schema: z.string().openapi({ format: 'binary' }) } } } as const;
