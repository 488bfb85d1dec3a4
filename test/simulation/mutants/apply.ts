import { registerHooks } from 'node:module';
import { must } from '../../../src/kernel/must.ts';
import { ALL_MUTANTS } from './levels.ts';
import { mutated } from './mutant.ts';

// Handed to node with --import: the bug that MUTANT names stands in the sources before they are compiled. No file is touched.
const name = must(process.env.MUTANT, 'the name of a mutant');
const mutant = must(
  ALL_MUTANTS.find((each) => each.name === name),
  `the mutant "${name}"`,
);

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!mutant.edits.some(({ file }) => url.endsWith(`/${file}`))) return loaded;
    return { ...loaded, source: mutated(String(loaded.source), url, mutant) };
  },
});
