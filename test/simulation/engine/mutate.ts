import { registerHooks } from 'node:module';
import { must } from '../../../src/kernel/must.ts';
import { MUTANTS } from './mutants.ts';

// Handed to node with --import: the mutant that SIMULATE_MUTANT names stands in the source before it is compiled.
const name = must(process.env.SIMULATE_MUTANT, 'the name of a mutant');
const mutant = must(
  MUTANTS.find((each) => each.name === name),
  `the mutant "${name}"`,
);

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const edits = mutant.edits.filter(([file]) => url.endsWith(`/${file}`));
    if (edits.length === 0) return loaded;
    let text = String(loaded.source);
    for (const [file, find, put] of edits) {
      if (text.split(find).length !== 2) throw new Error(`"${find}" does not stand once in ${file}`);
      text = text.replace(find, () => put);
    }
    return { ...loaded, source: text };
  },
});
