/**
 * A deliberate bug of the pure code: the one place in `file` where `from` stands becomes `to`. `reason` says what goes wrong because of it.
 * To add one, put it into the list; it has to apply to the sources as they are.
 */
export type Mutant = {
  readonly name: string;
  readonly reason: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
};

/** The text with the bug in it; throws when the place is not there, or not the only one, since then the list is out of date. */
export function bugged(text: string, { name, file, from, to }: Mutant): string {
  const places = text.split(from).length - 1;
  if (places !== 1) throw new Error(`the mutant "${name}" is out of date: what it replaces stands ${places} times in ${file}`);
  if (from === to) throw new Error(`the mutant "${name}" changes nothing`);
  return text.replace(from, () => to);
}
