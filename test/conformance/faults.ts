import { HubError } from '../../src/contract/errors.ts';
import type { WriteOutcome } from '../../src/contract/records.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { OpenSandbox } from '../../src/sandbox/sandbox.ts';

/** What may befall one request, after `skip` others; the names go on from "a request …". */
export const FAULTS: readonly (readonly [name: string, fault: (skip: number) => Fault])[] = [
  ['is refused for pace', (skip) => ({ on: '*', skip, answer: 429 })],
  ['meets a server in trouble', (skip) => ({ on: '*', skip, answer: 503 })],
  ['is lost on the way', (skip) => ({ on: '*', skip, lose: 'before' })],
  ['loses its answer', (skip) => ({ on: '*', skip, lose: 'after' })],
];

/** The recoveries that go on by themselves: after a fault that passes, nothing else may be asked for. */
export const PASSING = ['retry', 'wait', 'look_again'];

/** Scripts this fault, and answers whether a request has met it: where none has, the work took no more than its `skip` requests. */
export function befall(open: OpenSandbox, fault: Fault): () => boolean {
  const before = open.calls();
  open.fail(fault);
  return () => open.calls() - before > (fault.skip ?? 0);
}

/** What a call says in the end: outcomes, or the one error of ours that it threw. */
export async function settled(work: Promise<readonly WriteOutcome[]>): Promise<readonly WriteOutcome[] | HubError> {
  return work.catch((error: unknown) => {
    if (error instanceof HubError) return error;
    throw error;
  });
}
