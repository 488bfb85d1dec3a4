import { createHash } from 'node:crypto';
import { HubError } from '../../contract/errors.ts';
import type { FilePort, GivenDialect, Look } from '../../contract/files.ts';
import { columnsOf } from '../../mapping/arriving/row-item.ts';

/** As much of a file as it takes to see how it is written. */
const HEAD_BYTES = 1024 * 1024;

export type OpenFile = Look & {
  readonly columns: readonly string[];
  /** The digest of its beginning. */
  readonly head: string;
  /** All of it, from its beginning on; once. */
  readonly bytes: AsyncIterable<Uint8Array>;
};

/** Looks at the beginning of a file, and gives all of it back. */
export async function openFile(port: FilePort, bytes: AsyncIterable<Uint8Array>, given: GivenDialect): Promise<OpenFile> {
  const rest = bytes[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let isWhole = false;
  for (let size = 0; size < HEAD_BYTES && !isWhole; ) {
    const next = await rest.next();
    if (next.done === true) isWhole = true;
    else {
      chunks.push(next.value);
      size += next.value.length;
    }
  }
  const whole = Buffer.concat(chunks);
  const head = whole.subarray(0, HEAD_BYTES);
  const look = port.look(head, given, isWhole && whole.length <= HEAD_BYTES);
  if (look.names.length === 0) throw new HubError('broken_answer', 'The file has no columns');
  return {
    ...look,
    columns: columnsOf(look.names),
    head: createHash('sha256').update(head).digest('base64url'),
    bytes: goOn(chunks, rest),
  };
}

async function* goOn(chunks: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let next = chunks.shift(); next !== undefined; next = chunks.shift()) yield next;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
