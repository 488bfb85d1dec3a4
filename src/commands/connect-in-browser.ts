import { sayCause } from '../causes/say.ts';
import { GO_PATH } from '../http/connecting/oauth-callback.ts';
import { redirectUriOf } from '../http/connecting/redirect-uri.ts';
import { newSecret, readSignIn } from '../hub/access/sign-ins.ts';
import type { Lacking, SignInOutcome } from '../hub/stored.ts';
import type { Services } from '../services.ts';
import { withAdvice } from '../sync/connecting/connect.ts';
import type { Draft } from '../sync/connecting/read-draft.ts';
import { begin } from '../sync/sign-in/begin.ts';
import { serveWayBack } from './serve.ts';

const LOOK_AGAIN_MS = 500;

type InBrowser = {
  readonly draft: Draft;
  readonly objects: readonly string[] | undefined;
  readonly provision: boolean | undefined;
  readonly signal: AbortSignal;
};

/**
 * Prints a link and waits for what comes of it. The way back leads to the hub; where none is running at its address, this process stands in for it
 * meanwhile. What came of it stands in the database, whoever was asked.
 */
export async function connectInBrowser(services: Services, { draft, objects, provision, signal }: InBrowser): Promise<number> {
  const { engine, config } = services;
  const ticket = newSecret();
  const redirectUri = redirectUriOf(config.publicUrl);
  const begun = await begin(engine, { draft, objects, provision, redirectUri, binding: { ticket }, actor: 'the command line' });
  if (!begun.ok) {
    process.stderr.write(`${withAdvice(begun)}\n`);
    return 1;
  }
  await using stack = new AsyncDisposableStack();
  const standIn = await serveWayBack(services);
  if (standIn !== null) stack.defer(() => standIn.close());
  process.stdout.write(
    `The app over there has to know the redirect address ${redirectUri}\nand the scopes ${begun.scopes.join(' ')}\n\n` +
      `Open this within 15 minutes, and allow the access (it works once):\n${config.publicUrl}${GO_PATH}?ticket=${ticket}\n`,
  );
  const outcome = await outcomeOf(services, begun.id, signal);
  return outcome === null ? tellNothing(draft.name) : tell(draft.name, outcome);
}

async function outcomeOf({ hub, engine }: Services, id: string, signal: AbortSignal): Promise<SignInOutcome | null> {
  for (;;) {
    signal.throwIfAborted();
    const signIn = await readSignIn(hub, id);
    if (signIn === null || signIn.outcome !== null || signIn.over) return signIn?.outcome ?? null;
    await engine.clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

function tellNothing(name: string): number {
  const { text, advice } = sayCause('sign_in_expired', 'en', { system: name });
  process.stderr.write(`${text} ${advice}\n`);
  return 1;
}

function tell(name: string, outcome: SignInOutcome): number {
  if (!outcome.ok) {
    const { kind, message, code } = outcome;
    process.stderr.write(`${withAdvice({ kind, message, ...(code === null ? {} : { code }) })}\n`);
    return 1;
  }
  process.stdout.write(`connected ${name} to ${outcome.account.name}\n`);
  for (const line of outcome.lacking.map(lackingLine)) process.stdout.write(`${line}\n`);
  return 0;
}

const lackingLine = ({ object, act, scopes }: Lacking): string => `not given: to ${act} ${object}, which takes ${scopes.join(', ')}`;
