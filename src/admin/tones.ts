import type { Connection, RecordRow } from './api.ts';

/** How something does, at a glance; always beside words. */
export type Tone = 'good' | 'wait' | 'bad' | 'off';

export const LINK_TONES: Readonly<Record<RecordRow['links'][number]['state'], Tone>> = {
  in_sync: 'good',
  waiting: 'wait',
  failing: 'bad',
  held: 'wait',
  excluded: 'off',
  gone: 'off',
};

const CONNECTION_TONES: Readonly<Record<Connection['state'], Tone>> = {
  new: 'wait',
  ready: 'good',
  waiting: 'wait',
  signed_out: 'bad',
  not_allowed: 'bad',
  unreachable: 'bad',
  misconfigured: 'bad',
  broken_answer: 'bad',
};

type Standing = Pick<Connection, 'enabled' | 'state'> & { readonly paused?: Connection['paused'] };

/** The tone of a connection; one that is switched off has none of its own. */
export const connectionTone = ({ enabled, state, paused = null }: Standing): Tone =>
  enabled ? (paused === null ? CONNECTION_TONES[state] : 'wait') : 'off';

/** What a connection's state is called. */
export const connectionState = ({ enabled, state, paused = null }: Standing): Connection['state'] | 'off' | 'paused' =>
  enabled ? (paused === null ? state : 'paused') : 'off';
