import type { FieldValue } from '../../../src/contract/records.ts';
import type { Identified } from '../../../src/merge/recognise.ts';
import type { PlannedChange } from '../../../src/merge/record-plan.ts';
import { sameValue } from '../../../src/merge/same.ts';
import type { Link, Listener } from './hub.ts';
import type { FieldName } from './model.ts';
import type { Wonder } from './sometimes.ts';

/** What somebody typed in. `origin` is told from the value whatever became of it on the way. */
export type Edit = { readonly origin: string; readonly system: string; readonly rowId: string; readonly field: FieldName };
/** A create by the hub, and the record that it was for. */
export type Making = { readonly system: string; readonly rowId: string; readonly recordId: string };

/** What the hub holds of a removed record, beside what whoever removed it could see. */
export type Removal = {
  readonly fields: Readonly<Record<string, readonly [hub: FieldValue, there: FieldValue]>>;
  readonly limited: ReadonlySet<string>;
};

/**
 * Who could see what: for every value which values its author had before him, and what the hub said about those that gave way. It knows
 * nothing of rules, bases, or merges.
 */
export class Chronicle implements Listener {
  readonly edits: Edit[] = [];
  readonly makings: Making[] = [];
  readonly wrongs: string[] = [];
  readonly wonders = new Set<Wonder>();
  /** Values that the hub has held, and those that it named when they gave way. */
  readonly held = new Set<string>();
  readonly named = new Set<string>();
  /** Records of which a person said that they are to be made again where they were removed. */
  readonly recreated = new Set<string>();
  /** Values that somebody has typed off another system: they may be typed again. */
  readonly copied = new Set<string>();
  /** Fields that a system changes in a way which its mapping does not know. */
  readonly surprising = new Set<string>();
  /** What people removed, by `<system> <id>`: the hub's value and theirs, field by field, and the fields that not all may flow through. */
  readonly removals = new Map<string, (recordId: string) => Removal>();
  /** Fields of a system that were limited for a time, so that both sides may differ without anybody being wrong. */
  readonly limited = new Set<string>();
  /** Records over there that others were merged into, by `<system> <id>`. */
  readonly survivors = new Set<string>();
  changes = 0;
  readonly #saw = new Map<string, Set<string>>();
  /** What fields were cleared of last, by system, row, and field. */
  readonly #cleared = new Map<string, readonly string[]>();
  readonly #replaced = new Set<string>();
  /** Which of two values has won over the other, place by place, by field. */
  readonly #fought = new Map<string, Set<string>>();
  /** What a system makes of a hub value, where its mapping knows that; else undefined. */
  echo: (system: string, field: string, value: FieldValue) => FieldValue | undefined = () => undefined;

  typed(edit: Edit, before: FieldValue): void {
    this.edits.push(edit);
    // Whoever fills a field in again knows what it was cleared of.
    const cleared = this.#cleared.get(`${edit.system} ${edit.rowId} ${edit.field}`) ?? NOBODY;
    for (const origin of before === null ? cleared : originsOf(before)) this.replaces(edit.field, edit.origin, origin);
  }
  /** Somebody cleared a field that held these. */
  cleared({ system, rowId, field }: Omit<Edit, 'origin'>, origins: readonly string[]): void {
    this.#cleared.set(`${system} ${rowId} ${field}`, origins);
    for (const origin of origins) this.replaces(field, null, origin);
  }
  /** Whoever wrote `newer` had `older` before him; a blank is nobody's origin. */
  replaces(field: string, newer: string | null, older: string): void {
    if (newer === older) return;
    this.#replaced.add(`${field} ${older}`);
    if (newer === null) return;
    const key = `${field} ${newer}`;
    this.#saw.set(key, (this.#saw.get(key) ?? new Set()).add(`${field} ${older}`));
  }
  isReplaced({ field, origin }: Pick<Edit, 'field' | 'origin'>): boolean {
    return this.#replaced.has(`${field} ${origin}`);
  }
  /** Somebody changed the rule of a field: what is not settled yet is decided by the new one, and may go the other way. */
  decidesAnew(field: string): void {
    this.#fought.delete(field);
  }
  name(field: string, value: FieldValue): void {
    for (const origin of originsOf(value)) this.named.add(`${field} ${origin}`);
  }

