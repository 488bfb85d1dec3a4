/** One place of a source, by its text, and what stands there instead. The text stands in the file once. */
export type Edit = { readonly file: string; readonly from: string; readonly to: string };

/**
 * A deliberate bug: some places of the sources become others. `reason` says what goes wrong because of it. To add one, put it into the list of
 * the simulation that has to find it; it has to apply to the sources as they are.
 */
export type Mutant = { readonly name: string; readonly reason: string; readonly edits: readonly Edit[] };

/** The text with a bug in it; throws when the place is not there, or not the only one, since then the list is out of date. */
export function bugged(text: string, { file, from, to }: Edit): string {
  const places = text.split(from).length - 1;
  if (places !== 1) throw new Error(`a deliberate bug is out of date: what it replaces stands ${places} times in ${file}: ${from}`);
  if (from === to) throw new Error(`a deliberate bug changes nothing in ${file}: ${from}`);
  return text.replace(from, () => to);
}

/** The whole text of `path` with all of a mutant's bugs in it; the text itself where none of them concerns it. */
export const mutated = (text: string, path: string, { edits }: Mutant): string =>
  edits.filter(({ file }) => path.endsWith(`/${file}`)).reduce(bugged, text);
