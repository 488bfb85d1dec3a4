import { type Hub, isTransaction, type Tx } from '../hub/database.ts';

/**
 * Runs a transaction again when Postgres chose it to break a deadlock: it has done nothing then. Inside a transaction it takes part in that
 * one, so that all of the engine can be run in one and taken back.
 */
export async function inTransaction<T>(hub: Hub, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (isTransaction(hub)) return work(hub);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await hub.transaction().execute(work);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if ((code !== '40P01' && code !== '40001') || attempt >= 5) throw error;
    }
  }
}

class Kept<T> extends Error {
  readonly value: T;
  constructor(value: T) {
    super('taken back');
    this.value = value;
  }
}

/** Runs a transaction and takes all of it back, unless `work` says `keep`; what it found out is kept in any case. */
export async function tryOut<T extends { readonly keep: boolean }>(hub: Hub, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await inTransaction(hub, async (tx) => {
      const found = await work(tx);
      if (!found.keep) throw new Kept(found);
      return found;
    });
  } catch (error) {
    if (error instanceof Kept) return error.value as T;
    throw error;
  }
}