  changed(recordId: string, change: PlannedChange, from: Link | null): void {
    this.changes += 1;
    for (const [field, { old, new: now, lost, rule, settled }] of Object.entries(change.fields)) {
      const place = `${recordId} ${field}`;
      // A record that was deleted and restored shows again what it held then, and one that others were merged into what those held.
      const key = `${from?.connectionId} ${from?.remoteId}`;
      const isRestored = this.removals.has(key) || this.survivors.has(key);
      if (from !== null && from.base[field] !== undefined && !isRestored)
        this.#mustNotGoBack(place, field, { old, now, lost: lost?.value, isDecided: settled?.took !== undefined });
      if (from !== null) this.#mustBeNoEcho(from.connectionId, field, { old, now });
      // Where a blank has no opinion, a list that was cleared elsewhere is as it was, and comes back with the next option.
      const isKept = old === null && this.limited.has(`${from?.connectionId} ${field}`);
      if (from?.base[field] !== undefined && lost === undefined && !isKept && !isRestored) this.#mustNotReturn(place, old, now);
      for (const origin of originsOf(now)) this.held.add(`${place} ${origin}`);
      if (lost === undefined && rule !== undefined && Array.isArray(now)) this.wonders.add('lists blended');
      if (lost === undefined) continue;
      this.wonders.add('conflict raised');
      this.name(field, lost.value);
    }
  }
  /** A record went out of use because one system's is gone: whoever removed it there has seen all that the hub holds, or a person said so. */
  archived(recordId: string, by: Link): void {
    const removed = this.removals.get(`${by.connectionId} ${by.remoteId}`);
    // Where the hub does not know of the removal yet, it is a filter that takes the record out of use, whatever anybody has seen.
    if (removed === undefined || !by.gone || by.state === 'held') return;
    const { fields, limited } = removed(recordId);
    for (const [field, [hub, there]] of Object.entries(fields)) {
      const [unseen] = originsOf(hub);
      const [seen] = originsOf(there);
      if (unseen === undefined || !isEdit(unseen) || this.isReplaced({ field: field as FieldName, origin: unseen })) continue;
      if (unseen === seen || this.named.has(`${field} ${unseen}`) || limited.has(field) || this.surprising.has(field)) continue;
      if (seen === undefined || !this.#knew(`${field} ${seen}`, `${field} ${unseen}`))
        this.wrongs.push(
          `loses nothing: ${recordId} went out of use with ${field} ${unseen}, which nobody saw in ${by.connectionId} where it was deleted`,
        );
    }
  }
  wrong(told: string): void {
    this.wrongs.push(told);
  }
  wonder(wonder: Wonder): void {
    this.wonders.add(wonder);
  }
  recognised(found: Identified): void {
    if (found.kind === 'ambiguous') this.wonders.add('left to a person who a stranger is');
    if (found.kind === 'known') this.wonders.add(found.fill === null ? 'recognised' : 'recognised while being made');
    if (found.kind === 'excluded') this.wonders.add('kept out');
  }

  // A value that somebody had already replaced, and knew it, comes back only in a conflict that is named, and none of those is fought twice.
  #mustNotGoBack(
    place: string,
    field: string,
    { old, now, lost, isDecided }: { old: FieldValue; now: FieldValue; lost: FieldValue | undefined; isDecided: boolean },
  ): void {
    if (Array.isArray(old) || Array.isArray(now)) return;
    const [before] = originsOf(lost ?? old);
    const [after] = originsOf(now);
    if (before === undefined || after === undefined || before === after || this.copied.has(`${field} ${after}`)) return;
    if (lost !== undefined) {
      // What everybody is entered with may come anew from any system; an edit is made once.
      if (!isEdit(before) || !isEdit(after) || this.surprising.has(field)) return;
      if (this.copied.has(`${field} ${before}`)) return;
      const fought = this.#fought.get(field) ?? new Set();
      // A person may decide the other way as long as nothing is written, by whatever a removal there is asked about.
      if (!isDecided && fought.has(`${place} ${before} ${after}`))
        this.wrongs.push(`never goes back: ${place} was ${after} once, gave it up for ${before}, and is ${after} again`);
      this.#fought.set(field, fought.add(`${place} ${after} ${before}`));
      return;
    }
    const [newer, older] = [`${field} ${before}`, `${field} ${after}`];
    if (this.#knew(newer, older) && !this.#knew(older, newer))
      this.wrongs.push(`never goes back: ${field} was ${before}, whose author knew ${after}, and is ${after} again`);
  }
  // What a system makes of the hub's value, as its mapping knows, is nobody's edit.
  #mustBeNoEcho(system: string, field: string, { old, now }: { old: FieldValue; now: FieldValue }): void {
    const echo = this.echo(system, field, old);
    if (old !== null && echo !== undefined && !sameValue(echo, old) && sameValue(echo, now))
      this.wrongs.push(`is silent: ${field} is what ${system} made of ${JSON.stringify(old)}, as if somebody had typed it`);
  }
  // An option that somebody took away does not return because somebody else added another one.
  #mustNotReturn(place: string, old: FieldValue, now: FieldValue): void {
    if (!Array.isArray(now)) return;
    const before = originsOf(old);
    for (const origin of originsOf(now)) {
      if (!before.includes(origin) && this.held.has(`${place} ${origin}`))
        this.wrongs.push(`never goes back: ${place} has the option ${origin} again`);
    }
  }
  #knew(newer: string, older: string): boolean {
    const open = [newer];
    const met = new Set(open);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const one of this.#saw.get(next) ?? []) {
        if (one === older) return true;
        if (!met.has(one)) open.push(one);
        met.add(one);
      }
    }
    return false;
  }
}

const isEdit = (origin: string): boolean => origin.startsWith('e');

const ORIGIN = /^[ept]\d+/i;
const NOBODY: readonly string[] = [];

/** Which edits a value came from, whatever was lost on the way; none for a blank, and for values that anybody may write. */
export function originsOf(value: FieldValue): readonly string[] {
  if (Array.isArray(value)) return value.map((item: string) => item.toLowerCase());
  if (typeof value === 'number') return [`e${Math.round(value)}`];
  const origin = typeof value === 'string' ? ORIGIN.exec(value)?.[0] : undefined;
  return origin === undefined ? NOBODY : [origin.toLowerCase()];
}

const STYLES = ['', ' Mixed Case and long', ' padded   ', ' x'] as const;

/** What the nth edit writes: no two alike, whatever a system makes of it. */
export function typed(field: FieldName, nth: number, style: number): FieldValue {
  switch (field) {
    case 'email':
      return style % 2 === 0 ? `e${nth}@x.io` : `E${nth}@X.io`;
    case 'score':
      return nth + (style % 4) / 10;
    default:
      return `E${nth}${STYLES[style % STYLES.length]}`;
  }
}
