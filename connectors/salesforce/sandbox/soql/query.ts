/** A literal of a query. The text of a string is still quoted. */
export type Literal =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'datetime'; readonly value: number }
  | { readonly type: 'date'; readonly text: string }
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
  | { readonly kind: 'in'; readonly path: Path; readonly negated: boolean; readonly literals: readonly Literal[] };

export const AGGREGATES = ['COUNT', 'COUNT_DISTINCT', 'MIN', 'MAX'] as const;
/** One thing that a query selects. */
export type Selected =
  | { readonly kind: 'field'; readonly path: Path }
  | { readonly kind: 'count' }
  | { readonly kind: 'group'; readonly group: 'ALL' | 'STANDARD' | 'CUSTOM'; readonly at: number }
  | { readonly kind: 'aggregate'; readonly how: (typeof AGGREGATES)[number]; readonly path: Path; readonly alias: string | null };

export type Order = { readonly path: Path; readonly descending: boolean; readonly nullsLast: boolean };

/** A query as it was written; whether its names exist is not looked at yet. */
export type Query = {
  readonly text: string;
  readonly selected: readonly Selected[];
  readonly from: string;
  readonly alias: string | null;
  readonly where: Condition | null;
  readonly orderBy: readonly Order[];
  readonly limit: number | null;
  readonly offset: number;
};
