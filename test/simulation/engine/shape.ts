import type { FieldValue } from '../../../src/contract/records.ts';
import { must } from '../../../src/kernel/must.ts';
import type { Direction, NullPolicy, RemovalPolicy, Rule } from '../../../src/mapping/mapping.ts';
import { between, chance, pick, weighted } from '../../../src/sandbox/random.ts';

/** What a vendor makes of a value that it is given; doing it twice changes nothing more. */
export const LOSSES = {
  none: (value: FieldValue) => value,
  lower: (value: FieldValue) => (typeof value === 'string' ? value.toLowerCase() : value),
  truncate: (value: FieldValue) => (typeof value === 'string' ? value.slice(0, 12) : value),
  trim: (value: FieldValue) => (typeof value === 'string' ? value.trim() : value),
} as const;
export type Loss = keyof typeof LOSSES;

export const FIELDS = ['email', 'last_name', 'name', 'city', 'note', 'score'] as const;
export type Field = (typeof FIELDS)[number];
/** Fields that people change after a record was made; the others say who it is. */
export const EDITED = ['name', 'city', 'note', 'score'] as const satisfies readonly Field[];

export type FieldShape = { readonly remote: string; readonly loss: Loss; readonly known: boolean; readonly direction: Direction };
export type ConnectorShape = {
  readonly id: string;
  readonly guard: 'version' | 'none';
  readonly echo: 'record' | 'id';
  readonly removals: 'reported' | 'by_sweep';
  /** Whether it tells of changes by itself. */
  readonly tells: boolean;
  /** How often every record is looked at. Where that is seldom, nothing mends what a cursor has passed. */
  readonly sweepEveryMs: number;
  readonly batchMax: number;
  readonly pageMax: number;
  readonly settleMs: number;
  readonly recallMs: number;
  /** How fine its stamps are; coarse ones make ties. */
  readonly stampMs: number;
  readonly uniqueEmail: boolean;
  /** Whether two records that people merge live on under a new id. */
  readonly mergesAnew: boolean;
  readonly restores: boolean;
  readonly removed: { readonly in: RemovalPolicy; readonly out: RemovalPolicy };
  /** Signs in for tokens that expire. */
  readonly grants: boolean;
  /** Writes a field over by itself after somebody has written the record, so much later. */
  readonly automation: { readonly field: Field; readonly afterMs: number } | null;
  readonly pace: { readonly requests: number; readonly perMs: number };
  readonly fields: Readonly<Record<Field, FieldShape>>;
};
export type SystemShape = { readonly name: string; readonly connector: string; readonly skewMs: number };
/** The world of one history: who is connected, how the vendors behave, and what the mappings say. */
export type Shape = {
  readonly connectors: readonly ConnectorShape[];
  readonly systems: readonly SystemShape[];
  readonly rules: Readonly<Record<Field, Rule>>;
  readonly nulls: Readonly<Record<Field, NullPolicy>>;
  readonly workers: number;
};

const IDS = ['alpha', 'beta', 'gamma'] as const;
const REMOVALS = ['ignore', 'archive', 'delete', 'ask'] as const;
const AUTOMATED: Field = 'city';
const DAY_MS = 86_400_000;
const SELDOM_MS = 7 * DAY_MS;

export function drawShape(random: () => number): Shape {
  const count = chance(random, 0.6) ? 2 : 3;
  const twins = chance(random, 0.2);
  const rules = Object.fromEntries(FIELDS.map((field) => [field, drawRule(random, field)])) as Record<Field, Rule>;
  const nulls = Object.fromEntries(
    FIELDS.map((field) => [
      field,
      isIdentity(field) || field === AUTOMATED || chance(random, 0.75) ? 'clear' : pick(random, ['ignore', 'keep'] as const),
    ]),
  ) as Record<Field, NullPolicy>;
  const connectors = IDS.slice(0, twins ? count - 1 : count).map((id) => drawConnector(random, id));
  const systems = Array.from({ length: count }, (_, i): SystemShape => {
    const connector = must(connectors[twins ? Math.max(0, i - 1) : i], 'a connector').id;
    return { name: `${connector} ${i}`, connector, skewMs: weighted(random, [7, 1, 1]) === 0 ? 0 : pick(random, [-DAY_MS, DAY_MS]) };
  });
  return { connectors, systems, rules, nulls, workers: chance(random, 0.4) ? 2 : 1 };
}

