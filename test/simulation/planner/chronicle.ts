import type { FieldValue } from '../../../src/contract/records.ts';
import type { PlannedChange } from '../../../src/merge/merge-record.ts';
import type { Identified } from '../../../src/merge/recognise.ts';
import type { Listener } from './hub.ts';
import type { FieldName } from './model.ts';
import type { Wonder } from './sometimes.ts';

/** What somebody typed in. `origin` is told from the value whatever became of it on the way. */
export type Edit = { readonly origin: string; readonly system: string; readonly rowId: string; readonly field: FieldName };
/** A create by the hub, and the record that it was for. */
export type Making = { readonly system: string; readonly rowId: string; readonly recordId: string };

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
  changes = 0;
  readonly #saw = new Map<string, Set<string>>();
  readonly #replaced = new Set<string>();

  typed(edit: Edit, before: FieldValue): void {
    this.edits.push(edit);
    for (const origin of originsOf(before)) this.replaces(edit.field, edit.origin, origin);
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
  name(field: string, value: FieldValue): void {
    for (const origin of originsOf(value)) this.named.add(`${field} ${origin}`);
  }

  changed(recordId: string, change: PlannedChange): void {
    this.changes += 1;
    for (const [field, { old, new: now, lost, rule }] of Object.entries(change.fields)) {
      for (const origin of originsOf(now)) this.held.add(`${recordId} ${field} ${origin}`);
      if (lost === undefined && rule !== undefined && Array.isArray(now)) this.wonders.add('lists blended');
      if (lost !== undefined) {
        this.wonders.add('conflict raised');
        this.name(field, lost.value);
      }
      if (change.linkId !== '' && lost === undefined) this.#mustNotGoBack(field, old, now);
    }
  }
  wonder(wonder: Wonder): void {
    this.wonders.add(wonder);
  }
  recognised(found: Identified): void {
    if (found.kind === 'ambiguous') this.wonders.add('left to a person who a stranger is');
    if (found.kind === 'known') this.wonders.add(found.fill === null ? 'recognised' : 'recognised while being made');
    if (found.kind === 'excluded') this.wonders.add('kept out');
  }

  // A value that somebody had already replaced, and knew it, comes back only in a conflict that is named.
  #mustNotGoBack(field: string, old: FieldValue, now: FieldValue): void {
    if (Array.isArray(old) || Array.isArray(now)) return;
    const [before] = originsOf(old);
    const [after] = originsOf(now);
    if (before === undefined || after === undefined || before === after) return;
    const [newer, older] = [`${field} ${before}`, `${field} ${after}`];
    if (this.#knew(newer, older) && !this.#knew(older, newer))
      this.wrongs.push(`never goes back: ${field} was ${before}, whose author knew ${after}, and is ${after} again`);
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

/** Which edits a value came from, whatever was lost on the way; none for a blank, and for values that anybody may write. */
export function originsOf(value: FieldValue): readonly string[] {
  if (Array.isArray(value)) return value.map((item: string) => item.toLowerCase());
  if (typeof value === 'number') return [`e${Math.round(value)}`];
  const origin = typeof value === 'string' ? /^([ept]\d+)/i.exec(value)?.[1] : undefined;
  return origin === undefined ? [] : [origin.toLowerCase()];
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
