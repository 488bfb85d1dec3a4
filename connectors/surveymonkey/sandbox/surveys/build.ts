import type { Ids } from '../ids.ts';
import type { Page, Question } from './model.ts';

type Asked = { readonly heading: string; readonly family: string; readonly subtype: string } & Partial<
  Pick<Question, 'role' | 'required' | 'display' | 'validation' | 'forcedRanking'>
> & {
    readonly choices?: readonly (string | { readonly text: string; readonly weight?: number; readonly isNa?: boolean })[];
    readonly rows?: readonly (string | { readonly text: string; readonly type: string })[];
    /** By column, the choices of its menu. */
    readonly cols?: Readonly<Record<string, readonly string[]>>;
    readonly other?: string;
  };
export type Builder = { page(title: string, ...questions: readonly Question[]): Page; ask(asked: Asked): Question };

/** Makes pages and questions, and gives an id to each part of them. */
export function openBuilder(ids: Ids): Builder {
  const numbered = <T extends object>(part: T): T & { readonly id: string } => ({ id: ids.next('answer'), ...part });
  return {
    page: (title, ...questions) => ({ id: ids.next('page'), title, questions }),
    ask({ choices = [], rows = [], cols = {}, other, ...asked }) {
      return {
        required: false,
        display: null,
        validation: null,
        forcedRanking: false,
        ...asked,
        id: ids.next('question'),
        variableId: ids.next('answer'),
        choices: choices.map((choice) => numbered(typeof choice === 'string' ? { text: choice } : choice)),
        rows: rows.map((row) => numbered(typeof row === 'string' ? { text: row } : row)),
        cols: Object.entries(cols).map(([text, menu]) =>
          numbered(menu.length === 0 ? { text } : { text, choices: menu.map((one) => numbered({ text: one })) }),
        ),
        other: other === undefined ? null : numbered({ text: other }),
      };
    },
  };
}

/** Numbers from `min` to `max` as choices, each with the weight that `weigh` gives it. */
export function scale([min, max]: readonly [number, number], weigh: (score: number) => number): { text: string; weight: number }[] {
  return Array.from({ length: max - min + 1 }, (_, at) => ({ text: String(min + at), weight: weigh(min + at) }));
}
