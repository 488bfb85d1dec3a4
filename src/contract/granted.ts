import type { Grant, Session } from './connector.ts';
import { HubError } from './errors.ts';

/**
 * Does something with the session's token. When the vendor refuses the token, it is done once more with the one that took its place, where there
 * is one: a refused call has done nothing.
 */
export async function granted<T>(session: Session, run: (grant: Grant) => Promise<T>): Promise<T> {
  const grant = await session.grant();
  try {
    return await run(grant);
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== 'signed_out') throw error;
    const renewed = await session.renew(grant);
    if (renewed === null) throw error;
    return run(renewed);
  }
}
