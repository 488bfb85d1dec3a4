import { validate } from 'uuid';
import { erasureById } from '../hub/views/erasures.ts';
import type { Services } from '../services.ts';
import { eraseResponse } from '../sync/erasing/erase-response.ts';

const ACTOR = 'command line';

/** Erases a response: by its id in the hub, or `<connection>/<id there>`, as its timeline entry names it. Without `sure` it says what would go. */
export async function eraseCommand(
  { engine }: Services,
  { what, which, sure }: { what: string; which: string; sure: boolean },
): Promise<number> {
  if (what !== 'response') return fail(`Only responses can be erased, not a ${what}.`);
  const response = await find(engine.hub, which);
  if (response === undefined) return fail(`There is no response ${which}.`);
  const named = `the response ${response.name}/${response.remote_id} to "${response.survey_name}"`;
  if (!sure) return fail(`This would erase ${named} here and in every timeline, for good. Say it again with --yes.`);
  await eraseResponse(engine, response.id, ACTOR);
  const left = (await erasureById(engine.hub, response.id))?.left ?? [];
  const systems = [...new Set(left.map(({ connection }) => connection))];
  const rest = systems.length === 0 ? '' : ` ${systems.join(' and ')} will have let go of it after the next sync.`;
  process.stdout.write(`erased ${named}.${rest} The survey tool keeps its own: delete it there as well.\n`);
  return 0;
}

async function find(hub: Services['engine']['hub'], which: string) {
  const [connection = '', ...rest] = which.split('/');
  const query = hub
    .selectFrom('response')
    .innerJoin('connection', 'connection.id', 'response.connection_id')
    .select(['response.id', 'response.remote_id', 'response.survey_name', 'connection.name']);
  const found = validate(which)
    ? query.where('response.id', '=', which)
    : query.where('connection.name', '=', connection).where('response.remote_id', '=', rest.join('/'));
  return found.executeTakeFirst();
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}
