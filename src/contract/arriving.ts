import type { AnyPort } from './connector.ts';
import { HubError } from './errors.ts';

/** The port of an object whose records only arrive: there is nobody who could be asked. */
export const ARRIVING = {
  fields: async () => [],
  read: {
    changes: async function* () {},
    byIds: async () => {
      throw new HubError('misconfigured', 'Records of this connection arrive by themselves: nobody can be asked for one');
    },
  },
} satisfies AnyPort;

/** One thing that arrived, before a mapping has said what in it is what. */
export type Item = {
  /** Where it stood, for people: `line 17`, `orders[3]`. */
  readonly place: string;
  /** What stands under the name that a mapping has for it; undefined when it is not there. */
  at(name: string): unknown;
  /** The names under another one, such as those of the answers of a form; all of them where no name is given. */
  names(under: string | null): readonly string[];
  /** The items of a list that it holds. */
  each(name: string): readonly Item[];
};
