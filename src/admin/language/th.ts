import { connections } from './th/connections.ts';
import { decisions } from './th/decisions.ts';
import { entrance } from './th/entrance.ts';
import { feedback } from './th/feedback.ts';
import { health } from './th/health.ts';
import { mappings } from './th/mappings.ts';
import { records } from './th/records.ts';
import { runs } from './th/runs.ts';
import { settings } from './th/settings.ts';
import { shared } from './th/shared.ts';
import { shell } from './th/shell.ts';
import { start } from './th/start.ts';
import type { Said, Words } from './words.ts';

/** Every word of the page in Thai. */
export const th: Said<Words> = {
  connections,
  decisions,
  entrance,
  feedback,
  health,
  mappings,
  records,
  runs,
  settings,
  shared,
  shell,
  start,
};
