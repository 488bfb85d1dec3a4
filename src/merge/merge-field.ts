import type { FieldValue } from '../contract/records.ts';
import { blendLists, hasPassedOn } from './blend.ts';
import { sameValue } from './same.ts';

/** What each side held when they last agreed, both in the hub's words. */
export type Base = {
  readonly hub: FieldValue;
  readonly remote: FieldValue;
  readonly overruled?: FieldValue;
  /** The field was out of sight since: it counts only if the remote shows the same again. */
  readonly lapsed?: boolean;
};

/**
 * One field on one link, all in the hub's words. `sent` is what we last sent without having seen it arrive. `remote` is undefined when the
 * remote did not show the field.
 */
export type Trees = {
  readonly base: Base | undefined;
  readonly sent: FieldValue | undefined;
  readonly hub: FieldValue;
  readonly remote: FieldValue | undefined;
  /**
   * What the hub's value was last written over by rule, while the remote has not been seen since. A remote that shows it again has made it of
   * our value, and would do so for ever.
   */
  readonly overruled?: FieldValue | undefined;
  /** The base has just been confirmed, after the field was out of sight. */
  readonly confirmed?: boolean;
};

/** What happened to the field since both sides last agreed: a fact, no choice yet. */
export type Verdict =
  | { readonly kind: 'still' }
  | { readonly kind: 'agree'; readonly base: Base }
  | { readonly kind: 'pull'; readonly value: FieldValue }
  | { readonly kind: 'push'; readonly value: FieldValue }
  /** Both sides moved. `blend`: what a list holds with the options that either side added, and without those that either took away. */
  | { readonly kind: 'clash'; readonly hub: FieldValue; readonly remote: FieldValue; readonly blend?: FieldValue };

/** What a remote shows after it was given a value: `decode(encode(value))`. A value that cannot be sent has no echo. */
export type Echo = (value: FieldValue) => FieldValue | undefined;

const isEcho = (echo: Echo, value: FieldValue, shown: FieldValue): boolean => {
  const returned = echo(value);
  return returned !== undefined && sameValue(returned, shown);
};

/** What both sides agreed on by what was sent, once the remote shows that it has arrived. */
export function arrivedBase({ sent, remote, base }: Trees, echo: Echo): Base | undefined {
  if (sent === undefined || remote === undefined) return undefined;
  return isEcho(echo, sent, remote) || hasPassedOn(sent, remote, base) ? { hub: sent, remote: echo(sent) ?? sent } : undefined;
}

/** Compares the snapshots of one field. Pure: the same trees give the same verdict, always. */
export function mergeField(trees: Trees, echo: Echo): Verdict {
  const { hub, remote, sent, overruled, confirmed } = trees;
  if (remote === undefined) return { kind: 'still' };
  const arrived = arrivedBase(trees, echo);
  const base = arrived ?? trees.base;
  if (base === undefined) return meet(hub, remote, echo);
  const remoteMoved = !sameValue(remote, base.remote);
  // What the remote shows may be what it has made of `sent`: a hub that has moved on from that has not stood still, even if it went back.
  const hasMovedOn = sent !== undefined && arrived === undefined && remoteMoved && !sameValue(hub, sent);
  const hubMoved = hasMovedOn || !sameValue(hub, base.hub);
  if (!hubMoved && !remoteMoved)
    return arrived !== undefined || overruled !== undefined || confirmed === true
      ? { kind: 'agree', base: { hub: base.hub, remote: base.remote } }
      : { kind: 'still' };
  if (!hubMoved && overruled !== undefined && sameValue(remote, overruled)) return { kind: 'agree', base: { hub, remote } };
  if (isEcho(echo, hub, remote)) return { kind: 'agree', base: { hub, remote } };
  if (!hubMoved) return { kind: 'pull', value: remote };
  // `sent` arrived but the hub has moved on since: the verdict stands on the base that has just been learnt.
  return remoteMoved ? clash(base, hub, remote) : { kind: 'push', value: hub };
}

/** Two sides that never agreed before: a blank has no opinion. */
function meet(hub: FieldValue, remote: FieldValue, echo: Echo): Verdict {
  if (sameValue(hub, remote) || (!sameValue(hub, null) && isEcho(echo, hub, remote))) return { kind: 'agree', base: { hub, remote } };
  if (sameValue(hub, null)) return { kind: 'pull', value: remote };
  if (sameValue(remote, null)) return { kind: 'push', value: hub };
  return clash(undefined, hub, remote);
}

function clash(base: Base | undefined, hub: FieldValue, remote: FieldValue): Verdict {
  const blend = blendLists(base, hub, remote);
  return blend === undefined ? { kind: 'clash', hub, remote } : { kind: 'clash', hub, remote, blend };
}
