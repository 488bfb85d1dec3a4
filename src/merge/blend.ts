import type { FieldValue } from '../contract/records.ts';

type Lists = { readonly hub: FieldValue; readonly remote: FieldValue };

/**
 * Merges two lists as sets, against what each side held when they last agreed: what either added is in, what either took away is out. Undefined
 * when these are no lists. Without a base nothing was taken away.
 */
export function blendLists(base: Lists | undefined, hub: FieldValue, remote: FieldValue): FieldValue | undefined {
  if (![hub, remote].some(Array.isArray) || ![hub, remote, base?.hub ?? null, base?.remote ?? null].every(isListOrBlank)) return undefined;
  const [here, there] = [setOf(hub), setOf(remote)];
  const takenAway = new Set([...setOf(base?.hub ?? null).difference(here), ...setOf(base?.remote ?? null).difference(there)]);
  const blended = [...here.union(there)].filter((option) => !takenAway.has(option)).sort();
  return blended.length === 0 ? null : blended;
}

const isListOrBlank = (value: FieldValue): boolean => value === null || Array.isArray(value);
const setOf = (value: FieldValue): Set<string> =>
  new Set(Array.isArray(value) ? value.map((option: string) => option.normalize('NFC')) : []);

/**
 * Whether a list that was sent has arrived, although somebody has changed it since: it has something that was new in it, and nothing that was
 * dropped.
 */
export function hasPassedOn(sent: FieldValue, remote: FieldValue, base: Lists | undefined): boolean {
  if (!Array.isArray(sent) || !Array.isArray(remote) || !isListOrBlank(base?.remote ?? null)) return false;
  const [ours, there, before] = [setOf(sent), setOf(remote), setOf(base?.remote ?? null)];
  return !ours.difference(before).isDisjointFrom(there) && before.difference(ours).isDisjointFrom(there);
}
