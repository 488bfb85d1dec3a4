/**
 * What is done first when little is allowed: edits that somebody waits for, then removals, then what a first load brings, then looking everything
 * over. A lower lane leaves room for the higher ones.
 */
export const LANES = ['live', 'removal', 'backfill', 'audit'] as const;
export type Lane = (typeof LANES)[number];

const rankOf = (lane: Lane): number => LANES.indexOf(lane);

/** The number that a lane is stored as. */
export const laneNumber: (lane: Lane) => number = rankOf;

/** Windows of fewer calls than this are over before anybody has to wait. */
const WIDE = 20;
const LEFT_FREE = 0.01;

/** How many calls of a window a lane may take: of a wide one, each lower lane leaves one more in a hundred free. */
export const requestsOf = (requests: number, lane: Lane): number =>
  requests < WIDE ? requests : requests - Math.ceil(requests * LEFT_FREE * rankOf(lane));

/** The part of the hub's share of the day that a lane may use up. */
const PART_OF_DAY: Readonly<Record<Lane, number>> = { live: 1, removal: 1, backfill: 0.9, audit: 0.8 };
export const partOfDay = (calls: number, lane: Lane): number => Math.floor(calls * PART_OF_DAY[lane]);
