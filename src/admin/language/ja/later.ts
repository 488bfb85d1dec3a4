import { choices } from './choices.ts';
import { decisions } from './decisions.ts';
import { feedback } from './feedback.ts';
import { health } from './health.ts';
import { mappings } from './mappings.ts';
import { records } from './records.ts';
import { runs } from './runs.ts';

/** What all other pages say: it comes with the first of them that is opened. */
export const later = { choices, decisions, feedback, health, mappings, records, runs } as const;
