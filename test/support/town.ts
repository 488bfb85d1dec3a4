import type { FieldSchema } from '../../src/contract/connector.ts';
import type { Fields, FieldValue } from '../../src/contract/records.ts';
import type { Stamps, StoredBase } from '../../src/hub/stored.ts';
import { must } from '../../src/kernel/must.ts';
import type { Direction, Gate, Line, NullPolicy, Rule } from '../../src/mapping/mapping.ts';
import { planRecord } from '../../src/merge/merge-record.ts';
import type { PlannedChange, PlannedHold, RecordPlan } from '../../src/merge/record-plan.ts';
import type { LinkTree, RecordTree } from '../../src/merge/record-tree.ts';
import { sameValue } from '../../src/merge/same.ts';
import { LOSSES } from '../merge/values.ts';

/** One field of a remote. `known`: the mapping knows the loss, so that it is in the echo; else only the remote's answers show it. */
export type RemoteField = {
  readonly loss: keyof typeof LOSSES;
  readonly known: boolean;
  readonly writable: boolean;
  readonly direction: Direction;
};
export type RemoteSpec = {
  readonly connector: string;
  readonly fields: Readonly<Record<string, RemoteField>>;
  /** Whether the answer to a write shows the record, or only its id. */
  readonly answers: 'record' | 'id';
};
export type TownSpec = {
  readonly remotes: readonly RemoteSpec[];
  readonly rules: Readonly<Record<string, Rule>>;
  readonly nulls: NullPolicy;
};

/** What somebody typed in, and what stood there before. */
export type Edit = { readonly remote: number; readonly field: string; readonly value: FieldValue; readonly saw: FieldValue };
type Remote = { values: Record<string, FieldValue>; changedAt: string; readonly spec: RemoteSpec; writes: number };
type View = { readonly fields: Fields; readonly changedAt: string };
type Link = { base: StoredBase; sent: Fields | null; expected: Fields | null; view: View | null; holds: readonly PlannedHold[] };

/** How a send ends: with an answer, or without one and the write done, or without one and nothing done. */
export type Ending = 'answered' | 'lost_after' | 'lost_before';

/** One record in a town of remotes that live in memory, and a hub that plans with `planRecord` alone. */
export type Town = {
  readonly edits: readonly Edit[];
  readonly changes: readonly PlannedChange[];
  edit(remote: number, field: string, value: FieldValue): void;
  /** Takes a view of a remote; it grows old while nobody looks again. */
  look(remote: number): void;
  /** Plans from the views as they are, and stores the outcome. */
  reconcile(): RecordPlan;
  /** Looks, plans, and writes what is due to one remote; true when there was something. Waits while an earlier write is unexplained. */
  send(remote: number, ending: Ending): boolean;
  /** Looks up what became of a write whose answer never came. */
  recover(remote: number): void;
  tree(order?: readonly number[]): RecordTree;
  fields(): Fields;
  values(remote: number): Fields;
  holds(remote: number): readonly PlannedHold[];
};

const OPEN: Gate = { when: null, leaves: 'freeze', creates: true };
const START_MS = Date.parse('2026-11-22T08:00:00.000Z');

