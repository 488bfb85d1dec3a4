import { chunk } from '../../../src/kernel/lists.ts';

// Address and headers together may have 16,384 bytes; a signed token alone can take two thousand of them.
const urlMax = 13_000;
const columnsMax = 8_000;
// The longest list that an `IN` takes safely.
const listMax = 500;

/** A text as a SOQL literal: the backslash first, else the quote's own would be doubled. */
export function literal(value: string): string {
  return `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

/** An ISO time as a SOQL literal, rounded down: stamps have whole seconds. */
export function instantLiteral(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19)}Z`;
}

/** The path of a query; `all` looks into the recycle bin too. */
export function queryPath(soql: string, { all }: { readonly all: boolean }): string {
  return `/${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
}

// Who changed a row last: a column of its parent, so it costs no call.
export const ACTOR = 'LastModifiedBy.Name';

/** The columns in groups that fit an address, with who changed a row last in the first; one group unless hundreds are asked for. */
export function columnGroups(columns: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [[ACTOR]];
  let used = ACTOR.length;
  for (const column of new Set(columns)) {
    const cost = encodeURIComponent(`,${column}`).length;
    if (used + cost > columnsMax) {
      groups.push([]);
      used = 0;
    }
    used += cost;
    groups.at(-1)?.push(column);
  }
  return groups;
}

/** Splits the values of an `IN (…)` so that each query fits an address together with its other words. */
export function* listsThatFit(values: readonly string[], otherWords: string): Generator<readonly string[]> {
  const longest = values.reduce((most, value) => Math.max(most, encodeURIComponent(`,${literal(value)}`).length), 1);
  const room = Math.floor((urlMax - encodeURIComponent(otherWords).length) / longest);
  yield* chunk(values, Math.max(1, Math.min(listMax, room)));
}
