/** One question as it is asked. Every id is unique in the account; `position` of a choice counts from 1. */
export type Choice = { readonly id: number; readonly text: string };
export type Question = { readonly id: number; readonly code: string; readonly text: string; readonly required: boolean } & (
  | { readonly kind: 'score'; readonly choices: readonly Choice[]; readonly description: string }
  | { readonly kind: 'topic'; readonly choices: readonly Choice[] }
  | { readonly kind: 'comment'; readonly answerId: number }
  | { readonly kind: 'matrix'; readonly rows: readonly Choice[]; readonly columns: readonly Choice[] }
  | { readonly kind: 'contact'; readonly parts: readonly Choice[] }
  | { readonly kind: 'words' }
);
export type Survey = {
  readonly id: number;
  readonly name: string;
  readonly metric: 'nps' | 'csat' | 'ces';
  readonly asksContact: boolean;
  /** What the admin called the custom variables: the key of a response is the label, where there is one. */
  readonly labels: Readonly<Record<string, string>>;
  readonly questions: readonly Question[];
};

const HINT = '{detractor:Very Unlikely,promoter:Very Likely}';
const choices = (firstId: number, texts: readonly string[]): readonly Choice[] => texts.map((text, at) => ({ id: firstId + at, text }));
const numbers = (min: number, max: number): readonly string[] => Array.from({ length: max - min + 1 }, (_, at) => String(min + at));
const PARTS = ['FIRST_NAME', 'LAST_NAME', 'EMAIL', 'PHONE'] as const;

const NPS: Survey = {
  id: 11_000_001,
  name: 'Relationship NPS',
  metric: 'nps',
  asksContact: true,
  labels: {},
  questions: [
    { kind: 'words', id: 50_000, code: 'Q0', text: '<p>Thank you for being our customer.</p>', required: false },
    {
      kind: 'score',
      id: 50_001,
      code: 'Q1',
      text: '<b>How likely</b> is it that you would recommend us to a friend or colleague?',
      required: true,
      description: HINT,
      choices: choices(70_001, numbers(0, 10)),
    },
    { kind: 'comment', id: 50_002, code: 'Q2', text: 'What is the main reason for your score?', required: false, answerId: 70_020 },
    { kind: 'contact', id: 50_003, code: 'Q3', text: 'May we contact you about it?', required: false, parts: choices(70_031, PARTS) },
  ],
};
const CSAT: Survey = {
  id: 11_000_002,
  name: 'Delivery CSAT',
  metric: 'csat',
  asksContact: false,
  labels: { custom1: 'Email', custom2: 'Mobile', custom3: 'Plan' },
  questions: [
    {
      kind: 'score',
      id: 51_001,
      code: 'Q1',
      text: 'How satisfied were you with your delivery?',
      required: true,
      description: HINT,
      choices: choices(71_001, numbers(1, 5)),
    },
    {
      kind: 'matrix',
      id: 51_002,
      code: 'Q2',
      text: 'And in particular with&nbsp;...',
      required: false,
      rows: choices(51_021, ['Speed', 'Friendliness', 'Packaging']),
      columns: choices(71_021, numbers(1, 5)),
    },
    {
      kind: 'topic',
      id: 51_003,
      code: 'Q3',
      text: 'What was it about?',
      required: false,
      choices: choices(71_031, ['delivery', 'price', 'support', 'quality', 'Other']),
    },
    { kind: 'comment', id: 51_004, code: 'Q4', text: 'Anything else?', required: false, answerId: 71_040 },
  ],
};
const CES: Survey = {
  id: 11_000_003,
  name: 'Support effort',
  metric: 'ces',
  asksContact: true,
  labels: {},
  questions: [
    {
      kind: 'score',
      id: 52_001,
      code: 'Q1',
      text: 'The company made it easy for me to handle my issue.',
      required: true,
      description: '',
      choices: choices(72_001, ['1 - Strongly disagree', '2', '3', '4', '5', '6', '7 - Strongly agree']),
    },
    { kind: 'comment', id: 52_002, code: 'Q2', text: 'What could we have done better?', required: false, answerId: 72_020 },
    { kind: 'contact', id: 52_003, code: 'Q3', text: 'Your contact data', required: false, parts: choices(72_031, PARTS) },
  ],
};

const CX: Survey = {
  id: 11_000_004,
  name: 'After your visit',
  metric: 'nps',
  asksContact: false,
  labels: { custom1: 'Email', custom2: 'Mobile', custom5: 'Order' },
  questions: [
    {
      kind: 'score',
      id: 53_001,
      code: 'Q1',
      text: 'How likely is it that you would recommend us after this visit?',
      required: true,
      description: HINT,
      choices: choices(73_001, numbers(0, 10)),
    },
    { kind: 'comment', id: 53_002, code: 'Q2', text: 'What happened?', required: false, answerId: 73_020 },
  ],
};

/** The surveys of the account's user. */
export const SURVEYS: readonly Survey[] = [NPS, CSAT, CES];
/** Those of its CX workspace: each answer is one to a transaction, such as a visit. */
export const CX_SURVEYS: readonly Survey[] = [CX];
/** The business units of the workspace, by their codes. */
export const SEGMENTS = ['S1', 'S2', 'S3', 'S4', 'S5'] as const;
