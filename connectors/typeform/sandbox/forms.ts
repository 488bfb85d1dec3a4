/** One choice of a question. */
export type Choice = { readonly id: string; readonly ref: string; readonly label: string };
/** One question; `ref` is missing on the oldest. `role` says what the town's people put there. */
export type Field = {
  readonly id: string;
  readonly ref?: string;
  readonly title: string;
  readonly type: string;
  readonly role?: 'nps' | 'csat' | 'ces' | 'comment' | 'topic' | 'liked' | 'aspect' | 'firstName' | 'lastName' | 'email' | 'phone';
  readonly properties?: Readonly<Record<string, unknown>> & { readonly choices?: readonly Choice[]; readonly fields?: readonly Field[] };
};
export type Form = {
  readonly id: string;
  readonly title: string;
  readonly metric: 'nps' | 'csat' | 'ces';
  readonly hidden: readonly string[];
  readonly fields: readonly Field[];
};

const choices = (prefix: string, labels: readonly string[]): readonly Choice[] =>
  labels.map((label, at) => ({ id: `${prefix}${at + 1}`, ref: label.toLowerCase(), label }));
const TOPIC_LABELS = ['Delivery', 'Price', 'Support', 'Quality', 'Website'];

const NPS: Form = {
  id: 'u6nXL7aB',
  title: 'How are we doing?',
  metric: 'nps',
  hidden: ['syncline', 'crm_id', 'email', 'phone', 'lang', 'touchpoint'],
  fields: [
    { id: 'hN1aWelcome0', ref: 'hello', title: 'Hello! Two minutes, please.', type: 'statement' },
    {
      id: 'kN1aNpsMain0',
      ref: 'nps_main',
      title: 'How likely are you to recommend us?',
      type: 'nps',
      role: 'nps',
      properties: { steps: 11, start_at_one: false },
    },
    { id: 'kN2bReason00', ref: 'nps_reason', title: 'What is the reason for your score?', type: 'long_text', role: 'comment' },
    {
      id: 'kN3cLiked000',
      ref: 'liked',
      title: 'What do you like?',
      type: 'multiple_choice',
      role: 'liked',
      properties: { allow_multiple_selection: true, allow_other_choice: true, choices: choices('cN', TOPIC_LABELS) },
    },
    {
      id: 'gN4dContact0',
      ref: 'contact_group',
      title: 'May we come back to you?',
      type: 'group',
      properties: {
        fields: [
          { id: 'kN5eEmail000', ref: 'contact_email', title: 'Your e-mail', type: 'email', role: 'email' },
          {
            id: 'kN6fPhone000',
            ref: 'contact_phone',
            title: 'Your phone',
            type: 'phone_number',
            role: 'phone',
            properties: { default_country_code: 'US' },
          },
        ],
      },
    },
  ],
};

const RATINGS = choices('cR', ['1', '2', '3', '4', '5']);
const row = (id: string, ref: string, title: string): Field => ({
  id,
  ref,
  title,
  type: 'multiple_choice',
  role: 'aspect',
  properties: { allow_multiple_selection: false, choices: RATINGS },
});
const CSAT: Form = {
  id: 'Qc4tDel1',
  title: 'Your delivery',
  metric: 'csat',
  hidden: ['crm_id', 'email'],
  fields: [
    {
      id: 'kC1aCsat0000',
      ref: 'csat_main',
      title: 'How satisfied were you?',
      type: 'rating',
      role: 'csat',
      properties: { steps: 5, shape: 'star' },
    },
    {
      id: 'mC2bAspects0',
      ref: 'aspects',
      title: 'And in particular?',
      type: 'matrix',
      properties: {
        fields: [row('rC1aSpeed000', 'speed', 'Speed'), row('rC2bCare0000', 'care', 'Care'), row('rC3cBox00000', 'box', 'Packaging')],
      },
    },
    {
      id: 'kC3cTopic000',
      ref: 'topic',
      title: 'What was it about?',
      type: 'multiple_choice',
      role: 'topic',
      properties: { allow_multiple_selection: false, allow_other_choice: true, choices: choices('cT', TOPIC_LABELS) },
    },
    // Made before questions had names.
    { id: 'kC4dComment0', title: 'Anything else?', type: 'long_text', role: 'comment' },
    { id: 'kC5eEmail000', ref: 'email', title: 'Your e-mail address', type: 'email', role: 'email' },
  ],
};

const CES: Form = {
  id: 'Es7SuppT',
  title: 'Your support request',
  metric: 'ces',
  hidden: ['crm_id'],
  fields: [
    {
      id: 'kE1aEffort00',
      ref: 'ces_main',
      title: 'We made it easy for you to handle your issue.',
      type: 'opinion_scale',
      role: 'ces',
      properties: { steps: 7, start_at_one: true, labels: { left: 'Strongly disagree', right: 'Strongly agree' } },
    },
    // The recommendation question of the years before there was a type for it.
    {
      id: 'kE2bRecomm00',
      ref: 'recommend',
      title: 'Would you recommend us?',
      type: 'opinion_scale',
      role: 'nps',
      properties: { steps: 11, start_at_one: false },
    },
    { id: 'kE3cImprove0', ref: 'improve', title: 'What could we do better?', type: 'short_text', role: 'comment' },
    {
      id: 'iE4dContact0',
      ref: 'contact',
      title: 'Your contact data',
      type: 'contact_info',
      properties: {
        fields: [
          { id: 'kE5eFirst000', ref: 'first_name', title: 'First name', type: 'short_text', role: 'firstName' },
          { id: 'kE6fLast0000', ref: 'last_name', title: 'Last name', type: 'short_text', role: 'lastName' },
          { id: 'kE7gEmail000', ref: 'email', title: 'E-mail', type: 'email', role: 'email' },
          { id: 'kE8hPhone000', ref: 'phone', title: 'Phone', type: 'phone_number', role: 'phone' },
        ],
      },
    },
  ],
};

/** The forms of the account. */
export const FORMS: readonly Form[] = [NPS, CSAT, CES];

/** All questions of a form that can have an answer, the nested ones too, in their order. */
export function questionsOf(fields: readonly Field[]): readonly Field[] {
  return fields.flatMap((field) => (field.properties?.fields === undefined ? [field] : questionsOf(field.properties.fields)));
}
