import { connections } from './en/connections.ts';
import { decisions } from './en/decisions.ts';
import { entrance } from './en/entrance.ts';
import { feedback } from './en/feedback.ts';
import { health } from './en/health.ts';
import { mappings } from './en/mappings.ts';
import { records } from './en/records.ts';
import { runs } from './en/runs.ts';
import { settings } from './en/settings.ts';
import { shared } from './en/shared.ts';
import { shell } from './en/shell.ts';
import { start } from './en/start.ts';

/** Every word of the page in English: the keys that the other languages have to have. */
export const en = { connections, decisions, entrance, feedback, health, mappings, records, runs, settings, shared, shell, start } as const;
