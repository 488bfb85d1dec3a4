import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants.ts';

// Plays histories against each deliberate bug until one of them is red: how many that took.
const { values } = parseArgs({
  options: { most: { type: 'string', default: '500' }, only: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
let missed = 0;
for (const { name } of MUTANTS.filter((mutant) => values.only === undefined || mutant.name.includes(values.only))) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, 'mutate.ts'),
      join(import.meta.dirname, 'simulate.ts'),
      '--until-red',
      '--histories',
      values.most,
      '--seed',
      values.seed,
    ],
    { encoding: 'utf8', env: { ...process.env, SIMULATE_MUTANT: name } },
  );
  const red = /^seed (\d+) [^:]*: (.*)$/m.exec(stdout);
  if (status !== 1 || red === null) missed += 1;
  const took =
    red === null
      ? `not found in ${values.most} histories ${stderr.slice(0, 300)}`
      : `${Number(red[1]) - Number(values.seed) + 1} histories: ${red[2]}`;
  console.log(`${name}\t${took}`);
}
console.log(missed === 0 ? 'Every mutant was found.' : `${missed} mutants were not found.`);
process.exitCode = missed === 0 ? 0 : 1;