export function openTown(spec: TownSpec): Town {
  let tick = 0;
  const nextInstant = () => {
    tick += 1;
    return new Date(START_MS + tick * 1000).toISOString();
  };
  const remotes = spec.remotes.map(
    (one): Remote => ({
      values: Object.fromEntries(Object.keys(one.fields).map((name) => [name, null])),
      changedAt: nextInstant(),
      spec: one,
      writes: 0,
    }),
  );
  const links = remotes.map((): Link => ({ base: {}, sent: null, expected: null, view: null, holds: [] }));
  let record: { fields: Fields; stamps: Stamps } = { fields: {}, stamps: {} };
  const edits: Edit[] = [];
  const changes: PlannedChange[] = [];
  const remoteAt = (at: number) => must(remotes[at], `remote ${at}`);
  const linkAt = (at: number) => must(links[at], `link ${at}`);

  const treeOf = (at: number): LinkTree => {
    const { base, sent, expected, view } = linkAt(at);
    const { spec: own } = remoteAt(at);
    return {
      linkId: `l${at}`,
      connectionId: `k${at}`,
      connector: own.connector,
      system: own.connector,
      remoteId: `r${at}`,
      isOurs: false,
      base,
      sent,
      expected,
      presence: 'there',
      goneBy: null,
      gates: { in: OPEN, out: OPEN },
      optedOut: false,
      removed: { in: 'ignore', out: 'ignore' },
      removal: null,
      decidedRemoval: null,
      severed: new Map(),
      seen: view?.fields ?? null,
      changedAt: view?.changedAt ?? null,
      lines: linesOf(own, spec),
      schema: schemaOf(own),
      writable: true,
      refused: new Map(),
      decided: new Map(),
    };
  };
  const tree = (order: readonly number[] = remotes.map((_, at) => at)): RecordTree => ({
    recordId: 'record',
    archived: null,
    ...record,
    links: order.filter((at) => linkAt(at).view !== null).map(treeOf),
  });

  const look = (at: number): void => {
    const { values, changedAt } = remoteAt(at);
    const link = linkAt(at);
    link.view = { fields: { ...values }, changedAt };
    link.expected = null;
  };
  const reconcile = (): RecordPlan => {
    const plan = planRecord(tree());
    record = { fields: plan.fields, stamps: plan.stamps };
    changes.push(...plan.changes);
    for (const own of plan.links) {
      const link = linkAt(Number(own.linkId.slice(1)));
      link.base = own.base;
      link.holds = own.holds;
    }
    return plan;
  };
  const write = (at: number, push: Fields): void => {
    const remote = remoteAt(at);
    for (const [name, value] of Object.entries(push)) remote.values[name] = LOSSES[must(remote.spec.fields[name], name).loss](value);
    remote.changedAt = nextInstant();
    remote.writes += 1;
  };
  const settle = (at: number, push: Fields, pushed: Fields): void => {
    const [remote, link] = [remoteAt(at), linkAt(at)];
    const shown = remote.spec.answers === 'record' ? remote.values : push;
    const base: Record<string, StoredBase[string]> = { ...link.base };
    for (const [name, hub] of Object.entries(pushed)) {
      const there = shown[name] ?? null;
      const before = link.base[name];
      const overruled =
        remote.spec.answers === 'id' && before !== undefined && before !== null && typeof before === 'object' && 'overruled' in before
          ? before.overruled
          : undefined;
      base[name] = overruled === undefined ? (sameValue(hub, there) ? hub : { hub, remote: there }) : { hub, remote: there, overruled };
    }
    link.base = base;
    link.sent = null;
    if (remote.spec.answers === 'record') look(at);
    else link.expected = { ...link.expected, ...push };
  };

  return {
    edits,
    changes,
    look,
    reconcile,
    tree,
    edit(at, field, value) {
      const remote = remoteAt(at);
      const kept = LOSSES[must(remote.spec.fields[field], field).loss](value);
      edits.push({ remote: at, field, value: kept, saw: remote.values[field] ?? null });
      remote.values[field] = kept;
      remote.changedAt = nextInstant();
    },
    send(at, ending) {
      const link = linkAt(at);
      if (link.sent !== null) return false;
      look(at);
      const due = must(
        reconcile().links.find(({ linkId }) => linkId === `l${at}`),
        'the plan of a link',
      );
      if (Object.keys(due.push).length === 0) return false;
      link.sent = due.pushed;
      if (ending !== 'lost_before') write(at, due.push);
      if (ending === 'answered') settle(at, due.push, due.pushed);
      return true;
    },
    recover(at) {
      const link = linkAt(at);
      if (link.sent === null) return;
      look(at);
      reconcile();
      link.sent = null;
      reconcile();
    },
    fields: () => record.fields,
    values: (at) => remoteAt(at).values,
    holds: (at) => linkAt(at).holds,
  };
}

function linesOf(remote: RemoteSpec, spec: TownSpec): readonly Line[] {
  return Object.entries(remote.fields).map(([name, { loss, known, direction }]) => ({
    hub: name,
    remote: name,
    direction,
    rule: spec.rules[name] ?? { kind: 'newest' },
    nulls: spec.nulls,
    ref: null,
    codec: { encode: (value) => ({ ok: true, value: known ? LOSSES[loss](value) : value }), decode: (value) => ({ ok: true, value }) },
  }));
}

function schemaOf(remote: RemoteSpec): ReadonlyMap<string, FieldSchema> {
  return new Map(
    Object.entries(remote.fields).map(([name, { writable }]) => [
      name,
      { name, label: name, type: name === 'score' ? 'number' : 'text', writable, required: false, maxLength: null, choices: null },
    ]),
  );
}

/** Does everything that is due, again and again; how many rounds wrote something. */
export function settleDown(town: Town, spec: TownSpec, most: number): number {
  const all = spec.remotes.map((_, at) => at);
  for (let round = 0; round <= most; round += 1) {
    for (const at of all) town.recover(at);
    for (const at of all) town.look(at);
    town.reconcile();
    // Every remote is written to, also after the first had something.
    const wrote = all.map((at) => town.send(at, 'answered')).includes(true);
    if (!wrote) return round;
  }
  return most + 1;
}
