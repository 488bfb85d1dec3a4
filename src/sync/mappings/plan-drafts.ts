import type { MappingProblem } from '../../mapping/problems.ts';
import type { Engine } from '../engine.ts';
import { beginPlan } from '../plan/plan.ts';
import { proposeDrafts } from './propose.ts';

/** Notes that a plan is wanted with these drafts, as they are now; or says why there can be none. */
export async function planDrafts(
  engine: Engine,
  names: readonly string[],
  about: { readonly author: string; readonly reason: string },
): Promise<{ readonly id: string } | { readonly problems: readonly MappingProblem[] } | { readonly refused: string }> {
  const proposed = await proposeDrafts(engine, names, about);
  switch (proposed.kind) {
    case 'refused':
      return { problems: proposed.problems };
    case 'missing':
      return { refused: `There is no draft of ${proposed.name}.` };
    case 'unchanged':
      return { refused: 'The draft says what is active already, so there is nothing to plan.' };
    case 'proposed': {
      const begun = await beginPlan(engine, { changes: proposed.changes }, about.author);
      return begun.ok ? { id: begun.id } : { refused: begun.reason };
    }
  }
}
