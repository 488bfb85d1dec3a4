import { templateSandbox } from '../../../connectors/template/sandbox/index.ts';
import type { SandboxApp } from '../../../src/sandbox/sandbox.ts';
import { type Bench, type Hands, starting } from '../bench.ts';

/** What people do in the account, past its API. */
function handsOn({ people }: SandboxApp): Hands {
  const toWrite = (what: string) => `To write next: ${what}, before any case can act there (${people()} people)`;
  if (people() === 0) throw new Error(toWrite('connectors/template/sandbox/index.ts, with the people of the town in it'));
  throw new Error(toWrite('test/conformance/benches/template.ts, handsOn: all, crowd, edit, and what else people can do'));
}

export const templateBench: Bench = {
  connector: 'template',
  definition: templateSandbox,
  // Switches of the sandbox: no limits, and pages as small as they can be made.
  switches: {},
  people: 60,
  // How credentials that are good are refused where they lack a right.
  lackingRight: { switches: {}, faults: [{ on: '*', times: 99, answer: 403 }] },
  unknownId: () => '999999999',
  // Which requests create records.
  creates: 'POST /contacts',
  // Switches with which the account has no field for the hub's own key.
  withoutKey: {},
  // How accounts differ, and what the documents leave open: each is tried.
  moods: [],
  start: starting(templateSandbox, handsOn),
};
