import { must } from '../../../../src/kernel/must.ts';
import { randomFrom, seedOf } from '../../../../src/sandbox/random.ts';
import type { SandboxOptions } from '../../../../src/sandbox/sandbox.ts';
import { Records } from '../records/records.ts';
import { Schema } from '../schema/schema.ts';
import { SearchIndex } from '../search/search-index.ts';
import { Associations, type End } from '../ties/associations.ts';
import { OBJECT_TYPES, type ObjectType } from './object-types.ts';
import { readSwitches, type Switches } from './switches.ts';

const PORTAL_ID = 24_711_001;

export type PortalOwner = {
  readonly id: string;
  readonly userId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly createdAt: string;
};

/** All that there is of one type of record. */
export type Table = { readonly type: ObjectType; readonly records: Records; readonly schema: Schema; readonly index: SearchIndex };

/** One HubSpot account: its whole state, and its time. */
export type Portal = {
  readonly id: number;
  readonly now: () => Date;
  readonly origin: () => string;
  readonly switches: Switches;
  readonly associations: Associations;
  readonly owners: readonly PortalOwner[];
  /** Whom the vendor names for what comes by the API: the user who made the token, and who owns no records. */
  readonly apiUserId: number;
  /** Addresses that a GDPR delete named although nobody had them. */
  readonly blocked: Set<string>;
  table(type: ObjectType): Table;
};

const FIRST_OWNER_ID = 7_100_001;
const FIRST_USER_ID = 3_300_001;
const API_USER_ID = 3_399_001;
const OWNERS_SINCE_MS = 3 * 365 * 86_400_000;

function openTable(type: ObjectType, options: SandboxOptions, switches: Switches): Table {
  const random = randomFrom(seedOf(options.seed, `hubspot index ${type.name}`));
  return {
    type,
    records: new Records(type),
    schema: new Schema(type, switches),
    index: new SearchIndex({ lagMs: switches.indexLagMs, stragglers: switches.stragglers, random }),
  };
}

/** An empty portal with its schema and its owners. */
export function openPortal(options: SandboxOptions): Portal {
  const switches = readSwitches(options.switches);
  const tables = new Map(OBJECT_TYPES.map((type) => [type.name, openTable(type, options, switches)]));
  const createdAt = new Date(options.now().getTime() - OWNERS_SINCE_MS).toISOString();
  return {
    id: PORTAL_ID,
    now: options.now,
    origin: options.origin,
    switches,
    associations: new Associations(),
    owners: options.town.owners.map((owner, at) => ({ ...owner, id: String(FIRST_OWNER_ID + at), userId: FIRST_USER_ID + at, createdAt })),
    apiUserId: API_USER_ID,
    blocked: new Set(),
    table: (type) => must(tables.get(type.name), type.name),
  };
}

/** The ties of a record whose other end is not archived. */
export function tiesOf(portal: Portal, from: End, to: ObjectType): ReturnType<Associations['of']> {
  const { records } = portal.table(to);
  return portal.associations.of(from, to).filter(({ id }) => records.live(id) !== undefined);
}
