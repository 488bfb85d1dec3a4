import { takeTicket } from '../../hub/access/sign-ins.ts';
import type { Engine } from '../engine.ts';
import type { Begun } from './begin.ts';

/** Where a ticket leads: for the first browser that shows it, which from then on is the only one that can come back. */
export async function followTicket(engine: Engine, ticket: string, cookie: string): Promise<string | null> {
  const signIn = await takeTicket(engine.hub, ticket, cookie);
  if (signIn?.sealed == null) return null;
  const begun = JSON.parse(engine.vault.unseal({ connectionId: signIn.id, purpose: 'sign_in' }, signIn.sealed)) as Begun;
  return begun.link;
}
