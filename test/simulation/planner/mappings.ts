import type { FieldValue } from '../../../src/contract/records.ts';
import { codecOf } from '../../../src/mapping/codec.ts';
import type { Codec, EntityMapping, Gates, Line, RemovalPolicy } from '../../../src/mapping/mapping.ts';
import type { EntityStream } from '../../../src/sync/streams.ts';
import { LOSSES } from '../../merge/values.ts';
import { FIELD_TYPES, type FieldName, OBJECT, RULES } from './model.ts';
import type { LineSpec, RemoteField, SystemSpec } from './spec.ts';
import type { System } from './systems.ts';

/** What a mapping says at the moment; people change it while the history goes on. */
export type MappingNow = {
  lines: Record<string, LineSpec>;
  gates: Gates;
  removed: { readonly in: RemovalPolicy; readonly out: RemovalPolicy };
};

export const mappingOf = ({ lines, gates, removed }: SystemSpec): MappingNow => ({ lines: { ...lines }, gates, removed });

/** The stream of a system as the engine would hand it to the merge. */
export function streamOf(system: System, now: MappingNow): EntityStream {
  const { spec } = system;
  const schema = system.schema();
  const mapping: EntityMapping = {
    kind: 'entity',
    file: `${spec.name}.${OBJECT}.yaml`,
    connector: spec.connector,
    object: OBJECT,
    hub: OBJECT,
    direction: 'both',
    match: RULES,
    gates: now.gates,
    optOut: { remote: 'quiet', is: true },
    removed: now.removed,
    merged: spec.merged,
    lines: Object.entries(now.lines).map(([name, line]) => lineOf(name as FieldName, line, spec.fields[name])),
  };
  return {
    key: `${spec.name}|${OBJECT}`,
    connection: {
      id: spec.name,
      connector: spec.connector,
      name: spec.name,
      origin: '',
      settings: {},
      account: null,
      enabled: true,
      state: 'ready',
      reason: null,
      waitMs: 0,
      sparedMs: 0,
      sandbox: null,
      isPaused: false,
      schedule: null,
    },
    stream: STREAM,
    traits: {
      nature: 'entity',
      scopedBy: null,
      read: { removals: 'reported', pageMax: 100, settleMs: 0 },
      refs: { boss: OBJECT },
    },
    mapping,
    lines: mapping.lines.filter(({ remote }) => schema.has(remote)),
    schema,
    canCreate: now.gates.out.creates,
    canUpdate: true,
    canDelete: true,
  };
}

const STREAM: EntityStream['stream'] = {
  id: OBJECT,
  connectionId: '',
  object: OBJECT,
  hubObject: OBJECT,
  direction: 'both',
  enabled: true,
  everyMs: 1000,
  dueInMs: 0,
  backfilled: true,
  sinceObservedMs: 0,
  sinceWroteMs: 0,
  schema: null,
  sinceSchemaMs: 0,
  quarantined: [],
  asked: null,
  mode: 'live',
  mappingHash: null,
  sweepInMs: 0,
  placed: true,
  resumeInMs: null,
};

function lineOf(name: FieldName, { direction, rule, nulls }: LineSpec, field: RemoteField | undefined): Line {
  const ref = FIELD_TYPES[name] === 'reference' ? OBJECT : null;
  return { hub: name, remote: name, direction, rule, nulls, codec: codecFor(name, field), ref };
}

const CODECS = new Map<string, Codec>();

// A mapping that knows what the vendor makes of a value says so in what it writes.
function codecFor(name: FieldName, field: RemoteField | undefined): Codec {
  const loss = field?.known === true ? field.loss : 'none';
  const key = `${name} ${loss}`;
  const known = CODECS.get(key);
  if (known !== undefined) return known;
  const plain = codecOf({ type: FIELD_TYPES[name], transform: null, values: null, unmapped: 'hold' });
  const lossy = (value: FieldValue) => plain.encode(LOSSES[loss](value));
  const codec: Codec = { decode: plain.decode, encode: loss === 'none' ? plain.encode : lossy };
  CODECS.set(key, codec);
  return codec;
}
