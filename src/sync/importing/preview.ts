import type { Dialect } from '../../contract/files.ts';
import { type Proposal, propose } from '../../mapping/arriving/propose.ts';
import type { Engine } from '../engine.ts';
import { openFile } from './open-file.ts';
import { findDoor } from './wanted.ts';

/** What a file shows at its beginning, and a mapping that could read it. */
export type Preview = {
  readonly dialect: Dialect;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly proposal: Proposal;
};

const UNTOLD = { encoding: null, delimiter: null, quote: null, header: null } as const;
const SHOWN = 20;

/** Looks at a file for a connection that takes files; nothing is stored. */
export async function previewFile(
  engine: Engine,
  wish: { readonly connection: string; readonly object?: string | undefined; readonly bytes: AsyncIterable<Uint8Array> },
): Promise<Preview> {
  const { door, port } = await findDoor(engine, wish.connection);
  const { dialect, columns, rows } = await openFile(port, wish.bytes, UNTOLD);
  const cells = rows.map((row) => row.cells);
  const about = { connector: door.connector, connection: door.name, object: wish.object };
  return {
    dialect,
    columns,
    rows: cells.slice(0, SHOWN),
    proposal: propose({ dialect, columns, rows: cells }, engine.mappings.model, about),
  };
}
