import { connections } from './ja/connections.ts';
import { decisions } from './ja/decisions.ts';
import { entrance } from './ja/entrance.ts';
import { feedback } from './ja/feedback.ts';
import { health } from './ja/health.ts';
import { mappings } from './ja/mappings.ts';
import { records } from './ja/records.ts';
import { runs } from './ja/runs.ts';
import { settings } from './ja/settings.ts';
import { shared } from './ja/shared.ts';
import { shell } from './ja/shell.ts';
import { start } from './ja/start.ts';
import type { Said, Words } from './words.ts';

/** Every word of the page in Japanese. */
export const ja: Said<Words> = {
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
