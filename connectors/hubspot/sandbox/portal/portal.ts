import { randomFrom, seedOf } from '../../../../src/sandbox/random.ts';
import type { SandboxOptions } from '../../../../src/sandbox/sandbox.ts';
import { Records } from '../records/records.ts';
import { Schema } from '../schema/schema.ts';
import { SearchIndex } from '../search/search-index.ts';
import { Associations, type End } from '../ties/associations.ts';
import { type Newsroom, openNewsroom, type Source } from './news.ts';
import { type ObjectType, ObjectTypes } from './object-types.ts';
import { Owners } from './owners.ts';
import { Pipelines } from './pipelines.ts';
import { readSwitches, type Switches } from './switches.ts';

const PORTAL_ID = 24_711_001;
const API_USER_ID = 3_399_001;
const APP_ID = 1_960_001;
const OWNERS_SINCE_MS = 3 * 365 * 86_400_000;

/** All that there is of one type of record. */
export type Table = { readonly type: ObjectType; readonly records: Records; readonly schema: Schema; readonly index: SearchIndex };

/** One HubSpot account: its whole state, and its time. */
export type Portal = {
  readonly id: number;
  /** The app that calls the API. */
  readonly appId: number;
  readonly now: () => Date;
  /** Lets time pass at once, on top of what passes by itself. */
  wind(ms: number): void;
  readonly origin: () => string;
  readonly switches: Switches;
  readonly types: ObjectTypes;
  readonly associations: Associations;
  readonly owners: Owners;
  readonly pipelines: Pipelines;
  readonly news: Newsroom;
  /** Chance, the same in every run. */
  readonly random: () => number;
  /** Whom the vendor names for what comes by the API: the user who made the token, and who owns no records. */
  readonly apiUserId: number;
  /** Addresses that a GDPR delete named although nobody had them. */
  readonly blocked: Set<string>;
  table(type: ObjectType): Table;
  /** Puts a changed type where the old one was, in its table too. */
  retype(type: ObjectType): void;
};

function openTable(type: ObjectType, portal: Portal, seed: number): Table {
  const { switches, pipelines } = portal;
  const random = randomFrom(seedOf(seed, `hubspot index ${type.name}`));
  return {
    type,
    records: new Records(type),
    schema: new Schema(type, { uniqueId: switches.uniqueId, feedback: switches.feedbackProperties, pipelines: pipelines.of(type) }),
    index: new SearchIndex({ lagMs: switches.indexLagMs, stragglers: switches.stragglers, latestMs: switches.stragglerMaxMs, random }),
  };
}

/** An empty portal with its schema and its owners. */
export function openPortal(options: SandboxOptions): Portal {
  const switches = readSwitches(options.switches);
  const tables = new Map<string, Table>();
  const types = new ObjectTypes();
  const since = new Date(options.now().getTime() - OWNERS_SINCE_MS).toISOString();
  let woundMs = 0;
  const portal: Portal = {
    id: PORTAL_ID,
    appId: APP_ID,
    now: () => new Date(options.now().getTime() + woundMs),
    wind: (ms) => {
      woundMs += ms;
    },
    origin: options.origin,
    switches,
    types,
    associations: new Associations(types),
    owners: new Owners(options.town.owners, since),
    pipelines: new Pipelines(options.now().toISOString(), switches),
    news: openNewsroom(),
    random: randomFrom(seedOf(options.seed, 'hubspot chance')),
    apiUserId: API_USER_ID,
    blocked: new Set(),
    table: (type) => {
      const table = tables.get(type.typeId) ?? openTable(type, portal, options.seed);
      tables.set(type.typeId, table);
      return table;
    },
    retype: (type) => {
      types.replace(type);
      tables.set(type.typeId, { ...portal.table(type), type });
    },
  };
  return portal;
}

/** The table of a type of record by one of its words. */
export function tableNamed(portal: Portal, word: string): Table {
  return portal.table(portal.types.named(word));
}

/** What the vendor writes about who did it, by the id of the user. */
export function sourceOf(portal: Portal, userId: number): Source {
  return userId === portal.apiUserId
    ? { sourceType: 'INTEGRATION', sourceId: String(portal.appId) }
    : { sourceType: 'CRM_UI', sourceId: `userId:${userId}` };
}

/** The ties of a record whose other end is not archived. */
export function tiesOf(portal: Portal, from: End, to: ObjectType): ReturnType<Associations['of']> {
  const { records } = portal.table(to);
  return portal.associations.of(from, to).filter(({ id }) => records.live(id) !== undefined);
}
