/** A literal of a query. The text of a string is still quoted. */
export type Literal =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'datetime'; readonly value: number }
  | { readonly type: 'date'; readonly text: string }
  /** `TODAY`, `LAST_N_DAYS:30`: a span of whole days. */
  | { readonly type: 'span'; readonly name: string; readonly count: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' };

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'LIKE'] as const;
export type Operator = (typeof OPERATORS)[number];

/** A path such as `Owner.Email`, and where in the query it stands. */
export type Path = { readonly names: readonly string[]; readonly at: number };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'compare'; readonly path: Path; readonly operator: Operator; readonly literal: Literal }
  | { readonly kind: 'in'; readonly path: Path; readonly negated: boolean; readonly literals: readonly Literal[] }
  /** The ids that another query finds. */
  | { readonly kind: 'semijoin'; readonly path: Path; readonly negated: boolean; readonly query: Query }
  /** Of a multi-select: each literal is a set of choices that all have to be there. */
  | { readonly kind: 'includes'; readonly path: Path; readonly negated: boolean; readonly literals: readonly Literal[] };

export const AGGREGATES = ['COUNT', 'COUNT_DISTINCT', 'MIN', 'MAX', 'SUM', 'AVG'] as const;

/** One thing that a query selects. */
export type Selected =
  | { readonly kind: 'field'; readonly path: Path }
  | { readonly kind: 'count' }
  | { readonly kind: 'group'; readonly group: 'ALL' | 'STANDARD' | 'CUSTOM'; readonly at: number }
  | { readonly kind: 'aggregate'; readonly how: (typeof AGGREGATES)[number]; readonly path: Path; readonly alias: string | null }
  | { readonly kind: 'children'; readonly query: Query; readonly at: number }
  | {
      readonly kind: 'typeof';
      readonly path: Path;
      readonly cases: readonly { readonly type: string; readonly paths: readonly Path[] }[];
      readonly otherwise: readonly Path[];
    };

export type Order = { readonly path: Path; readonly descending: boolean; readonly nullsLast: boolean };

/** A query as it was written; whether its names exist is not looked at yet. */
export type Query = {
  readonly text: string;
  readonly selected: readonly Selected[];
  readonly from: string;
  readonly alias: string | null;
  readonly where: Condition | null;
  readonly groupBy: readonly Path[];
  readonly orderBy: readonly Order[];
  readonly limit: number | null;
  readonly offset: number;
};
