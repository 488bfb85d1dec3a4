import { join } from 'node:path';
import { listDrafts, type MappingDraft } from '../../hub/mappings/drafts.ts';
import { activeDocuments, digestOfText, keepVersions, type NewVersion } from '../../hub/mappings/texts.ts';
import type { PlanAsked } from '../../hub/plans/plans.ts';
import { type Compiled, compileTexts } from '../../mapping/compile.ts';
import { readFolder } from '../../mapping/load.ts';
import type { MappingProblem } from '../../mapping/problems.ts';
import type { Engine } from '../engine.ts';
import { activeTexts, compiled, mistakes, withChanges } from './active.ts';

/** Versions that a plan can be made with, or what is wrong with them. `unchanged`: they say what is active already. */
export type Proposed =
  | { readonly kind: 'proposed'; readonly changes: NonNullable<PlanAsked['changes']> }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'missing'; readonly name: string }
  | { readonly kind: 'refused'; readonly problems: readonly MappingProblem[] };
type About = { readonly author: string; readonly reason: string };

/** Keeps what the drafts of these names say as versions, for a plan; whatever is written in the drafts later is not part of them. */
export async function proposeDrafts(engine: Engine, names: readonly string[], about: About): Promise<Proposed> {
  const drafts = await listDrafts(engine.hub);
  const missing = names.find((name) => drafts.every((draft) => draft.name !== name));
  if (missing !== undefined) return { kind: 'missing', name: missing };
  const chosen = drafts.filter(({ name }) => names.includes(name));
  const texts = withChanges(await activeTexts(engine.hub), new Map(chosen.map(({ name, text }) => [name, text])));
  return keep(
    engine,
    chosen.map((draft) => versionOf(draft, about)),
    compiled(texts, engine.connectors),
  );
}

const versionOf = ({ name, text, origin, baseId, reason }: MappingDraft, about: About): NewVersion => ({
  ...{ name, text, origin, baseId, author: about.author },
  reason: about.reason === '' ? reason : about.reason,
});

/** The same for what a folder says otherwise than the hub. Throws what is wrong with it. */
export async function proposeFolder(engine: Engine, folder: string, about: About): Promise<NonNullable<PlanAsked['changes']>> {
  const read = await readFolder(folder);
  if (!read.ok) throw mistakes(read.problems);
  const before = new Map((await activeDocuments(engine.hub)).map((document) => [document.name, document]));
  const gone = [...before.values()]
    .filter(({ name, text }) => text !== null && !read.texts.has(name))
    .map(({ name }) => [name, null] as const);
  const versions = [...read.texts, ...gone].map(
    ([name, text]): NewVersion => ({ name, text, origin: 'import', baseId: before.get(name)?.id ?? null, ...about }),
  );
  const proposed = await keep(
    engine,
    versions,
    compileTexts(read.texts, { at: (name) => join(folder, name), connectors: engine.connectors }),
  );
  if (proposed.kind === 'refused') throw mistakes(proposed.problems);
  return proposed.kind === 'proposed' ? proposed.changes : [];
}

async function keep({ hub }: Engine, versions: readonly NewVersion[], found: Compiled): Promise<Proposed> {
  if (!found.ok) return { kind: 'refused', problems: found.problems };
  const now = new Map((await activeDocuments(hub)).map(({ name, digest }) => [name, digest]));
  const changed = versions.filter(({ name, text }) => digestOfText(text) !== now.get(name));
  const ids = await keepVersions(hub, changed);
  const changes = changed.flatMap(({ name }, i) => (ids[i] === undefined ? [] : [{ name, id: ids[i] }]));
  return changes.length === 0 ? { kind: 'unchanged' } : { kind: 'proposed', changes };
}
