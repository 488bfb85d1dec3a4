import { type Ask, type Connector, defineConnector, type FieldSchema, type Session } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { granted } from '../../../src/contract/granted.ts';
import type { Create, Cursor, Observation, Page, Present, Write, WriteOutcome } from '../../../src/contract/records.ts';
import type { SignInPort } from '../../../src/contract/sign-in.ts';
import { chunk } from '../../../src/kernel/lists.ts';
import { must } from '../../../src/kernel/must.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import type { Api, CallName, FaultName } from './api.ts';
import type { Moment } from './moments.ts';
import type { Actor } from './schedule.ts';
import { type ConnectorShape, FIELDS } from './shape.ts';
import type { Row, Vendor } from './vendor.ts';
import { applyRows } from './writing.ts';

/** Where a read stands: after which row of the run that began then, or since when the next run has to look. */
type At = Cursor & { readonly sinceMs: number; readonly after?: { readonly ms: number; readonly id: string }; readonly beganMs?: number };

/** A connector of the contract over vendors in memory, as one worker has it: `apiOf` finds the account behind an origin. */
export function connectorOf(
  shape: ConnectorShape,
  actor: Actor,
  apiOf: (origin: string) => Api,
  watch: (moment: Moment) => void,
): Connector {
  return defineConnector(manifestOf(shape), (session) => {
    const api = apiOf(session.origin);
    const call = caller(api, actor, session, watch);
    return {
      signIn: signInOf(api, actor, session, watch),
      identify: async () => ({ id: session.origin, name: session.origin }),
      objects: {
        contact: {
          fields: () => call('fields', () => schemaOf(shape)),
          read: {
            changes: (from: Cursor | null, ask: Ask) => changes(api, call, from as At | null, ask),
            byIds: async (ids: readonly string[], ask: Ask) => {
              const seen: Observation[] = [];
              for (const some of chunk(ids, shape.pageMax))
                seen.push(...(await call('byIds', () => some.map((id) => readRow(api.vendor, id, ask)))));
              return seen;
            },
          },
          write: {
            apply: (writes: readonly Write[], ask: Ask) => apply(api, call, writes, ask),
            recall: (creates: readonly Create[], since: string, ask: Ask) => recall(api, call, creates, { since, ask }),
          },
        },
      },
    };
  });
}

type Caller = <T>(name: CallName, effect: (fault: FaultName | null) => T) => Promise<T>;

function caller(api: Api, actor: Actor, session: Session, watch: (moment: Moment) => void): Caller {
  const send = <T>(name: CallName, token: number | null, effect: (fault: FaultName | null) => T) =>
    session.call((signal) => api.request({ actor, name, signal, token, watch: (when) => watch({ label: `call: ${name}`, when }) }, effect));
  if (!api.vendor.shape.grants) return (name, effect) => send(name, null, effect);
  return (name, effect) => granted(session, (grant) => send(name, Number(grant.accessToken.reveal()), effect));
}

/** The vendor's token endpoint, in memory like everything else of it. */
function signInOf(api: Api, actor: Actor, session: Session, watch: (moment: Moment) => void): SignInPort {
  return {
    tokens: (body) => ({ accessToken: new Secret(String(body)), refreshToken: null, instanceUrl: null, expiresInS: null, scopes: null }),
    refusal: () => null,
    send: () =>
      session.call(async (signal) => {
        const about = {
          actor,
          name: 'token',
          signal,
          token: null,
          watch: (when: Moment['when']) => watch({ label: 'call: token', when }),
        } as const;
        return api.request(about, () => {
          api.token += 1;
          return Response.json(api.token);
        });
      }),
  };
}

async function* changes(api: Api, call: Caller, from: At | null, ask: Ask): AsyncGenerator<Page> {
  const { vendor } = api;
  const { settleMs, pageMax, removals } = vendor.shape;
  let at: At = from ?? { v: 1, sinceMs: Number.NEGATIVE_INFINITY };
  if (!('sinceMs' in at) || at.sinceMs === null) at = { ...at, sinceMs: Number.NEGATIVE_INFINITY };
  for (;;) {
    const { beganMs, after, sinceMs } = at;
    const isFull = sinceMs === Number.NEGATIVE_INFINITY;
    const { shown, nowMs } = await call('changes', () => {
      const rows = vendor
        .index()
        .filter(({ row, changedAtMs }) => changedAtMs >= sinceMs && (row.deleted === null || (removals === 'reported' && !isFull)))
        .filter(({ row, changedAtMs }) => after === undefined || changedAtMs > after.ms || (changedAtMs === after.ms && row.id > after.id))
        .sort((a, b) => a.changedAtMs - b.changedAtMs || (a.row.id < b.row.id ? -1 : 1));
      const [last, next] = [rows[pageMax - 1], rows[pageMax]];
      if (last !== undefined && last.changedAtMs === next?.changedAtMs) vendor.chronicle.reached.add('a tie over a page');
      if (settleMs === 0) for (const row of vendor.rows.values()) row.lookedMs = vendor.schedule.nowMs();
      return { shown: rows.slice(0, pageMax + 1), nowMs: vendor.nowMs() };
    });
    const page = shown.slice(0, pageMax);
    const began = beganMs ?? nowMs;
    const seen = page.map(
      ({ row, values, changedAtMs, version }): Observation =>
        row.deleted !== null ? goneRow(row) : present(vendor, row, { values, changedAtMs, version }, ask),
    );
    const last = page.at(-1);
    if (shown.length <= pageMax || last === undefined) {
      yield { seen, cursor: { v: 1, sinceMs: began - settleMs } };
      return;
    }
    at = {
      v: 1,
      sinceMs: isFull ? (null as unknown as number) : sinceMs,
      after: { ms: last.changedAtMs, id: last.row.id },
      beganMs: began,
    };
    yield { seen, cursor: at };
    at = { ...at, sinceMs };
  }
}

