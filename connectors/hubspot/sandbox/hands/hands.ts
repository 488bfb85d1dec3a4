import type { RequestLog } from '../../../../src/sandbox/page/request-log.ts';
import type { Troubles } from '../../../../src/sandbox/page/troubles.ts';
import type { SandboxApp } from '../../../../src/sandbox/sandbox.ts';
import type { HubspotTrouble } from '../front/strike.ts';
import type { PortalOwner } from '../portal/owners.ts';
import type { Portal } from '../portal/portal.ts';
import type { Delivery } from '../webhooks/sender.ts';
import type { Shape } from '../wire/shapes.ts';
import type { AccessHand } from './access.ts';
import type { RecordsHand } from './records.ts';
import type { TieHands } from './ties.ts';

type OwnersHand = {
  all(): readonly PortalOwner[];
  add(owner: { readonly email: string; readonly firstName: string; readonly lastName: string }): string;
  /** Somebody leaves, or comes back. */
  setArchived(id: string, archived: boolean): void;
};

type WebhooksHand = {
  /** Where events go from now on. */
  configure(targetUrl: string, maxConcurrentRequests?: number): void;
  /** `propertyName` for changes of properties, `objectTypeId` for the generic kinds. */
  subscribe(eventType: string, ways?: { readonly propertyName?: string; readonly objectTypeId?: string }): string;
  /** Sends what is due by the portal's time. */
  deliver(): Promise<void>;
  log(): readonly Delivery[];
  counts(): { readonly waiting: number; readonly lost: number };
};

/** What an admin does to the properties of a kind of record. */
type FieldsHand = {
  define(object: string, raw: Shape): void;
  change(object: string, name: string, raw: Shape): void;
  archive(object: string, name: string): void;
};

/** The sandbox with the hands of its people. */
export type HubspotSandbox = SandboxApp &
  TieHands & {
    readonly contacts: RecordsHand;
    readonly companies: RecordsHand;
    /** The records of any kind. */
    records(object: string): RecordsHand;
    readonly owners: OwnersHand;
    readonly access: AccessHand;
    readonly webhooks: WebhooksHand;
    readonly fields: FieldsHand;
    readonly troubles: Troubles<HubspotTrouble>;
    readonly requests: RequestLog;
    /** Addresses that nobody had when somebody asked for their erasure. */
    blocked(): readonly string[];
    /** Background noise among the contacts: `bulk`, `scores`, or `people`; says how many it moved. */
    noise(kind: string, count: number): number;
    /** Lets time pass at once. */
    wind(ms: number): void;
    cancelExport(id: string): void;
  };

export function ownersHand({ owners, now }: Portal): OwnersHand {
  return {
    all: () => owners.all(),
    add: (owner) => owners.add(owner, now().toISOString()).id,
    setArchived: (id, archived) => owners.setArchived(id, { archived, at: now().toISOString() }),
  };
}

export function fieldsHand(portal: Portal): FieldsHand {
  const at = () => portal.now().toISOString();
  const schemaOf = (object: string) => portal.table(portal.types.named(object)).schema;
  return {
    define: (object, raw) => void schemaOf(object).define(raw, at()),
    change: (object, name, raw) => void schemaOf(object).change(name, raw, at()),
    archive: (object, name) => schemaOf(object).archive(name, at()),
  };
}
