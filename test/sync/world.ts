import { sql } from 'kysely';
import { type HubspotSandbox, handsOf } from '../../connectors/hubspot/sandbox/index.ts';
import { type Hand, salesforceHand } from '../../connectors/salesforce/sandbox/index.ts';
import type { Fields } from '../../src/contract/records.ts';
import type { Hub } from '../../src/hub/database.ts';
import type { ChangedField, StoredBase } from '../../src/hub/stored.ts';
import { must } from '../../src/kernel/must.ts';
import type { Line } from '../../src/mapping/mapping.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import type { OpenSandbox } from '../../src/sandbox/sandbox.ts';
import type { Engine } from '../../src/sync/engine.ts';
import { type Summary, summarise } from '../../src/sync/summary.ts';
import { cycleOnce } from '../../src/sync/until-quiet.ts';
import { openStage, type StageOptions } from '../support/stage.ts';

const QUICK = {
  hubspot: { indexLagMs: 0, searchPerSecond: 10_000, burstPer10s: 100_000, associationsPer10s: 100_000 },
  typeform: { callsPerSecond: 0 },
  questionpro: { callsPerMinute: 0, organizationCallsPerMinute: 0 },
  surveymonkey: { callsPerMinute: 0, callsPerDay: 0, webhooksByThemselves: false },
} as const;

export type Hold = {
  readonly id: string;
  readonly kind: string;
  readonly connection: string;
  readonly field: string | null;
  readonly reason: string;
  readonly remoteId: string | null;
};
export type Change = { readonly cause: string; readonly conflict: boolean; readonly fields: Readonly<Record<string, ChangedField>> };

/** Two CRMs and a hub, and the hands of the people in them. */
export type World = AsyncDisposable & {
  readonly hub: Hub;
  readonly engine: Engine;
  readonly hs: HubspotSandbox;
  readonly sf: Hand;
  sandbox(id: string): OpenSandbox;
  /** Looks at everything once; the writes that it caused. */
  cycle(): Promise<number>;
  /** Looks again and again until nothing is written any more; the writes. */
  settle(): Promise<number>;
  summary(): Promise<Summary>;
  holds(): Promise<readonly Hold[]>;
  changes(): Promise<readonly Change[]>;
  record(email: string): Promise<{ id: string; fields: Fields } | undefined>;
  links(
    recordId: string,
  ): Promise<readonly { connection: string; remoteId: string | null; state: string; reason: string | null; base: StoredBase }[]>;
  /** Lets so much time pass for writes whose answers never came; whatever waits for its next try waits no more. */
  age(seconds: number): Promise<void>;
  /** Winds the vendors' clocks forward. */
  later(seconds: number): void;
  /** Contacts over there that are not deleted and whose field has this value. */
  inHubspot(property: string, value: string): ReturnType<HubspotSandbox['contacts']['all']>;
  inSalesforce(field: string, value: string): ReturnType<Hand['all']>;
};

export async function openWorld(hub: Hub, options: Partial<StageOptions> = {}): Promise<World> {
  const switches = Object.fromEntries(Object.entries(QUICK).map(([id, quick]) => [id, { ...quick, ...options.switches?.[id] }]));
  let aheadMs = 0;
  // Somebody whom the hub makes in Salesforce belongs to the integration user there, who is nobody in HubSpot: left out, as it is not the point.
  const remap = (mappings: Mappings) => (options.remap ?? ((same) => same))(remapLine('owner_email', { direction: 'off' })(mappings));
  const stage = await openStage(hub, {
    connectors: ['hubspot', 'salesforce'],
    people: 0,
    unpaced: true,
    now: () => new Date(Date.now() + aheadMs),
    ...options,
    remap,
    switches: { ...options.switches, ...switches },
  });
  const { engine } = stage;
  const sandbox = (id: string) => must(stage.sandboxes.get(id), `sandbox ${id}`);
  const hs = handsOf(sandbox('hubspot').sandbox);
  const sf = salesforceHand(sandbox('salesforce').sandbox);
  const cycle = () => cycleOnce(engine, AbortSignal.timeout(20_000));
  return {
    hub,
    engine,
    hs,
    sf,
    sandbox,
    cycle,
    async settle() {
      let writes = 0;
      for (let round = 0; round < 8; round += 1) {
        const wrote = await cycle();
        writes += wrote;
        if (wrote === 0 && round > 0) return writes;
      }
      throw new Error(`still writing after 8 cycles, ${writes} writes`);
    },
    summary: () => summarise(engine, 0),
    holds: async () =>
      (
        await sql<Hold>`select h.id, h.kind, c.name as connection, h.field, h.reason, h.remote_id as "remoteId" from hold h join connection c on c.id = h.connection_id where h.closed_at is null order by h.id`.execute(
          hub,
        )
      ).rows,
    changes: async () => (await sql<Change>`select cause, conflict, fields from change order by id`.execute(hub)).rows,
    record: async (email) =>
      (
        await sql<{
          id: string;
          fields: Fields;
        }>`select id, fields from record where object = 'contact' and fields ->> 'email' = ${email}`.execute(hub)
      ).rows[0],
    links: async (recordId) =>
      (
        await sql<{
          connection: string;
          remoteId: string | null;
          state: string;
          reason: string | null;
          base: StoredBase;
        }>`select c.name as connection, l.remote_id as "remoteId", l.state, l.reason, l.base from link l join connection c on c.id = l.connection_id where l.record_id = ${recordId} order by c.name`.execute(
          hub,
        )
      ).rows,
    age: async (seconds) => {
      await sql`update link set sent_at = sent_at - ${seconds} * interval '1 s' where sent is not null`.execute(hub);
      await sql`update link set not_before = '-infinity'`.execute(hub);
      await sql`update connection set resume_at = null`.execute(hub);
    },
    later: (seconds) => {
      aheadMs += seconds * 1000;
    },
    inHubspot: (property, value) => hs.contacts.all().filter(({ properties }) => properties[property] === value),
    inSalesforce: (field, value) => sf.all('Contact').filter((row) => row[field] === value && !row.IsDeleted),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

/** The mappings with one line of two connectors changed. */
export const remapLine =
  (
    hubField: string,
    change: Partial<Pick<Line, 'rule' | 'direction' | 'nulls' | 'codec'>>,
    connectors: readonly string[] = ['hubspot', 'salesforce'],
  ) =>
  (mappings: Mappings): Mappings => ({
    ...mappings,
    byStream: new Map(
      [...mappings.byStream].map(([key, mapping]) => [
        key,
        mapping.kind === 'entity' && mapping.object === 'contact' && connectors.includes(mapping.connector)
          ? { ...mapping, lines: mapping.lines.map((line) => (line.hub === hubField ? { ...line, ...change } : line)) }
          : mapping,
      ]),
    ),
  });
