type Json = Readonly<Record<string, unknown>>;

/** What the town's people put into a question. */
export type Role = 'nps' | 'csat' | 'ces' | 'comment' | 'topic' | 'liked' | 'aspects' | 'contact' | 'email';

export type Choice = { readonly id: string; readonly text: string; readonly weight?: number; readonly isNa?: boolean };
/** `type` is what a row of contact data asks for. */
export type Row = { readonly id: string; readonly text: string; readonly type?: string };
export type Col = { readonly id: string; readonly text: string; readonly choices?: readonly Choice[] };

export type Question = {
  readonly id: string;
  readonly variableId: string;
  /** HTML. */
  readonly heading: string;
  readonly family: string;
  readonly subtype: string;
  readonly role?: Role;
  readonly required: boolean;
  readonly display: Json | null;
  readonly validation: Json | null;
  readonly forcedRanking: boolean;
  readonly choices: readonly Choice[];
  readonly rows: readonly Row[];
  readonly cols: readonly Col[];
  readonly other: Choice | null;
};
export type Page = { readonly id: string; readonly title: string; readonly questions: readonly Question[] };
export type Survey = {
  readonly id: string;
  readonly title: string;
  readonly metric: 'nps' | 'csat' | 'ces' | null;
  readonly language: string;
  readonly folderId: string;
  /** What a link may carry, with a label for each. */
  readonly customVariables: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly pages: readonly Page[];
};

export function questionsOf({ pages }: Survey): readonly Question[] {
  return pages.flatMap(({ questions }) => questions);
}

/** The first question that the town's people put this into. */
export function questionFor(survey: Survey, role: Role): Question | undefined {
  return questionsOf(survey).find((question) => question.role === role);
}
