import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openHub } from '../../../src/hub/database.ts';
import { openEmbeddedPostgres } from '../../../src/hub/embedded-postgres.ts';
import { migrateHub } from '../../../src/hub/migrate.ts';
import { LEVELS, type Level } from './levels.ts';
import type { Mutant } from './mutant.ts';

// `npm run mutants`: lets each simulation look for each of its deliberate bugs, and says at which history it found it.
const ROOT = resolve(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: { level: { type: 'string' }, only: { type: 'string' }, seed: { type: 'string', default: '1' }, histories: { type: 'string' } },
});
type Answer = { readonly code: number; readonly text: string };

await using open = new AsyncDisposableStack();
let [played, missed] = [0, 0];
for (const [name, level] of Object.entries(LEVELS)) {
  if (values.level !== undefined && values.level !== name) continue;
  const chosen = level.mutants.filter((mutant) => values.only === undefined || mutant.name.includes(values.only));
  if (chosen.length === 0) continue;
  const search = await searcher(level);
  // A simulation that is red by itself finds everything.
  if (values.only === undefined) {
    const sound = await search(null);
    if (sound.code !== 0) throw new Error(`without any bug the ${name} simulation is red already:\n${sound.text}`);
  }
  for (const mutant of chosen) {
    const verdict = judged(level, await search(mutant));
    played += 1;
    if (!verdict.startsWith('found')) missed += 1;
    console.log(`${name}\t${verdict}\t${mutant.name}: ${mutant.reason}`);
  }
}
console.log(`${played - missed} of ${played} found`);
process.exitCode = played === 0 || missed > 0 ? 1 : 0;

function judged({ red }: Level, { code, text }: Answer): string {
  if (code === 0) return 'NOT FOUND';
  const found = red.exec(text);
  if (found === null) return `DOES NOT RUN (${text.trim().split('\n').at(-1)})`;
  return `found at history ${Number(found[1]) - Number(values.seed) + 1} (${found[2]?.slice(0, 120)})`;
}

async function searcher({ script, options, histories }: Level): Promise<(mutant: Mutant | null) => Promise<Answer>> {
  const more = script.includes('/engine/') ? ['--database', await openDatabase()] : [];
  const args = [script, ...options, ...more, '--histories', values.histories ?? String(histories), '--seed', values.seed];
  const preload = ['--import', join(import.meta.dirname, 'apply.ts')];
  return (mutant) => run(mutant === null ? args : [...preload, ...args], mutant === null ? {} : { MUTANT: mutant.name });
}

/** One database serves all searches: each history empties it. */
async function openDatabase(): Promise<string> {
  const postgres = await openEmbeddedPostgres(join(tmpdir(), `syncline-mutants-${process.pid}`), {
    temporary: true,
    settings: ['fsync=off', 'full_page_writes=off'],
  });
  open.defer(() => postgres.close());
  const hub = openHub(postgres.url);
  await migrateHub(hub);
  await hub.destroy();
  return postgres.url;
}

function run(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((done) => {
    const options = { cwd: ROOT, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...environment } };
    const child = execFile(process.execPath, args, options, (_error, stdout, stderr) => {
      done({ code: child.exitCode ?? 1, text: `${stdout}\n${stderr}` });
    });
  });
}
