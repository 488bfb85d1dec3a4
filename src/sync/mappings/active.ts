import type { Connector } from '../../contract/connector.ts';
import { withFamilies } from '../../contract/families.ts';
import { type Db, isTransaction } from '../../hub/database.ts';
import { activeDocuments, activeRevision } from '../../hub/mappings/texts.ts';
import { type Compiled, compileTexts } from '../../mapping/compile.ts';
import { objectsMapped } from '../../mapping/mappings.ts';
import { describeProblem, type MappingProblem } from '../../mapping/problems.ts';
import type { Engine } from '../engine.ts';

/** What an engine works by: mappings, and connectors with an object for each that they name. */
export type Active = Pick<Engine, 'mappings' | 'connectors'>;
type Connectors = ReadonlyMap<string, Connector>;
/** Documents by name; null takes one away. */
export type Changes = ReadonlyMap<string, string | null>;

/** What the active documents say, by name. */
export async function activeTexts(db: Db): Promise<ReadonlyMap<string, string>> {
  return new Map((await activeDocuments(db)).flatMap(({ name, text }) => (text === null ? [] : [[name, text] as const])));
}

/** Documents with others in their places. */
export function withChanges(texts: ReadonlyMap<string, string>, changes: Changes): ReadonlyMap<string, string> {
  return new Map(
    [...texts, ...changes].flatMap(([name]) => {
      const text = changes.has(name) ? changes.get(name) : texts.get(name);
      return text === undefined || text === null ? [] : [[name, text] as const];
    }),
  );
}

/** Checks and compiles documents that have no folder. */
export const compiled = (texts: ReadonlyMap<string, string>, connectors: Connectors): Compiled =>
  compileTexts(texts, { at: (name) => name, connectors });

/** The active mappings; null while there are none. Throws what is wrong with them, which only another version of Syncline can have brought about. */
export async function readActive(db: Db, connectors: Connectors): Promise<Active | null> {
  // The number first: what is read after it is that old at the most, and then it is read once more.
  const revision = await activeRevision(db);
  if (revision === 0) return null;
  const found = compiled(await activeTexts(db), connectors);
  if (!found.ok) throw mistakes(found.problems);
  return { mappings: { ...found.mappings, revision }, connectors: familiesOf(found.mappings, connectors) };
}

export const familiesOf = (mappings: Engine['mappings'], connectors: Connectors): Connectors =>
  withFamilies(connectors, (connector) => objectsMapped(mappings, connector));

export function mistakes(problems: readonly MappingProblem[]): Error {
  return new Error(`The mappings have mistakes:\n${problems.map(describeProblem).join('\n')}`);
}

const latest = new WeakMap<Db, Active>();

/**
 * The engine as it has to be now: with the versions that are active, whichever process has changed them. An engine whose mappings are not the hub's own stays as
 * it is.
 */
export async function currentEngine<E extends Engine>(engine: E): Promise<E> {
  if (engine.mappings.revision === undefined) return engine;
  // A copy: what the engine of a process works by may change while somebody is at it.
  const now = { ...engine };
  const { hub } = now;
  const revision = await activeRevision(hub);
  if (revision === now.mappings.revision) return now;
  const known = latest.get(hub);
  const active = known?.mappings.revision === revision ? known : await readActive(hub, now.connectors);
  if (active === null) return now;
  if (!isTransaction(hub)) latest.set(hub, active);
  return { ...now, ...active };
}

/** Whether an engine still works by the active versions; while the transaction lasts, that stays so. */
export async function isCurrent({ mappings: { revision } }: Engine, tx: Db): Promise<boolean> {
  return revision === undefined || (await activeRevision(tx, { share: true })) === revision;
}
