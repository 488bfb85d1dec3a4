/** The only place where the sandbox goes on by itself in real time or calls somebody: everything else lives in the portal's own time. */

/** Does something over and over until it is stopped; it keeps no process alive. */
export function repeat(everyMs: number, run: () => void): () => void {
  const timer = setInterval(run, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

export type Sent = { readonly status: number } | { readonly failed: string };

/** Posts a body, and gives up when no answer has come by then. */
export async function post(
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly timeoutMs: number },
): Promise<Sent> {
  const { headers, body, timeoutMs } = request;
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return { status: answer.status };
  } catch (cause) {
    // Whatever keeps an answer from coming is the receiver's failure, which the sender counts and tries again.
    return { failed: cause instanceof Error ? cause.message : String(cause) };
  }
}
