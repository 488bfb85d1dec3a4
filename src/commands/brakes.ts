import { sql } from 'kysely';
import type { Services } from '../services.ts';
import { decide } from '../sync/steward/steward.ts';

/** Who a decision at the command line is made by. */
const ACTOR = 'command line';

export type BrakeWish = { readonly release?: string | undefined; readonly keep?: string | undefined };

type Row = { readonly id: string; readonly reason: string; readonly since: Date; readonly examples: readonly string[] };

/** Lists what brakes hold and which fields are frozen, or releases one of them, or keeps what there is instead. */
export async function brakesCommand(services: Services, { release, keep }: BrakeWish): Promise<number> {
  const [id, decision] = release === undefined ? [keep, { keep: true } as const] : [release, { release: true } as const];
  if (id === undefined) return list(services);
  if (release !== undefined && keep !== undefined) return fail('Say --release or --keep, not both.');
  const done = await decide(services.engine, id, decision, ACTOR);
  if (done === 'not_found') return fail('There is no such brake, or it is over.');
  if (typeof done === 'object') return fail(done.refused);
  process.stdout.write(`${release === undefined ? 'kept what there is instead of' : 'released'} ${id}\n`);
  return 0;
}

async function list({ hub }: Services): Promise<number> {
  const { rows } = await sql<Row>`
    select h.id, h.reason, h.opened_at as since,
      coalesce((select array_agg(e ->> 'recordId') from jsonb_array_elements(h.detail -> 'examples') as e), '{}') as examples
    from hold h where h.kind in ('brake', 'flip') and h.closed_at is null order by h.id`.execute(hub);
  if (rows.length === 0) process.stdout.write('no brake holds anything\n');
  for (const row of rows) {
    const examples = row.examples.length === 0 ? '' : `  such as ${row.examples.join(', ')}\n`;
    process.stdout.write(`${row.id}  since ${row.since.toISOString()}\n  ${row.reason}\n${examples}`);
  }
  return 0;
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}
