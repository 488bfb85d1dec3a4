import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bugged, type Mutant } from './mutant.ts';
import { PLANNER_MUTANTS } from './planner-mutants.ts';

// `npm run mutants`: puts each deliberate bug into a copy of the sources, and lets the simulation look for it. The working tree is not touched.
const ROOT = resolve(import.meta.dirname, '../../..');
/** How the simulation is asked to find a bug, and what it prints when it has: a mutant that merely does not run is not found. */
const SEARCH = ['test/simulation/planner/simulate.ts', '--histories', '2000', '--seed', '1', '--threads', '1'];
const FOUND = /^seed \d+ breaks a promise: /m;
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = PLANNER_MUTANTS.filter(({ name }) => values.only === undefined || name.includes(values.only));

const copy = await mkdtemp(join(tmpdir(), 'mutants-'));
try {
  for (const name of ['src', 'connectors', 'mappings', 'test', 'package.json'])
    await cp(join(ROOT, name), join(copy, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const texts = new Map<Mutant, string>();
  for (const mutant of chosen) texts.set(mutant, bugged(await readFile(join(copy, mutant.file), 'utf8'), mutant));
  const answer = await search();
  if (answer.code !== 0) throw new Error(`without any bug the simulation is red already:\n${answer.text}`);
  let missed = 0;
  for (const [mutant, text] of texts) {
    const verdict = await hunt(mutant, text);
    if (!verdict.startsWith('found')) missed += 1;
    console.log(`${verdict}: ${mutant.name} (${mutant.file}): ${mutant.reason}`);
  }
  console.log(`${chosen.length - missed} of ${chosen.length} found`);
  process.exitCode = chosen.length === 0 || missed > 0 ? 1 : 0;
} finally {
  await rm(copy, { recursive: true });
}

async function hunt(mutant: Mutant, text: string): Promise<string> {
  const path = join(copy, mutant.file);
  const sound = await readFile(path, 'utf8');
  await writeFile(path, text);
  try {
    const { code, text: told } = await search();
    const found = FOUND.exec(told);
    if (code === 0) return 'NOT FOUND';
    return found === null ? `DOES NOT RUN (${told.trim().split('\n').at(-1)})` : 'found';
  } finally {
    await writeFile(path, sound);
  }
}

function search(): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((done) => {
    const options = { cwd: copy, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, SEARCH, options, (_error, stdout, stderr) => {
      done({ code: child.exitCode ?? 1, text: `${stdout}\n${stderr}` });
    });
  });
}
