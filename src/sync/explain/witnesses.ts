import { sql } from 'kysely';
import { namesOfActors } from '../../hub/access/actors.ts';
import type { Witness } from '../../hub/records/explanation.ts';
import type { JournalLine } from '../../hub/records/journal.ts';
import type { Direction, NullPolicy, Rule } from '../../mapping/mapping.ts';
import { ruleInWords } from '../../merge/settle.ts';
import type { Telling } from '../../merge/steps.ts';
import type { Engine } from '../engine.ts';
import type { Name } from './sides.ts';

/** All that a journal line is told with: names of connections, mappings as they were, and who decided a conflict. */
export type Witnesses = Telling & {
  nameOf(connectionId: string): Name;
  displayOf(by: string): string;
};

/** A line of a mapping as a version of it was kept. */
type KeptLine = {
  readonly hub: string;
  readonly remote: string;
  readonly direction: Direction;
  readonly rule: Rule;
  readonly nulls: NullPolicy;
};

/** Reads what the journal of a record speaks of. */
export async function readWitnesses(engine: Engine, recordId: string, journal: readonly JournalLine[]): Promise<Witnesses> {
  const names = new Map(
    (await engine.hub.selectFrom('connection').select(['id', 'name', 'connector']).execute()).map((row) => [row.id, row]),
  );
  const kept = await readKept(engine, journal);
  const tookSides = journal.some((line) => Object.values(line.fields).some((change) => change.settled?.took !== undefined));
  const deciders = tookSides ? await readDeciders(engine, recordId) : [];
  const persons = await namesOfActors(engine.hub, [...journal.flatMap((line) => line.actor ?? []), ...deciders.map(({ by }) => by)]);
  const nameOf = (connectionId: string): Name => names.get(connectionId);
  const displayOf = (by: string): string => (by === 'hub' ? 'the hub' : (names.get(by)?.name ?? 'a connection that is gone'));
  return {
    nameOf,
    displayOf,
    systemOf: (by) => ({ by: names.get(by)?.connector ?? by, connection: names.get(by)?.name ?? null }),
    witness: (line, field) => {
      const mapped = line.mapping === null ? undefined : kept.get(line.mapping)?.get(field);
      return {
        ...placeOf(line, { nameOf, displayOf }),
        remoteField: mapped?.remote ?? null,
        actor: actorOf(line, field, { deciders, persons }),
        ...ruleOf(line, field, mapped),
      };
    },
  };
}

function placeOf(
  line: JournalLine,
  { nameOf, displayOf }: Pick<Witnesses, 'nameOf' | 'displayOf'>,
): Omit<Witness, 'remoteField' | 'actor' | 'rule' | 'ruled'> {
  const { id, cause, at, connectionId, remoteId, changedAt, runId, mapping } = line;
  const connection = connectionId === null ? null : displayOf(connectionId);
  const connector = connectionId === null ? null : (nameOf(connectionId)?.connector ?? null);
  return { changeId: id, cause, at, connection, connector, remoteId, changedAt, runId, mapping };
}

type Doers = { readonly deciders: readonly Decider[]; readonly persons: ReadonlyMap<string, string> };

function actorOf(line: JournalLine, field: string, { deciders, persons }: Doers): string | null {
  const isDecided = line.fields[field]?.settled?.took !== undefined;
  const actor = isDecided ? deciders.findLast((one) => one.field === field && one.at <= line.at)?.by : line.actor;
  if (actor !== undefined && actor !== null) return persons.get(actor) ?? actor;
  return isDecided ? null : line.changedBy;
}

function ruleOf(line: JournalLine, field: string, mapped: KeptLine | undefined): Pick<Witness, 'rule' | 'ruled'> {
  const { rule, settled } = line.fields[field] ?? {};
  if (rule !== undefined) return { rule, ruled: null };
  const ruled = settled?.rule ?? mapped?.rule ?? null;
  return { rule: ruled === null ? '' : ruleInWords(ruled), ruled };
}

/** The lines of the mappings that the journal names, by version and hub field. */
async function readKept(engine: Engine, journal: readonly JournalLine[]): Promise<ReadonlyMap<string, ReadonlyMap<string, KeptLine>>> {
  const hashes = [...new Set(journal.flatMap((line) => line.mapping ?? []))];
  if (hashes.length === 0) return new Map();
  const { rows } = await sql<{ hash: string; lines: readonly KeptLine[] }>`
    select hash, document -> 'lines' as lines from mapping_version where hash = any(${hashes}::text[])`.execute(engine.hub);
  return new Map(rows.map(({ hash, lines }) => [hash, new Map(lines.map((line) => [line.hub, line]))]));
}

type Decider = { readonly field: string; readonly by: string; readonly at: string };

/** Who took one side of a conflict, oldest first. */
async function readDeciders(engine: Engine, recordId: string): Promise<readonly Decider[]> {
  const { rows } = await sql<{ field: string; by: string; at: Date }>`
    select field, detail ->> 'takenBy' as by, coalesce(closed_at, opened_at) as at from hold
    where record_id = ${recordId} and kind = 'conflict' and detail ? 'takenBy' and field is not null order by at`.execute(engine.hub);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
