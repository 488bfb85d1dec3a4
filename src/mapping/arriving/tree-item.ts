import type { Item } from '../../contract/arriving.ts';
import { follow, type Path, parsePath } from './paths.ts';

const paths = new Map<string, Path>();
const MOST_PATHS = 5_000;

/** The path of a name that was checked when its mapping was read. */
function pathOf(name: string): Path {
  const known = paths.get(name);
  if (known !== undefined) return known;
  const parsed = parsePath(name);
  if (typeof parsed === 'string') throw new Error(parsed);
  if (paths.size >= MOST_PATHS) paths.clear();
  paths.set(name, parsed);
  return parsed;
}

/** An item of a delivery: its names are ways into its own tree, or from `$` into that of the whole delivery. */
function treeItem(root: unknown, value: unknown, place: string): Item {
  const reach = (name: string) => {
    const { fromRoot, steps } = pathOf(name);
    return follow(fromRoot ? root : value, steps, fromRoot ? '$' : '');
  };
  return {
    place: place === '' ? 'the delivery' : place,
    at(name) {
      const reached = reach(name);
      const isList = pathOf(name).steps.some(({ kind }) => kind === 'each');
      return isList && reached.length > 0 ? reached.map((one) => one.value) : reached[0]?.value;
    },
    names(under) {
      const tree = under === null ? value : reach(under)[0]?.value;
      return typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? Object.keys(tree) : [];
    },
    each: (name) => reach(name).map((one) => treeItem(root, one.value, one.place)),
  };
}

/** The items of a delivery: what `items` leads to, or the whole of it; a list at the top is as many items. */
export function itemsOf(root: unknown, items: string | null): readonly Item[] {
  if (items !== null) return follow(root, pathOf(items).steps).map(({ value, place }) => treeItem(root, value, place));
  const list: readonly unknown[] = Array.isArray(root) ? root : [];
  return Array.isArray(root) ? list.map((value, i) => treeItem(root, value, `[${i}]`)) : [treeItem(root, root, '')];
}
