import type { Fault } from '../../src/sandbox/faults.ts';

/** What may befall one request, after `skip` others; the names go on from "a request …". */
export const FAULTS: readonly (readonly [name: string, fault: (skip: number) => Fault])[] = [
  ['is refused for pace', (skip) => ({ on: '*', skip, answer: 429 })],
  ['meets a server in trouble', (skip) => ({ on: '*', skip, answer: 503 })],
  ['is lost on the way', (skip) => ({ on: '*', skip, lose: 'before' })],
  ['loses its answer', (skip) => ({ on: '*', skip, lose: 'after' })],
];

/** The recoveries that go on by themselves: after a fault that passes, nothing else may be asked for. */
export const PASSING = ['retry', 'wait', 'look_again'];
