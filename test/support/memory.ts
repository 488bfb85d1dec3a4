import type { AnyPort, Ask } from '../../src/contract/connector.ts';
import type { Cursor, Observation, Present } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';

/** What a hub would hold of one object: pages are stored in order, with the cursor that stands after them. */
export type Memory = {
  readonly held: ReadonlyMap<string, Observation>;
  ask(scope: string): Ask;
  /** Reads what changed in a scope, stores it, and answers what was shown; `pages` stops it early, like a crash. */
  read(port: AnyPort, scope: string, options?: { pages?: number }): Promise<readonly Observation[]>;
  cursor(scope: string): Cursor | null;
  /** Makes the next read begin from the start; what is held stays. */
  forget(scope: string): void;
  one(id: string): Present;
};

export function openMemory(options: { readonly fields?: readonly string[] } = {}): Memory {
  const held = new Map<string, Observation>();
  const cursors = new Map<string, Cursor>();
  const ask = (scope: string): Ask => ({
    scope,
    fields: options.fields ?? [],
    known: async (seen) => new Set(seen.filter(({ id, changedAt }) => held.get(id)?.changedAt === changedAt).map(({ id }) => id)),
  });
  return {
    held,
    ask,
    cursor: (scope) => cursors.get(scope) ?? null,
    forget: (scope) => void cursors.delete(scope),
    async read(port, scope, { pages = Number.POSITIVE_INFINITY } = {}) {
      const shown: Observation[] = [];
      let count = 0;
      for await (const { seen, cursor } of port.read.changes(cursors.get(scope) ?? null, ask(scope))) {
        for (const one of seen) held.set(one.id, one);
        // A cursor has to outlive the process that wrote it.
        cursors.set(scope, JSON.parse(JSON.stringify(cursor)) as Cursor);
        shown.push(...seen);
        count += 1;
        if (count >= pages) break;
      }
      return shown;
    },
    one(id) {
      const observation = must(held.get(id), `observation ${id}`);
      if (observation.kind === 'gone') throw new Error(`${id} is gone`);
      return observation;
    },
  };
}