function present(vendor: Vendor, row: Row, view: Pick<Row, 'values' | 'changedAtMs' | 'version'>, ask: Ask): Present {
  return {
    kind: 'present',
    id: row.id,
    changedAt: new Date(view.changedAtMs).toISOString(),
    version: vendor.shape.guard === 'version' ? String(view.version) : null,
    fields: vendor.show(view.values, ask.fields),
    ...formerIds(vendor, row),
  };
}

function formerIds(vendor: Vendor, row: Row): { readonly formerIds?: readonly string[] } {
  const ids = [...vendor.rows.values()].filter((one) => one.mergedInto === row.id).map(({ id }) => id);
  return ids.length === 0 ? {} : { formerIds: ids };
}

const goneRow = (row: Row): Observation => ({
  kind: 'gone',
  id: row.id,
  changedAt: new Date(row.changedAtMs).toISOString(),
  ...(row.mergedInto === null ? {} : { mergedInto: { object: 'contact', id: row.mergedInto } }),
});

function readRow(vendor: Vendor, id: string, ask: Ask): Observation {
  const row = vendor.rows.get(id);
  if (row === undefined) return { kind: 'gone', id, changedAt: new Date(vendor.nowMs()).toISOString() };
  row.lookedMs = vendor.schedule.nowMs();
  return row.deleted !== null ? goneRow(row) : present(vendor, row, row, ask);
}

/** The vendor answers by id, in any order and not always completely; the contract wants one outcome a write, in order. */
async function apply(api: Api, call: Caller, writes: readonly Write[], ask: Ask): Promise<readonly WriteOutcome[]> {
  const { vendor } = api;
  const sentMs = vendor.schedule.nowMs();
  const results = await call('apply', (fault) => applyRows(vendor, writes, { fault, sentMs }));
  return writes.map((_, i): WriteOutcome => {
    const result = results.find((one) => one.at === i);
    if (result === undefined) return { done: false, error: new HubError('stale_write', 'the answer does not say what became of it') };
    if (result.row === null) return { done: false, error: must(result.error, 'why it failed') };
    const { row } = result;
    return {
      done: true,
      id: row.id,
      observed: vendor.shape.echo === 'record' ? present(vendor, row, must(result.view, 'what it holds'), ask) : null,
    };
  });
}

async function recall(
  api: Api,
  call: Caller,
  creates: readonly Create[],
  { since, ask }: { since: string; ask: Ask },
): Promise<readonly (Present | null)[]> {
  const { vendor } = api;
  return call('recall', () =>
    creates.map(({ key }) => {
      // `since` is in our time; the vendor says what its own is with every answer.
      const sinceMs = Date.parse(since) + vendor.nowMs() - vendor.schedule.nowMs() - vendor.shape.stampMs;
      const row = [...vendor.rows.values()].find(
        (one) => one.key === key && one.deleted === null && one.createdAtMs >= sinceMs && one.recallableMs <= vendor.schedule.nowMs(),
      );
      vendor.chronicle.reached.add(row === undefined ? 'recall did not find it' : 'recall found it');
      // Deleted before the hub ever learnt its id: no look by key finds it, and no hub can know that it was there.
      for (const one of vendor.rows.values()) if (one.key === key && one.deleted !== null) one.isKnown = false;
      return row === undefined ? null : present(vendor, row, row, ask);
    }),
  );
}

function schemaOf(shape: ConnectorShape): readonly FieldSchema[] {
  return FIELDS.map((field) => {
    const { remote, loss, known } = shape.fields[field];
    return {
      name: remote,
      label: remote,
      type: field === 'score' ? 'number' : 'text',
      writable: true,
      required: field === 'last_name',
      maxLength: loss === 'truncate' && known ? 12 : null,
      choices: null,
    };
  });
}

function manifestOf(shape: ConnectorShape) {
  return {
    id: shape.id,
    label: shape.id,
    about: 'A vendor of the simulation.',
    kind: 'crm',
    origin: null,
    auth: [
      { kind: 'token', label: 'Token', help: '', fields: [{ name: 'token', label: 'Token' }] },
      {
        kind: 'client_credentials',
        label: 'App',
        help: '',
        fields: [
          { name: 'client_id', label: 'Id' },
          { name: 'client_secret', label: 'Secret' },
        ],
        tokenPath: '/token',
      },
    ],
    settings: [],
    pace: [shape.pace],
    objects: {
      contact: {
        nature: 'entity',
        scopedBy: null,
        read: { removals: shape.removals, pageMax: shape.pageMax, settleMs: shape.settleMs },
        write: {
          verbs: ['create', 'update', 'delete'],
          ...(shape.restores ? { restorableDays: 30 } : {}),
          batchMax: shape.batchMax,
          guard: shape.guard,
          echo: shape.echo,
          recallMs: shape.recallMs,
        },
      },
    },
  } as const;
}
