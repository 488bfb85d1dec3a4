import { HubError } from '../../contract/errors.ts';
import { findConnection } from '../../hub/connections/connections.ts';
import { openAsker } from '../connecting/session.ts';
import type { Engine } from '../engine.ts';
import { giveBack } from './token-request.ts';

/** What became of the access that somebody had allowed at the vendor. `none`: there is none that the hub could give back. */
export type Revoked = { readonly access: 'none' | 'revoked' } | { readonly access: 'left'; readonly reason: string };

/** Gives the access of a connection back to its vendor, once. That it cannot be stands in nobody's way, and is told. */
export async function revokeGrant(engine: Engine, connectionId: string): Promise<Revoked> {
  const connection = await findConnection(engine.hub, connectionId);
  const way = engine.connectors.get(connection?.connector ?? '')?.manifest.auth.find(({ kind }) => kind === 'oauth2');
  if (connection === undefined || way?.kind !== 'oauth2') return { access: 'none' };
  const credential = await engine.vault.open(connection.id);
  const held = credential.kind === 'oauth2' ? await engine.vault.grants.read(connection.id) : null;
  if (held === null || held.refreshToken === null) return { access: 'none' };
  if (way.revokePath === undefined) return { access: 'left', reason: 'This system takes it back only by hand' };
  try {
    const { asker } = await openAsker(engine, connection, credential);
    await giveBack(asker, way, way.revokePath, held.refreshToken);
    engine.log.info({ connectionId }, 'an access was given back');
    return { access: 'revoked' };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    engine.log.warn({ connectionId, kind: error.kind, reason: error.message }, 'an access could not be given back');
    return { access: 'left', reason: error.message };
  }
}
