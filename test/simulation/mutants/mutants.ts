import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTANTS, SEARCHES } from './all.ts';
import { bugged, type Mutant } from './mutant.ts';

// `npm run mutants`: puts each deliberate bug into a copy of the sources, and lets its simulation look for it. The working tree is not touched.
const ROOT = resolve(import.meta.dirname, '../../..');
const { values } = parseArgs({ options: { by: { type: 'string' }, only: { type: 'string' } } });
const chosen = MUTANTS.filter(({ by, name }) => (values.by ?? by) === by && (values.only === undefined || name.includes(values.only)));

const copy = await mkdtemp(join(tmpdir(), 'mutants-'));
try {
  for (const name of ['src', 'connectors', 'mappings', 'test', 'package.json'])
    await cp(join(ROOT, name), join(copy, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const texts = new Map<Mutant, string>();
  for (const mutant of chosen) texts.set(mutant, bugged(await readFile(join(copy, mutant.file), 'utf8'), mutant));
  for (const by of new Set(chosen.map((mutant) => mutant.by))) {
    const answer = await search(by);
    if (answer.code !== 0) throw new Error(`without any bug the ${by} simulation is red already:\n${answer.text}`);
  }
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
    const { code, text: told } = await search(mutant.by);
    const found = SEARCHES[mutant.by].found.exec(told);
    if (code === 0) return 'NOT FOUND';
    return found === null ? `DOES NOT RUN (${told.trim().split('\n').at(-1)})` : 'found';
  } finally {
    await writeFile(path, sound);
  }
}

function search(by: Mutant['by']): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((done) => {
    const options = { cwd: copy, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [...SEARCHES[by].command], options, (_error, stdout, stderr) => {
      done({ code: child.exitCode ?? 1, text: `${stdout}\n${stderr}` });
    });
  });
}
