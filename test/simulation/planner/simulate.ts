import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dream, judge, shrink } from './history.ts';
import { liveSideBySide } from './side-by-side.ts';
import { ENOUGH, missing, tell } from './tell.ts';

// `npm run simulate -- --histories 3000000 --seed 1`: lives as many histories of the planner, and says what they came to.
const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    keep: { type: 'string' },
  },
});
const stretch = { seed: wholeNumber('seed', values.seed), count: wholeNumber('histories', values.histories) };
const lived = await liveSideBySide(stretch, Math.max(1, wholeNumber('threads', values.threads)));
console.log(tell(lived));
if (values.keep !== undefined) console.log(await keep(values.keep, lived.red[0]?.seed));
process.exitCode = lived.red.length > 0 || (lived.histories >= ENOUGH && missing(lived).length > 0) ? 1 : 0;

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} takes a whole number, not ${text}`);
  return number;
}

/** Makes the first red history a named test, shrunk. */
async function keep(name: string, seed: number | undefined): Promise<string> {
  if (seed === undefined) return 'no history is red, so there is none to keep';
  const history = dream(seed);
  const short = shrink(history, judge(history).wrongs[0] ?? '');
  const folder = join(import.meta.dirname, 'found');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(short, null, 2)}\n`);
  return `kept as found/${name}.json`;
}
