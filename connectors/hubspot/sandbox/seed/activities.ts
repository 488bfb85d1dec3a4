import type { Spelling } from '../../../../src/sandbox/people.ts';
import { between, chance, pick } from '../../../../src/sandbox/random.ts';
import { TASK_TYPES } from '../schema/activity-properties.ts';
import type { Values } from './settle.ts';
import { NOTES, TALKS, TASKS } from './words.ts';

type Around = { readonly spelling: Spelling; readonly ownerId: string | null; readonly random: () => number; readonly nowMs: number };
type Activity = { readonly object: string; readonly values: Values };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const iso = (ms: number): string => new Date(ms).toISOString();

function note({ spelling: { person }, random }: Around): Values {
  return [['hs_note_body', `<p>${pick(random, NOTES[person.locale])}</p>`]];
}

function task({ spelling: { person }, random }: Around): Values {
  return [
    ['hs_task_subject', pick(random, TASKS[person.locale])],
    ['hs_task_status', pick(random, ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'WAITING'])],
    ['hs_task_priority', pick(random, ['LOW', 'MEDIUM', 'HIGH'])],
    ['hs_task_type', pick(random, TASK_TYPES)],
  ];
}

function call({ spelling: { person }, random }: Around): Values {
  return [
    ['hs_call_title', pick(random, TALKS[person.locale])],
    ['hs_call_body', `<p>${pick(random, NOTES[person.locale])}</p>`],
    ['hs_call_direction', pick(random, ['INBOUND', 'OUTBOUND'])],
    ['hs_call_status', chance(random, 0.8) ? 'COMPLETED' : 'NO_ANSWER'],
    ['hs_call_duration', String(between(random, 20, 2400) * 1000)],
    ['hs_call_to_number', person.mobile ?? person.phone],
  ];
}

function meeting({ spelling: { person }, random }: Around, atMs: number): Values {
  return [
    ['hs_meeting_title', `${pick(random, TALKS[person.locale])}: ${person.company.name}`],
    ['hs_meeting_start_time', iso(atMs)],
    ['hs_meeting_end_time', iso(atMs + HOUR_MS)],
    ['hs_meeting_outcome', pick(random, ['COMPLETED', 'SCHEDULED', 'NO_SHOW'])],
    ['hs_meeting_location', person.city],
  ];
}

function email({ spelling: { person }, random }: Around): Values {
  return [
    ['hs_email_subject', pick(random, TALKS[person.locale])],
    ['hs_email_text', pick(random, NOTES[person.locale])],
    ['hs_email_direction', pick(random, ['EMAIL', 'INCOMING_EMAIL'])],
    ['hs_email_status', 'SENT'],
  ];
}

const KINDS = [
  ['notes', 0.5, note],
  ['tasks', 0.35, task],
  ['calls', 0.4, call],
  ['meetings', 0.2, meeting],
  ['emails', 0.5, email],
] as const;

/** What was written down about a person: some of each kind, and of some people nothing. */
export function activitiesOf(around: Around): readonly Activity[] {
  const { random, nowMs, ownerId } = around;
  return KINDS.flatMap(([object, share, valuesOf]) => {
    if (!chance(random, share)) return [];
    const atMs = nowMs - between(random, 1, 400) * DAY_MS;
    const shared: Values = [
      ['hs_timestamp', iso(atMs)],
      ['hubspot_owner_id', ownerId],
    ];
    return [{ object, values: [...valuesOf(around, atMs), ...shared] }];
  });
}
