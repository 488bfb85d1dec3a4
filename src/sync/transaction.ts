import type { Hub, Tx } from '../hub/database.ts';

/** Runs a transaction again when Postgres chose it to break a deadlock: it has done nothing then. */
export async function inTransaction<T>(hub: Hub, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await hub.transaction().execute(work);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if ((code !== '40P01' && code !== '40001') || attempt >= 5) throw error;
    }
  }
}
