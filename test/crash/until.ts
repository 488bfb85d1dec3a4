import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a state, looking every 60 ms; what it is waited for in vain is told, with what `tell` sees then. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { timeoutMs = 150_000, tell = async () => '' }: { timeoutMs?: number; tell?: () => Promise<string> } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain: ${what} ${await tell()}`.trim());
    await pause(60);
  }
}