const isIdentity = (field: Field): boolean => field === 'email' || field === 'last_name';

function drawRule(random: () => number, field: Field): Rule {
  // A field that somebody's automation writes over as well, and that the hub would not give up, is a fight: a brake's matter.
  if (isIdentity(field) || field === AUTOMATED) return { kind: 'newest' };
  switch (weighted(random, [6, 2, 1, 1])) {
    case 1:
      return { kind: 'hold' };
    case 2:
      return { kind: 'hub' };
    case 3:
      return { kind: 'prefer', system: 'alpha' };
    default:
      return { kind: 'newest' };
  }
}

function drawConnector(random: () => number, id: string): ConnectorShape {
  const settleMs = chance(random, 0.5) ? 0 : 5_000;
  const removals = chance(random, 0.6) ? 'reported' : 'by_sweep';
  const fields = Object.fromEntries(FIELDS.map((field) => [field, drawField(random, id, field)])) as Record<Field, FieldShape>;
  return {
    id,
    guard: chance(random, 0.25) ? 'version' : 'none',
    echo: chance(random, 0.5) ? 'record' : 'id',
    removals,
    tells: chance(random, 0.4),
    sweepEveryMs: removals === 'reported' && chance(random, 0.7) ? SELDOM_MS : 300_000,
    batchMax: pick(random, [1, 2, 3, 10]),
    pageMax: pick(random, [1, 2, 3, 50]),
    settleMs,
    recallMs: pick(random, [0, 15_000]),
    stampMs: settleMs === 0 ? pick(random, [1, 1000]) : 1,
    uniqueEmail: chance(random, 0.5),
    mergesAnew: chance(random, 0.3),
    restores: chance(random, 0.7),
    removed: { in: pick(random, REMOVALS), out: pick(random, REMOVALS) },
    grants: chance(random, 0.25),
    automation: chance(random, 0.15) ? { field: AUTOMATED, afterMs: pick(random, [0, 700]) } : null,
    pace: chance(random, 0.3) ? { requests: between(random, 2, 4), perMs: 1_000 } : { requests: 100, perMs: 1_000 },
    fields,
  };
}

function drawField(random: () => number, id: string, field: Field): FieldShape {
  const remote = id === 'alpha' ? field : id === 'beta' ? `${field}__c` : `x_${field}`;
  if (isIdentity(field))
    return { remote, loss: field === 'email' && chance(random, 0.3) ? 'lower' : 'none', known: true, direction: 'both' };
  const loss = field === 'score' || chance(random, 0.6) ? 'none' : pick(random, ['lower', 'truncate', 'trim'] as const);
  const direction = field === AUTOMATED || chance(random, 0.85) ? 'both' : pick(random, ['in', 'out'] as const);
  return { remote, loss, known: chance(random, 0.5), direction };
}

/** How many looks may pass until surprises have settled: what a vendor does to a value that only a look tells is one more system that edits it. */
export function roundsFor(shape: Shape): number {
  const surprises = EDITED.map(
    (field) =>
      shape.systems.filter(({ connector }) => {
        const own = connectorOf(shape, connector);
        const told = own.echo === 'record' && own.automation?.field !== field;
        return !told && ((own.fields[field].loss !== 'none' && !own.fields[field].known) || own.automation?.field === field);
      }).length,
  );
  return 3 + Math.max(0, ...surprises);
}

export const connectorOf = (shape: Shape, id: string): ConnectorShape =>
  must(
    shape.connectors.find((one) => one.id === id),
    `connector ${id}`,
  );

/** Which edit a value came from, whatever was lost on the way; null for a blank, or for what no edit wrote. */
export function editOf(value: FieldValue | undefined): number | null {
  if (value === null || value === undefined) return null;
  const found = /^\s*e(\d+)/i.exec(String(value));
  return found === null ? (typeof value === 'number' ? value : null) : Number(found[1]);
}

/** What the nth edit writes: no two alike, whatever a vendor makes of it. */
export function typed(nth: number, field: Field, style: number): FieldValue {
  return field === 'score' ? nth : `E${nth}${['', ' Mixed Case and long', ' padded   ', ' x'][style % 4]}`;
}
