import { findConnection, listStreams } from '../hub/connections/connections.ts';
import type { Services } from '../services.ts';
import { setEnabled } from '../sync/connecting/connect.ts';

export type EnableWish = { readonly enabled: boolean | 'shadow'; readonly object?: string | undefined };

/** Switches connections on or off, or one object of them, and says what came of it. */
export async function enableCommand(
  services: Pick<Services, 'engine' | 'hub'>,
  names: readonly string[],
  wish: EnableWish,
): Promise<number> {
  for (const name of names) {
    const of = wish.object === undefined ? '' : ` with the object ${wish.object}`;
    if (!(await setEnabled(services.engine, name, wish.enabled, wish.object))) {
      process.stderr.write(`There is no connection "${name}"${of}.\n`);
      return 1;
    }
    process.stdout.write(`${await enabledInWords(services, name, wish)}\n`);
  }
  return 0;
}

/** What switching a connection on or off came to. One that is a shadow stays one: only its plan lets it go live. */
export async function enabledInWords({ hub }: Pick<Services, 'hub'>, name: string, { enabled, object }: EnableWish): Promise<string> {
  const what = object === undefined ? name : `${name} ${object}`;
  if (enabled === false) return `disabled ${what}`;
  const connection = await findConnection(hub, name);
  const streams = connection === undefined ? [] : await listStreams(hub, { connectionId: connection.id });
  const shadows = streams.filter((stream) => stream.mode === 'shadow' && (object === undefined || stream.object === object));
  if (shadows.length === 0) return `enabled ${what}`;
  const next = `syncline plan ${name}${object === undefined ? '' : ` --object ${object}`}`;
  return `enabled ${what}, as a shadow: nothing is written before a plan for it is applied (${next})`;
}
