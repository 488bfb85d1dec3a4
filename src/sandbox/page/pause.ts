/** Waits in real time, whatever the time in the sandbox. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
