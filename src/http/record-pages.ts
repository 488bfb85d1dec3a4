import type { Hub } from '../hub/database.ts';
import type { AppParts } from './parts.ts';

type Place = { readonly connection: { readonly id: string }; readonly object: string; readonly remoteId: string | null };

/** Where people see the records of each connection over there; null for what is not made there yet, or has no page that is known. */
export async function recordPages({ hub, connectors, sandboxes }: Pick<AppParts, 'connectors' | 'sandboxes'> & { readonly hub: Hub }) {
  const rows = await hub.selectFrom('connection').select(['id', 'connector', 'origin', 'account', 'sandbox']).execute();
  const connections = new Map(rows.map((row) => [row.id, row]));
  return ({ connection, object, remoteId }: Place): string | null => {
    const own = connections.get(connection.id);
    const manifest = own === undefined ? undefined : connectors.get(own.connector)?.manifest;
    const page = manifest?.objects[object]?.page;
    if (own === undefined || remoteId === null) return null;
    const inSandbox = sandboxes?.recordPage(own.origin, { object, id: remoteId });
    // One that is ours and does not run here has gone with the process that had opened it.
    if (inSandbox !== undefined || own.sandbox === 'ours') return inSandbox ?? null;
    if (page === undefined) return null;
    // The vendor's own page knows nothing of what stands on a sandbox.
    if (!page.includes('{origin}') && own.origin !== manifest?.origin) return null;
    const known: Readonly<Record<string, string | undefined>> = {
      origin: own.origin,
      account: own.account === null ? undefined : encodeURIComponent(own.account.id),
      id: encodeURIComponent(remoteId),
    };
    const parts = [...page.matchAll(/\{(\w+)\}/g)].map(([, name]) => known[name ?? '']);
    return parts.includes(undefined) ? null : page.replaceAll(/\{(\w+)\}/g, (_, name: string) => known[name] ?? '');
  };
}
