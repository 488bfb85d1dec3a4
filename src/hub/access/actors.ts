import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database.ts';

/**
 * What whoever did something is called, where a column says who that was: an operator and a key by their name, or by the one that they acted under
 * last once they were removed (empty where no line of the audit log is left of them); a command, a file, and Syncline itself as they are.
 */
export function nameOfActor<Called extends string | null = string>(column: string): RawBuilder<Called> {
  const actor = sql.ref(column);
  return sql<Called>`coalesce(
    (select o.name from operator o where 'operator:' || o.id = ${actor}), (select k.name from api_key k where 'key:' || k.id = ${actor}),
    case when ${actor} ~ '^(operator|key):' then
      coalesce((select a.actor_name from audit a where a.actor = ${actor} and a.actor_name <> '' order by a.id desc limit 1), '') else ${actor} end)`;
}

/** The same for whoever is named outside of a query. */
export async function namesOfActors(db: Db, actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(actors)];
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<{ actor: string; name: string }>`
    select one.actor, ${nameOfActor('one.actor')} as name from unnest(${wanted}::text[]) as one (actor)`.execute(db);
  return new Map(rows.map(({ actor, name }) => [actor, name]));
}

/** The name of whoever does something now, for a sentence that is kept with what they did. */
export async function nameForSentence(db: Db, actor: string | null): Promise<string> {
  const name = actor === null ? '' : ((await namesOfActors(db, [actor])).get(actor) ?? '');
  return name === '' ? 'somebody' : name;
}
