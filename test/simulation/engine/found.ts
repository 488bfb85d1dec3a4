import type { Deed, History, Step } from './history.ts';
import { type ConnectorShape, FIELDS, type Field, type FieldShape, type Shape } from './shape.ts';

/** A history by which the simulation once found a defect, as small as it could be made. */
export type Found = { readonly name: string; readonly history: History };

const fieldsOf = (id: string, odd: Partial<Record<Field, Partial<FieldShape>>>): ConnectorShape['fields'] =>
  Object.fromEntries(
    FIELDS.map((field) => [field, { remote: `${id}_${field}`, loss: 'none', known: true, direction: 'both', ...odd[field] }]),
  ) as ConnectorShape['fields'];

type Traits = Partial<Omit<ConnectorShape, 'id' | 'fields'>> & { readonly fields?: Partial<Record<Field, Partial<FieldShape>>> };

const connector = (id: string, { fields = {}, ...traits }: Traits): ConnectorShape => ({
  id,
  guard: 'none',
  echo: 'record',
  removals: 'reported',
  tells: false,
  sweepEveryMs: 300_000,
  batchMax: 10,
  pageMax: 10,
  settleMs: 0,
  recallMs: 0,
  stampMs: 1,
  uniqueEmail: false,
  mergesAnew: false,
  restores: true,
  removed: { in: 'ignore', out: 'ignore' },
  grants: false,
  automation: null,
  pace: { requests: 100, perMs: 1_000 },
  ...traits,
  fields: fieldsOf(id, fields),
});

/** A plain world with what is odd about its systems and rules. */
function shape(
  alpha: Traits,
  beta: Traits,
  odd: { readonly rules?: Partial<Shape['rules']>; readonly nulls?: Partial<Shape['nulls']> } = {},
): Shape {
  const same = <T>(value: T) => Object.fromEntries(FIELDS.map((field) => [field, value])) as Record<Field, T>;
  return {
    connectors: [connector('alpha', alpha), connector('beta', beta)],
    systems: [
      { name: 'alpha 0', connector: 'alpha', skewMs: 0 },
      { name: 'beta 1', connector: 'beta', skewMs: 0 },
    ],
    rules: { ...same({ kind: 'newest' } as const), ...odd.rules },
    nulls: { ...same('clear' as const), ...odd.nulls },
    workers: 1,
  };
}

const create = (system: number, nth: number, ...filled: Field[]): Deed => ({ do: 'create', system, person: 1, nth, filled });
const edit = (system: number, field: Field, nth: number): Deed => ({ do: 'edit', system, person: 1, field, style: 0, nth });
const work = (afterMs = 11_000): Step => ({ do: 'work', afterMs });

const found = (name: string, world: Shape, steps: readonly Step[], seed = 1): Found => ({ name, history: { seed, shape: world, steps } });

export const FOUND: readonly Found[] = [
  found(
    'a value that a new record could not be made with is held, also where the record is made at once',
    shape({ fields: { note: { loss: 'truncate' } } }, {}),
    [work(), create(1, 101, 'note')],
  ),
  found(
    'the own value of a field that only flows out is named when another system’s takes its place in the same merge',
    shape({ fields: { city: { direction: 'out' } } }, {}),
    [create(1, 101, 'city'), create(0, 102, 'city')],
  ),
  found(
    'the own value of a field that only flows out is named when the hub comes to hold another one later',
    shape({}, { fields: { name: { direction: 'out' } } }),
    [create(1, 101, 'name'), work(), edit(0, 'name', 102)],
  ),
  found('what was typed in between an interrupted create and its recall is nobody’s echo', shape({ recallMs: 15_000 }, {}), [
    work(),
    create(1, 101, 'name'),
    { do: 'crash', worker: 0, at: 'settle answers', moments: 1, ms: 0 },
    work(),
    edit(0, 'name', 102),
  ]),
  found('where the vendor guards by version, nothing is written over a version that was not merged', shape({}, { guard: 'version' }), [
    create(0, 101, 'note'),
    work(),
    work(),
    { do: 'hub_edit', person: 1, field: 'note', nth: 102 },
    edit(1, 'note', 103),
    work(0),
  ]),
  found('what is edited while another batch is on its way is looked at before it would be written over', shape({}, { batchMax: 1 }), [
    create(0, 101, 'note'),
    { do: 'create', system: 0, person: 2, nth: 102, filled: ['note'] },
    work(),
    work(),
    { do: 'bulk', system: 0, field: 'note', nth: 103 },
    { do: 'fault', system: 1, on: 'apply', kind: 'slow', skip: 0 },
    { do: 'soon', at: 'call: apply', turns: 1, deed: { do: 'bulk', system: 1, field: 'note', nth: 104 } },
    work(30_000),
  ]),
  found('what changes while a connection is off reaches it when it is on again', shape({}, {}), [
    create(0, 101, 'note'),
    work(),
    work(),
    edit(1, 'note', 102),
    { do: 'pause', system: 0, ms: 120_000 },
  ]),
  found('a job that comes for a connection that is off writes nothing there', shape({}, {}), [
    create(0, 101, 'note'),
    work(),
    work(),
    { do: 'fault', system: 1, on: 'apply', kind: 'rate_limited_for', skip: 0 },
    edit(0, 'note', 102),
    work(),
    { do: 'pause', system: 1, ms: 120_000 },
  ]),
  found('an open hold shows the values as they are now', shape({}, {}, { rules: { note: { kind: 'hold' } } }), [
    create(0, 101, 'note'),
    create(1, 102, 'note'),
    work(),
    edit(1, 'note', 103),
    edit(0, 'note', 104),
  ]),
  found(
    'a record that a write finds gone is gone as by a look, and is taken back in when it is restored',
    shape({}, { guard: 'version', removals: 'by_sweep' }),
    [
      create(0, 101, 'note'),
      work(),
      work(),
      edit(0, 'note', 102),
      { do: 'delete', system: 1, person: 1 },
      work(30_000),
      { do: 'restore', system: 1, person: 1 },
    ],
  ),
  found(
    'a value that a rule once turned down is an edit of its own when somebody types it again later',
    shape({ settleMs: 5_000 }, { guard: 'version', echo: 'id', settleMs: 5_000 }, { rules: { note: { kind: 'prefer', system: 'alpha' } } }),
    [
      create(1, 101, 'note'),
      create(0, 102, 'note'),
      work(0),
      { do: 'clear', system: 1, person: 1, field: 'note', nth: 103 },
      edit(0, 'note', 104),
      work(30_000),
      work(300_000),
      { do: 'clear', system: 1, person: 1, field: 'note', nth: 105 },
    ],
    8,
  ),
];
