import { sql } from 'kysely';
import { HubError } from '../../contract/errors.ts';
import { lackingIn } from '../../contract/sign-in.ts';
import { type Browser, endSignIn, type Refusal, spendState } from '../../hub/access/sign-ins.ts';
import type { Hub } from '../../hub/database.ts';
import type { Sealed } from '../../hub/sealing/vault.ts';
import type { Lacking, SignInOutcome } from '../../hub/stored.ts';
import { must } from '../../kernel/must.ts';
import { keepConnection } from '../connecting/connect.ts';
import { noteLacking } from '../connecting/lost-scope.ts';
import { readDraft } from '../connecting/read-draft.ts';
import { askTokenFor, openDraft } from '../connecting/session.ts';
import type { Engine } from '../engine.ts';
import type { Begun } from './begin.ts';

/** What a vendor sent back with the person: a code, or why there is none. */
export type WayBack = {
  readonly state: string;
  readonly code: string | null;
  readonly error: string | null;
  readonly errorDescription: string | null;
};

/** The sign-in that has ended, or why this way back leads nowhere. */
export type Finished = { readonly id: string } | { readonly refusal: Refusal; readonly id: string | null };

/** Takes the way back, once, and makes the connection of it. What came of it stands with the sign-in. */
export async function finish(engine: Engine, back: WayBack, browser: Browser): Promise<Finished> {
  const signIn = await spendState(engine.hub, back.state, browser);
  if ('refusal' in signIn) return signIn;
  const begun = { id: signIn.id, sealed: must(signIn.sealed, 'what the sign-in was begun with') };
  const outcome = await outcomeOf(engine, back, begun).catch(async (error: unknown) => {
    // Whoever waits for it is told, and the fault goes on to where faults are logged.
    await endSignIn(engine.hub, signIn.id, { ok: false, kind: 'unreachable', message: 'The hub failed; its log has more.', code: null });
    throw error;
  });
  await endSignIn(engine.hub, signIn.id, outcome);
  engine.log.info(
    { signInId: signIn.id, connector: signIn.connector, ok: outcome.ok, ...(outcome.ok ? {} : { code: outcome.code }) },
    'signed in',
  );
  return { id: signIn.id };
}

async function outcomeOf(
  engine: Engine,
  back: WayBack,
  { id, sealed }: { readonly id: string; readonly sealed: Sealed },
): Promise<SignInOutcome> {
  try {
    const begun = JSON.parse(engine.vault.unseal({ connectionId: id, purpose: 'sign_in' }, sealed)) as Begun;
    const code = codeIn(back);
    return await connectWith(engine, begun, code);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return { ok: false, kind: error.kind, message: error.message, code: error.code ?? null };
  }
}

function codeIn({ code, error, errorDescription }: WayBack): string {
  if (error === null && code !== null && code !== '') return code;
  const said = [error, errorDescription].filter((part) => part !== null && part !== '').join(': ');
  throw new HubError('signed_out', said === '' ? 'There came no code back' : `The answer was ${said.slice(0, 500)}`, {
    code: error ?? 'NO_CODE',
  });
}

async function connectWith(engine: Engine, { draft, verifier, redirectUri, reaches }: Begun, code: string): Promise<SignInOutcome> {
  const read = readDraft(engine, draft);
  const account = { connector: draft.connector, origin: read.origin, settings: read.settings };
  const askedAt = await databaseTime(engine.hub);
  const shown = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    ...(verifier === null ? {} : { code_verifier: verifier }),
  } as const;
  const reply = await askTokenFor(engine, account, read.credential, shown).catch((error: unknown) => {
    throw spentCode(error);
  });
  const opened = await openDraft(engine, account, read.credential, reply);
  const kept = await keepConnection(engine, draft, { read, account: await opened.ports.identify(), granted: { reply, askedAt } });
  if (!kept.ok) return { ok: false, kind: kept.kind, message: kept.message, code: kept.cause === 'other_account' ? 'OTHER_ACCOUNT' : null };
  const lacking: readonly Lacking[] = read.way.kind === 'oauth2' ? lackingIn(read.way, reaches, reply.scopes) : [];
  await noteLacking(engine.hub, kept.id, lacking);
  return { ok: true, connectionId: kept.id, account: { id: kept.account.id, name: kept.account.name }, lacking };
}

/** The same refusal means another thing for a code than for a refresh token: it was used before, or came too late. */
function spentCode(error: unknown): unknown {
  const isRefused = error instanceof HubError && error.kind === 'signed_out' && CODE_REFUSALS.has(error.code ?? '');
  return isRefused ? new HubError('signed_out', error.message, { code: 'CODE_SPENT', cause: error }) : error;
}
const CODE_REFUSALS: ReadonlySet<string> = new Set(['invalid_grant', 'BAD_AUTH_CODE']);

async function databaseTime(hub: Hub): Promise<string> {
  const { rows } = await sql<{ at: string }>`select to_json(now()) #>> '{}' as at`.execute(hub);
  return must(rows[0], 'the time').at;
}
