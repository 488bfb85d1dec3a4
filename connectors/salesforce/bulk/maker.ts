import type { BulkJob, BulkLook, BulkMaker } from '../../../src/contract/bulk.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { parseJob, type VendorJob } from '../http/wire.ts';
import { KEY_FIELD } from '../manifest.ts';
import type { Room } from '../room.ts';
import { hasKey } from '../schema/schema.ts';
import { type Body, encodeWrite, knownFor } from '../write/encode-write.ts';
import { parentOf } from '../write/parent.ts';
import { outcomesOf } from './outcomes.ts';
import { type UploadRow, uploadRow, uploadText } from './rows.ts';

/** An upload may have 100 MB. It is held in memory and sent within the time of one call, so it stays far below. */
const ROWS_MAX = 50_000;
const BYTES_MAX = 16_000_000;

/** Makes records by Bulk API 2.0 ingest jobs, as upserts by the hub's key, so that a row which is sent twice makes one record. */
export function openBulkMaker(room: Room): BulkMaker {
  return {
    begin: async (due) => (due >= room.bulkWritesFrom() && isPossible(room) && hasKey(await room.schema.fields()) ? newJob(room) : null),
    look: (job) => look(room, job),
  };
}

/** A job knows no headers: neither that rules which only warn are to be saved over, nor that the org's own assignment rule is to be run. */
function isPossible({ client: { writeHeaders }, type }: Room): boolean {
  return writeHeaders['Sforce-Duplicate-Rule-Header'] === undefined && !(type.queues && writeHeaders['Sforce-Auto-Assign'] === 'TRUE');
}

function newJob(room: Room): BulkJob {
  const rows: UploadRow[] = [];
  let bytes = 0;
  return {
    isFull: () => rows.length >= ROWS_MAX || bytes >= BYTES_MAX,
    async add(creates) {
      const known = await knownFor(room, creates);
      return creates.map((create) => {
        const row = rowOf(encodeWrite(room, create, known));
        if (row === null) return false;
        rows.push(row);
        bytes += row.size;
        return true;
      });
    },
    start: (named) => start(room, rows, named),
  };
}

// What does not fit is refused by the other way, which says why.
const rowOf = (body: Body | HubError): UploadRow | null => (body instanceof HubError ? null : uploadRow(body, parentOf(body)));

async function start({ client, type }: Room, rows: readonly UploadRow[], named: (job: string) => Promise<void>): Promise<void> {
  const made = { object: type.name, operation: 'upsert', externalIdFieldName: KEY_FIELD, contentType: 'CSV', lineEnding: 'LF' };
  const { id } = parseJob((await client.send({ method: 'POST', path: '/jobs/ingest', body: made })).body);
  await named(id);
  await client.send({ method: 'PUT', path: `/jobs/ingest/${id}/batches`, csv: uploadText(rows) });
  await client.send({ method: 'PATCH', path: `/jobs/ingest/${id}`, body: { state: 'UploadComplete' } });
}

/** A job that is still open was never handed over, and is aborted: a process that comes back late can start it no more. */
async function look(room: Room, id: string): Promise<BulkLook> {
  const job = await find(room, { method: 'GET', path: `/jobs/ingest/${id}` });
  if (job === null) return { kind: 'lost' };
  if (job.state !== 'Open') return lookOf(room, job);
  const aborted = await find(room, { method: 'PATCH', path: `/jobs/ingest/${id}`, body: { state: 'Aborted' } });
  return aborted?.state === 'Aborted' && aborted.processed === 0 ? { kind: 'undone' } : { kind: 'running' };
}

async function find({ client }: Room, call: Parameters<Room['client']['send']>[0]): Promise<VendorJob | null> {
  try {
    return parseJob((await client.send(call)).body);
  } catch (error) {
    // Jobs are forgotten after seven days; and one that was started a moment ago is not to be aborted.
    if (error instanceof HubError && ['misconfigured', 'gone', 'record_rejected'].includes(error.kind)) return null;
    throw error;
  }
}

function lookOf(room: Room, job: VendorJob): BulkLook {
  const isOver = ['JobComplete', 'Failed', 'Aborted'].includes(job.state);
  if (!isOver) return { kind: 'running' };
  return { kind: 'over', well: job.state === 'JobComplete', outcomes: () => outcomesOf(room, job) };
}
