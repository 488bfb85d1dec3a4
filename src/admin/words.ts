import type { Connection, ConnectionOverview, Hold, RecordRow, Run } from './api.ts';

export type Tone = 'good' | 'wait' | 'bad' | 'off';
type Said = { readonly tone: Tone; readonly words: string; readonly advice: string | null };

const STATES: Readonly<Record<Connection['state'], Said>> = {
  new: { tone: 'wait', words: 'Has not looked yet', advice: null },
  ready: { tone: 'good', words: 'Working', advice: null },
  waiting: { tone: 'wait', words: 'Waiting', advice: 'The other system asked for a pause. Syncline goes on by itself; nothing is lost.' },
  signed_out: {
    tone: 'bad',
    words: 'Credentials refused',
    advice: 'Reconnect with credentials that are valid now. Nothing is lost meanwhile.',
  },
  not_allowed: {
    tone: 'bad',
    words: 'Permission missing',
    advice: 'Grant the missing permission over there, then sync again. Nothing is lost meanwhile.',
  },
  unreachable: {
    tone: 'bad',
    words: 'Cannot be reached',
    advice: 'Syncline keeps trying. If this lasts, check the address and the network.',
  },
  misconfigured: {
    tone: 'bad',
    words: 'Set up wrongly',
    advice: 'Reconnect with the right address and settings. Nothing is lost meanwhile.',
  },
  broken_answer: {
    tone: 'bad',
    words: 'Answers not understood',
    advice: 'The other system answered in a form that Syncline does not know. Sync again; if it stays, report it.',
  },
};

/** How a connection does, in words, with what to do about it. */
export function stateOf(connection: Pick<Connection, 'enabled' | 'state'>): Said {
  if (!connection.enabled) return { tone: 'off', words: 'Switched off', advice: null };
  return STATES[connection.state];
}

const TEST_TITLES: Readonly<Record<string, string>> = {
  signed_out: 'Wrong credentials',
  not_allowed: 'Permission missing',
  unreachable: 'Cannot be reached',
  misconfigured: 'The address or a setting is wrong',
  rate_limited: 'Too many requests right now',
  quota_spent: 'The quota is spent',
  locked: 'Locked right now',
  broken_answer: 'The answer is not what this system answers',
};
/** What kind of thing went wrong, as a heading. */
export const errorTitle = (kind: string): string => TEST_TITLES[kind] ?? 'That did not work';

export const LINK_STATES: Readonly<Record<RecordRow['links'][number]['state'], { readonly tone: Tone; readonly words: string }>> = {
  in_sync: { tone: 'good', words: 'In sync' },
  waiting: { tone: 'wait', words: 'Waiting' },
  failing: { tone: 'bad', words: 'Failing' },
  held: { tone: 'wait', words: 'Held' },
  excluded: { tone: 'off', words: 'Excluded' },
  gone: { tone: 'off', words: 'Deleted there' },
};

export const DIRECTIONS = { both: 'Both ways', in: 'Into Syncline', out: 'Out of Syncline', off: 'Off' } as const;

export const HOLD_KINDS: Readonly<Record<Hold['kind'], string>> = {
  conflict: 'Conflict',
  ambiguous: 'Ambiguous match',
  refused_field: 'Value refused',
  refused_record: 'Record refused',
  brake: 'Mass change stopped',
  removal: 'Removal',
  merge: 'Merge',
  flip: 'Back and forth',
  unread: 'Webhook not understood',
};

const RUN_KINDS: Readonly<Record<Run['kind'], string>> = {
  first_load: 'First load',
  changes: 'Looked for changes',
  writes: 'Wrote',
  sweep: 'Looked at everything',
  apply: 'Applied a plan',
  undo: 'Undid',
  import: 'Import of a file',
  check: 'Checked both sides',
};
export const runKind = (kind: Run['kind']): string => RUN_KINDS[kind];

const COUNTS: Readonly<Record<string, string>> = {
  seen: 'seen',
  changed: 'changed',
  unchanged: 'unchanged',
  stale: 'already newer here',
  gone: 'deleted there',
  matched: 'known already',
  began: 'new to the hub',
  ambiguous: 'wait for a decision',
  created: 'created',
  updated: 'updated',
  held: 'held',
  refused: 'refused',
  adopted: 'found there already',
  failed: 'to be tried again',
  retried: 'to be tried again',
  linked: 'linked',
  sampled: 'compared',
  missing_here: 'missing here',
  missing_there: 'missing there',
  differing: 'differing',
};

/** What a run came to: `120 seen, 4 changed`. What only operators of the hub care about is left out. */
export function countsOf(counts: Readonly<Record<string, number>>): string {
  const said = Object.entries(counts).flatMap(([name, count]) =>
    count > 0 && name in COUNTS ? [`${count.toLocaleString()} ${COUNTS[name]}`] : [],
  );
  return said.length === 0 ? 'Nothing new' : said.join(', ');
}

const ENDINGS = {
  applied: 'applied',
  noOp: 'no news',
  superseded: 'superseded',
  held: 'held',
  refused: 'refused',
  echo: 'echoes',
  duplicate: 'known already',
  erased: 'erased',
  pending: 'being merged',
} as const;

/** What became of everything that a run saw: `12 seen = 3 applied + 9 known already`. */
export function accountOf(account: NonNullable<Run['accounting']>): string {
  const ends = (Object.keys(ENDINGS) as (keyof typeof ENDINGS)[]).filter((end) => account[end] > 0);
  const sum = ends.map((end) => `${account[end].toLocaleString()} ${ENDINGS[end]}`).join(' + ');
  return `${account.accepted.toLocaleString()} seen ${account.holds ? '=' : '≠'} ${sum === '' ? '0' : sum}`;
}

/** The plural of an object's name, for headings: `contact` is `Contacts`, `company` is `Companies`. */
export function pluralOf(object: string): string {
  const plural = object.endsWith('y') ? `${object.slice(0, -1)}ies` : `${object}s`;
  return capital(plural.replaceAll('_', ' '));
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const spaced = (name: string): string => capital(name.replaceAll('_', ' '));

/** `1 record`, `2 records`. */
export const many = (count: number, noun: string): string => `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;

/** Links that wait for a later cycle, and those that will be tried again. */
export const waitingIn = (links: ConnectionOverview['links']): number => links.waiting + links.failing;
