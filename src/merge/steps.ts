import type { FieldValue } from '../contract/records.ts';
import type { Contender, Step, Witness } from '../hub/records/explanation.ts';
import type { JournalLine } from '../hub/records/journal.ts';
import type { ChangedField, Settled } from '../hub/stored.ts';
import { moves } from './history.ts';
import { sameValue } from './same.ts';

/** No value needs more of its past than this to be told; what is left out stood its ground like the rest. */
const MOST_STEPS = 50;

/** What steps are told with: where a line comes from, and what a connection is called by the rules. */
export type Telling = {
  witness(line: JournalLine, field: string): Witness;
  /** By what names rules mean the connection of this id, or the hub. */
  systemOf(by: string): Pick<Contender, 'by' | 'connection'>;
};

/** How a field came to its value, out of the journal of its record: the line that gave it, and every contest that it has stood since. */
export function stepsOf(field: string, journal: readonly JournalLine[], telling: Telling): readonly Step[] {
  const own = journal.filter((line) => field in line.fields);
  const from = own.findLastIndex((line) => moves(line, field));
  const told = from < 0 ? own : own.slice(from);
  const kept = told.length > MOST_STEPS ? [...told.slice(0, 1), ...told.slice(1 - MOST_STEPS)] : told;
  return kept.flatMap((line) => {
    const change = line.fields[field];
    return change === undefined ? [] : [stepOf(change, telling.witness(line, field), telling)];
  });
}

function stepOf(change: ChangedField, witness: Witness, telling: Telling): Step {
  const { lost, settled } = change;
  if (lost === undefined || settled === undefined) return { ...witness, kind: 'set', value: change.new };
  const winner = contender({ value: change.new, ...settled }, telling);
  const loser = contender(lost, telling);
  // Who gave way was the remote where the hub's value stayed.
  const [hub, remote] = sameValue(change.old, change.new) ? [winner, loser] : [loser, winner];
  return { ...witness, kind: 'contest', hub, remote, ...policyOf(settled) };
}

type Stake = { readonly value: FieldValue; readonly by: string; readonly at: string };
const contender = ({ value, by, at }: Stake, telling: Telling): Contender => ({ value, ...telling.systemOf(by), at });

const policyOf = ({ direction, rule, nulls, moved, took }: Settled) => ({
  direction,
  policy: rule,
  nulls,
  moved: moved ?? ('both' as const),
  took: took ?? null,
});
