import type ipaddr from 'ipaddr.js';
import type { Connector } from '../contract/connector.ts';
import type { Connection } from '../hub/connections/connections.ts';
import type { Hub } from '../hub/database.ts';
import type { Vault } from '../hub/sealing/vault.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { EntityMapping } from '../mapping/mapping.ts';
import { type Mapping, type Mappings, mappingFor } from '../mapping/mappings.ts';
import type { ResponseMapping } from '../mapping/response-mapping.ts';
import type { KeptConnection } from './connecting/session.ts';
import type { Pace } from './limits/pace.ts';

/** What happens, for whoever watches: progress bars, the live page. Ids and counts only. */
export type LiveEvent =
  | {
      readonly event: 'progress';
      readonly connectionId: string;
      readonly object: string;
      readonly phase: 'reading' | 'writing';
      readonly done: number;
      readonly total: number | null;
    }
  | { readonly event: 'run'; readonly connectionId: string; readonly object: string; readonly counts: Readonly<Record<string, number>> }
  | { readonly event: 'misfits'; readonly connectionId: string; readonly object: string; readonly text: readonly string[] }
  | { readonly event: 'connection'; readonly connectionId: string; readonly state: string; readonly reason: string | null };

/** All that the engine works with: handed in, never imported. */
export type Engine = {
  readonly hub: Hub;
  readonly vault: Vault;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly mappings: Mappings;
  readonly clock: Clock;
  readonly log: Log;
  /** Private ranges that connections may use. */
  readonly allowPrivate: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
  readonly callTimeoutMs: number;
  /** One pace for each connection, kept while the process lives. */
  readonly paces: Map<string, Pace>;
  /** Connections that are kept open between uses. */
  readonly opened: Map<string, KeptConnection>;
  /** Everything that happens has been shown to a person before, or is only thought through: no brake stops it. */
  readonly foreseen?: true;
  live(event: LiveEvent): void;
};

type Named = Pick<Connection, 'connector' | 'name'>;

export function mappingOf(engine: Engine, connection: Named, object: string): Mapping | undefined {
  return mappingFor(engine.mappings, connection, object);
}

export function entityMapping(engine: Engine, connection: Named, object: string): EntityMapping | undefined {
  const mapping = mappingOf(engine, connection, object);
  return mapping?.kind === 'entity' ? mapping : undefined;
}

export function responseMapping(engine: Engine, connection: Named, object: string): ResponseMapping | undefined {
  const mapping = mappingOf(engine, connection, object);
  return mapping?.kind === 'response' ? mapping : undefined;
}
