import { findDraft, keepDraft } from '../../hub/mappings/drafts.ts';
import { activeDocuments, digestOfText } from '../../hub/mappings/texts.ts';
import { DOCUMENT_NAME, HUB_DOCUMENT } from '../../mapping/compile.ts';
import { type MappingProblem, wholeFile } from '../../mapping/problems.ts';
import type { Engine } from '../engine.ts';
import { inTransaction } from '../transaction.ts';
import { activeTexts, compiled, withChanges } from './active.ts';

/**
 * What came of documents from elsewhere. `kept`: they are drafts now, apart from those that say `same` as what is active. `taken`: somebody has drafts
 * of these, so that nothing was done.
 */
export type Imported =
  | { readonly kind: 'kept'; readonly names: readonly string[]; readonly same: readonly string[] }
  | { readonly kind: 'taken'; readonly names: readonly string[] }
  | { readonly kind: 'refused'; readonly problems: readonly MappingProblem[] };
/** `replace`: drafts that are there give way. */
export type Importing = { readonly author: string; readonly reason: string; readonly replace: boolean };

/** Makes drafts of documents, by name: all of them or none. Nobody works by them before a plan with them is applied. */
export async function importDrafts(engine: Engine, texts: ReadonlyMap<string, string>, how: Importing): Promise<Imported> {
  const strange = [...texts.keys()].filter((name) => !DOCUMENT_NAME.test(name));
  if (strange.length > 0) return { kind: 'refused', problems: strange.map(strangeName) };
  const active = await activeTexts(engine.hub);
  // Whoever adds a field to the hub brings its lines in the next file.
  const model = (await findDraft(engine.hub, HUB_DOCUMENT))?.text;
  const around = typeof model === 'string' ? withChanges(active, new Map([[HUB_DOCUMENT, model]])) : active;
  const found = compiled(withChanges(around, texts), engine.connectors);
  if (!found.ok) return { kind: 'refused', problems: found.problems };
  const now = new Map((await activeDocuments(engine.hub)).map(({ name, digest }) => [name, digest]));
  const changed = [...texts].filter(([name, text]) => now.get(name) !== digestOfText(text));
  const names = changed.map(([name]) => name);
  const taken = await keepAll(engine, changed, how);
  return taken.length > 0
    ? { kind: 'taken', names: taken }
    : { kind: 'kept', names, same: [...texts.keys()].filter((name) => !names.includes(name)) };
}

/** The names of which there are drafts already; then none was kept. */
async function keepAll({ hub }: Engine, texts: readonly (readonly [string, string])[], how: Importing): Promise<readonly string[]> {
  const { author, reason, replace } = how;
  try {
    await inTransaction(hub, async (tx) => {
      const taken: string[] = [];
      for (const [name, text] of texts) {
        const draft = { name, text, origin: 'import', author, reason } as const;
        if (!(await keepDraft(tx, draft, replace ? 'whatever' : { at: null }))) taken.push(name);
      }
      if (taken.length > 0) throw new Taken(taken);
    });
    return [];
  } catch (error) {
    if (error instanceof Taken) return error.names;
    throw error;
  }
}

class Taken extends Error {
  readonly names: readonly string[];
  constructor(names: readonly string[]) {
    super(`there are drafts of ${names.join(', ')}`);
    this.names = names;
  }
}

const strangeName = (name: string): MappingProblem =>
  wholeFile(name, 'no document is called so', 'Call it <connector>.<object>.yaml, hub.yaml, or benchmarks.yaml');
