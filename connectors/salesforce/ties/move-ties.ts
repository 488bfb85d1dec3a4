import { HubError } from '../../../src/contract/errors.ts';
import type { Update } from '../../../src/contract/records.ts';
import { groupBy } from '../../../src/kernel/lists.ts';
import type { Call, Client } from '../http/client.ts';
import { isLost, rowError, unfit } from '../http/errors.ts';
import { parseCells, parseSaveResults, type VendorError } from '../http/wire.ts';
import { listsThatFit, literal, queryPath } from '../read/soql.ts';
import type { Room } from '../room.ts';
import { type Outcomes, type Row, requireRows, sendAll } from '../write/collections.ts';
import { changeRows, entriesOf, idIn, roleIn, type TieRow } from './change-rows.ts';
import { entryIn, type RoleTie } from './roles.ts';

type UpdateRow = Row<Update>;
/** One change of a row in between, for one of the records. */
type Move = UpdateRow & { readonly of: UpdateRow; readonly body: Readonly<Record<string, unknown>> };

/**
 * Carries out what updates say of the rows that tie their records to others, once the records themselves are written. One whose rows are refused is
 * not done, and says so by the name of their field.
 */
export async function moveTies(room: Room, rows: readonly UpdateRow[], outcomes: Outcomes): Promise<void> {
  const { tie } = room.type;
  const speaking = tie === null ? [] : rows.filter(({ index, write }) => tie.field in write.fields && outcomes.get(index)?.done === true);
  if (tie === null || speaking.length === 0) return;
  try {
    const there = await readTieRows(room.client, tie, speaking);
    const moves = speaking.map((row) => movesOf(tie, row, there.get(row.write.id.slice(0, 15)) ?? []));
    for (const [i, { kept }] of moves.entries()) if (kept !== null) fail(outcomes, speaking[i], kept);
    // What is new is added before the old is taken away.
    for (const kind of ['makes', 'renames', 'removals'] as const) {
      const some = moves.flatMap((each) => each[kind]).filter(({ of }) => outcomes.get(of.index)?.done === true);
      await send(room, tie, { kind, some }, outcomes);
    }
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    // The records are written: what is left of them is done by a repeat.
    for (const row of speaking) if (outcomes.get(row.index)?.done === true) outcomes.set(row.index, { done: false, error });
  }
}

function fail(outcomes: Outcomes, row: UpdateRow | undefined, error: HubError): void {
  if (row !== undefined) outcomes.set(row.index, { done: false, error });
}

function movesOf(tie: RoleTie, row: UpdateRow, there: readonly TieRow[]) {
  const [wished, known] = [entriesOf(row.write.fields[tie.field]), entriesOf(row.write.seen[tie.field])];
  const change = changeRows(there, { wished, known });
  const move = (body: Move['body']): Move => ({ ...row, of: row, body });
  const role = (entry: string) => (tie.role === null ? {} : { [tie.role]: roleIn(entry) });
  return {
    makes: change.makes.map((entry) => move({ [tie.parent]: row.write.id, [tie.column]: idIn(entry), ...role(entry) })),
    renames: change.renames.map(({ id, entry }) => move({ id, ...role(entry) })),
    removals: change.removals.map((id) => move({ id })),
    kept:
      change.kept.length === 0
        ? null
        : unfit(tie.field, `${change.kept.join(', ')} is its own ${tie.own?.field}, and goes with that alone`),
  };
}

async function readTieRows(client: Client, tie: RoleTie, rows: readonly UpdateRow[]): Promise<ReadonlyMap<string, readonly TieRow[]>> {
  const columns = ['Id', tie.parent, tie.column, ...(tie.role === null ? [] : [tie.role]), ...(tie.own === null ? [] : [tie.own.mark])];
  const head = `SELECT ${columns.join(', ')} FROM ${tie.sobject} WHERE ${tie.parent} IN `;
  const found: { parent: string; row: TieRow }[] = [];
  const ids = rows.map(({ write }) => write.id);
  for (const list of listsThatFit(ids, head)) {
    for (let path: string | null = queryPath(`${head}(${list.map(literal).join(',')})`, { all: false }); path !== null; ) {
      const { rows: cells, next }: ReturnType<typeof parseCells> = parseCells((await client.send({ method: 'GET', path })).body);
      for (const one of cells) {
        const entry = entryIn(tie, one);
        const row = { id: String(one.Id), entry: entry ?? '', isOwn: tie.own !== null && one[tie.own.mark] === true };
        if (entry !== null) found.push({ parent: String(one[tie.parent]).slice(0, 15), row });
      }
      path = next;
    }
  }
  return new Map([...groupBy(found, ({ parent }) => parent)].map(([parent, some]) => [parent, some.map(({ row }) => row)]));
}

type Sending = { readonly kind: 'makes' | 'renames' | 'removals'; readonly some: readonly Move[] };

async function send(room: Room, tie: RoleTie, { kind, some }: Sending, outcomes: Outcomes): Promise<void> {
  const numbered = some.map((move, index) => ({ ...move, index }));
  const answered: Outcomes = new Map();
  const collection = {
    call: (moves: readonly Move[]) => callOf(room.client, tie, kind, moves),
    read: async (moves: readonly Move[], body: unknown) => {
      const results = requireRows(parseSaveResults(body));
      return moves.map(({ write }, i) => {
        const result = results[i];
        if (result === undefined) return { done: false, error: new HubError('stale_write', 'the answer leaves this row out') } as const;
        const error = result.ok ? null : tieError(tie, result.errors, { kind, write });
        return error === null ? ({ done: true, id: write.id, observed: null } as const) : ({ done: false, error } as const);
      });
    },
  };
  await sendAll(room.client, collection, numbered, answered);
  for (const { index, of } of numbered) {
    const answer = answered.get(index);
    if (answer?.done !== true && outcomes.get(of.index)?.done === true)
      fail(outcomes, of, answer?.done === false ? answer.error : new HubError('stale_write', 'the row was not answered'));
  }
}

function callOf({ writeHeaders: headers }: Client, { sobject }: RoleTie, kind: Sending['kind'], moves: readonly Move[]): Call {
  if (kind === 'removals')
    return { method: 'DELETE', path: `/composite/sobjects?ids=${moves.map(({ body }) => body.id).join(',')}&allOrNone=false` };
  const records = moves.map(({ body }) => ({ attributes: { type: sobject }, ...body }));
  return { method: kind === 'makes' ? 'POST' : 'PATCH', path: '/composite/sobjects', body: { allOrNone: false, records }, headers };
}

/** Why a row in between was refused, as one of its record; null where it is as it should be already. */
function tieError({ field }: RoleTie, errors: readonly VendorError[], { kind, write }: { kind: Sending['kind']; write: Update }) {
  if (kind === 'removals' && isLost(errors)) return null;
  if (kind === 'makes' && errors[0]?.code === 'DUPLICATE_VALUE') return null;
  const { kind: is, message, code } = rowError(errors, write);
  const own = is === 'gone' || is === 'already_there' || is === 'depended_on' ? 'record_rejected' : is;
  return new HubError(own, message, { fields: [field], ...(code === undefined ? {} : { code }) });
}
