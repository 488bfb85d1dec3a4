/** The only place where sandboxes wait in real time or call somebody: everything else lives in the time of the account. */

/** Waits in real time, whatever the time in the sandbox. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Does something over and over until it is stopped; it keeps no process alive. */
export function repeat(everyMs: number, run: () => void): () => void {
  const timer = setInterval(run, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

type Answered = { readonly status: number } | { readonly failed: string };
type Request = {
  readonly method: 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
};

/** Calls an address of the app's, and gives up when no answer has come by then. */
export async function callOut(url: string, { timeoutMs, ...request }: Request): Promise<Answered> {
  try {
    const answer = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return { status: answer.status };
  } catch (cause) {
    // Whatever keeps an answer from coming is the receiver's failure, which the caller counts.
    return { failed: cause instanceof Error ? cause.message : String(cause) };
  }
}
