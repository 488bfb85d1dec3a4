/** A point of an actor's work at which it can die: right before or right after one of its steps took effect. */
export type Moment = { readonly label: string; readonly when: 'before' | 'after' };

/** A worker finds out that another one has taken over. */
export const LEASE_LOST = 'the lease is lost';

/** An observation is written: known to the hub once its transaction is committed. */
export const STORE = 'store what was seen';

const LABELS: readonly (readonly [RegExp, string])[] = [
  [/fence \+ 1/, 'take the lease'],
  [/insert into observation/, STORE],
  [/insert into "cursor"/, 'move the cursor'],
  [/insert into record /, 'write records'],
  [/insert into link /, 'write links'],
  [/insert into change /, 'write the journal'],
  [/insert into hold /, 'open holds'],
  [/set sent = s\.sent/, 'note what is sent'],
  [/set remote_id = s\.remote_id/, 'settle answers'],
  [/set sent = null, sent_at = null, due = true where id/, 'make writes due again'],
  [/set sent = null, sent_at = null where id/, 'forget recovered updates'],
  [/set "?placed"? =/, 'give places'],
];

/** The subject of a statement; a commit has the subjects of its transaction. */
export function labelOf(text: string, inside: readonly string[]): string {
  if (/^commit/i.test(text)) {
    const subjects = LABELS.map(([, label]) => label).filter((label) => inside.includes(label));
    return `commit: ${subjects.at(-1) ?? 'nothing much'}`;
  }
  return LABELS.find(([pattern]) => pattern.test(text))?.[1] ?? 'another statement';
}
