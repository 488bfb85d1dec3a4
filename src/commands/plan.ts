import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { listDrafts } from '../hub/mappings/drafts.ts';
import { exportPlan, PLAN_FORMATS } from '../hub/plans/export.ts';
import { listPlans, type PlanAsked } from '../hub/plans/plans.ts';
import { allPlanLines, type PlanLineQuery, planView } from '../hub/views/plans.ts';
import { describeProblem } from '../mapping/problems.ts';
import type { Services } from '../services.ts';
import { proposeDrafts, proposeFolder } from '../sync/mappings/propose.ts';
import { makePlan } from '../sync/plan/plan.ts';
import { aboutOf, planInWords } from './plan-words.ts';

const ACTOR = 'command line';
const [DONE, FAILED] = [0, 1];

export type PlanOptions = {
  readonly object?: string;
  readonly mappings?: string;
  readonly drafts?: boolean;
  readonly json?: boolean;
  readonly export?: string;
  readonly filter?: string;
};
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** `syncline plan`: makes a plan and prints what it comes to. */
export async function planCommand(
  services: Services,
  names: readonly string[],
  options: PlanOptions & { readonly signal: AbortSignal },
): Promise<number> {
  const wanted = readFilter(options.filter ?? '');
  const format = PLAN_FORMATS.find((one) => options.export?.endsWith(`.${one}`));
  if (typeof wanted === 'string') return refuse(wanted);
  if (options.export !== undefined && format === undefined) return refuse('A plan is exported to a file that ends with .csv or .jsonl.');
  const streams = names.map((connection) => ({ connection, object: options.object }));
  const changes = await changesOf(services, options);
  if (typeof changes === 'string') return refuse(changes);
  const plan = await makePlan(services.engine, { streams, changes }, { actor: ACTOR, signal: options.signal });
  if (plan.state !== 'ready') return refuse(plan.error ?? `The plan is ${plan.state}.`);
  if (options.export !== undefined && format !== undefined) {
    const text = exportPlan(format, allPlanLines(services.hub, plan.id, wanted));
    await pipeline(Readable.from(text), createWriteStream(options.export));
  }
  if (options.json === true) print(JSON.stringify(planView(plan)));
  else print(planInWords(plan));
  if (options.filter !== undefined && options.export === undefined && options.json !== true) {
    for await (const piece of exportPlan('jsonl', allPlanLines(services.hub, plan.id, wanted))) process.stdout.write(piece);
  }
  return DONE;
}

/** The mappings that a plan is to be made with, or a sentence that says why not. */
async function changesOf({ engine }: Services, { mappings: folder, drafts }: PlanOptions): Promise<PlanAsked['changes'] | string> {
  if (folder !== undefined && drafts === true) return 'Name a folder, or take the drafts: not both.';
  if (folder !== undefined) return proposeFolder(engine, folder, { author: ACTOR, reason: `As the files in ${folder} say.` });
  if (drafts !== true) return [];
  const names = (await listDrafts(engine.hub)).map(({ name }) => name);
  const proposed = await proposeDrafts(engine, names, { author: ACTOR, reason: '' });
  switch (proposed.kind) {
    case 'proposed':
      return proposed.changes;
    case 'refused':
      return proposed.problems.map(describeProblem).join('\n');
    case 'unchanged':
      return 'There is no draft that says anything else than what is active.';
    case 'missing':
      return `There is no draft of ${proposed.name}.`;
  }
}

/** `syncline plans`: the latest plans. */
export async function plansCommand(services: Services, { json }: { readonly json: boolean }): Promise<number> {
  const plans = await listPlans(services.hub, { after: null, limit: 50 });
  if (json) print(JSON.stringify(plans.map(planView)));
  else
    for (const plan of plans)
      print([plan.id, plan.state.padEnd(9), plan.createdAt.toISOString(), aboutOf(plan), plan.error ?? ''].join('  ').trimEnd());
  return DONE;
}

function refuse(reason: string): number {
  complain(reason);
  return FAILED;
}

const FILTERS = ['operation', 'connection', 'object', 'field', 'text', 'drift'] as const;

/** `operation=update,field=email` as a query, or what is wrong with it. */
function readFilter(text: string): PlanLineQuery | string {
  const pairs = text
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  const strange = pairs.find(([name]) => !FILTERS.some((known) => known === name));
  return strange === undefined
    ? Object.fromEntries(pairs)
    : `A filter is name=value, with one of ${FILTERS.join(', ')}; "${strange.join('=')}" is none.`;
}
