import type { Grant } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { TokenReply } from '../../contract/sign-in.ts';
import { type Grants, type HeldGrant, INTERRUPTED, type Renewal } from '../../hub/access/grants.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';

/** What renewing takes. `claimMs`: for how long one process has the right to ask, which is longer than a request may take. */
export type Renewing = {
  readonly grants: Grants;
  readonly clock: Clock;
  readonly log: Log;
  readonly claimMs: number;
  readonly signal: AbortSignal;
};
type Ask = (held: HeldGrant | null) => Promise<TokenReply>;

const LOOK_AGAIN_MS = 250;
const STORE_TRIES = 5;

/**
 * The grant of a connection, renewed before it runs out. One process at a time asks; the others go on with the one that still lives, or wait for what
 * comes of it. Nothing that fails here takes a grant away: whoever lost a race finds the winner's.
 */
export async function currentGrant(renewing: Renewing, connectionId: string, ask: Ask): Promise<Grant> {
  const { grants, clock, signal } = renewing;
  for (;;) {
    const held = await grants.read(connectionId);
    if (held?.isLive === true && !held.isDue) return grantOf(held);
    const claim = await grants.claim(connectionId, renewing.claimMs);
    if (claim.kind === 'mine') return renewed(renewing, connectionId, claim.renewal, ask);
    if (held?.isLive === true) return grantOf(held);
    if (claim.kind === 'spent') throw claim.refused;
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

async function renewed(renewing: Renewing, connectionId: string, renewal: Renewal, ask: Ask): Promise<Grant> {
  const { grants } = renewing;
  // Read under the claim: what an earlier holder stored is what goes out, whatever was there when we came.
  const held = await grants.read(connectionId);
  const reply = await ask(held).catch((error: unknown) => afterFailure(renewing, connectionId, renewal, { held, error }));
  if ('no' in reply) return grantOf(reply);
  await persistently(renewing, () => grants.keep(connectionId, renewal, reply, held));
  const stored = await grants.read(connectionId);
  if (stored === null) throw new HubError('signed_out', 'The credentials were replaced while they were being renewed');
  return grantOf(stored);
}

/** What there is instead: what another process stored meanwhile, or what still lives. Else the failure. */
async function afterFailure(
  { grants, log }: Renewing,
  connectionId: string,
  renewal: Renewal,
  { held, error }: { readonly held: HeldGrant | null; readonly error: unknown },
): Promise<HeldGrant> {
  const told = error instanceof HubError && renewal.afterCrash && held?.refreshToken != null ? interrupted(error) : error;
  await grants.fail(connectionId, renewal, told instanceof HubError && told.recovery === 'ask_operator' ? told : null);
  const now = await grants.read(connectionId);
  if (now?.isLive !== true) throw told;
  const kind = told instanceof HubError ? told.kind : 'unknown';
  log.warn({ connectionId, kind, replaced: now.no !== held?.no }, 'a grant was not renewed, and one that lives is used');
  return now;
}

function interrupted(error: HubError): HubError {
  return error.kind === 'signed_out' ? new HubError('signed_out', error.message, { code: INTERRUPTED, cause: error }) : error;
}

// The vendor may have ended the old grant already: the new one is not given up because the database is away for a moment.
async function persistently<T>({ clock, signal, log }: Renewing, store: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store();
    } catch (error) {
      if (attempt === STORE_TRIES) throw error;
      log.error({ attempt, reason: error instanceof Error ? error.message : String(error) }, 'a new grant could not be stored yet');
      await clock.sleep(attempt * LOOK_AGAIN_MS, signal);
    }
  }
}

const grantOf = ({ accessToken, instanceUrl, expiresAt }: HeldGrant): Grant => ({ accessToken, instanceUrl, expiresAt });
