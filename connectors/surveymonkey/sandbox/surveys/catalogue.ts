import type { World } from '../world.ts';
import { type Builder, openBuilder, scale } from './build.ts';
import { everyKind } from './every-kind.ts';
import type { Page, Survey } from './model.ts';

const DAY_MS = 86_400_000;
const TOPICS = ['Delivery', 'Price', 'Support', 'Quality', 'Website'];
const CONTACT_ROWS = [
  { text: 'Name', type: 'name' },
  { text: 'Company', type: 'company' },
  { text: 'Email Address', type: 'email' },
  { text: 'Phone Number', type: 'phone' },
];

// There is no kind of its own for it: the weights are those of the metric, and the ends have words.
function npsPages({ page, ask }: Builder): readonly Page[] {
  const choices = scale([0, 10], (score) => (score >= 9 ? 100 : score >= 7 ? 0 : -100)).map(({ text, weight }) => {
    const ends: Readonly<Record<string, string>> = { '0': 'Not at all likely - 0', '10': 'Extremely likely - 10' };
    return { text: ends[text] ?? text, weight };
  });
  const recommend = 'How likely is it that you would <b>recommend us</b> to a friend or colleague?';
  return [
    page('', ask({ heading: recommend, family: 'matrix', subtype: 'rating', role: 'nps', required: true, rows: [''], choices })),
    page(
      'Why?',
      ask({ heading: 'What is the main reason for your score?', family: 'open_ended', subtype: 'essay', role: 'comment' }),
      ask({
        heading: 'What do you like?',
        family: 'multiple_choice',
        subtype: 'vertical',
        role: 'liked',
        choices: TOPICS,
        other: 'Other (please specify)',
      }),
      ask({ heading: 'May we come back to you?', family: 'demographic', subtype: 'international', role: 'contact', rows: CONTACT_ROWS }),
    ),
  ];
}

function csatPages({ page, ask }: Builder): readonly Page[] {
  const stars = ['Very dissatisfied', 'Dissatisfied', 'Neither', 'Satisfied', 'Very satisfied'].map((text, at) => ({
    text,
    weight: at + 1,
  }));
  return [
    page(
      'Your delivery',
      ask({
        heading: 'How satisfied were you with your delivery?',
        family: 'matrix',
        subtype: 'rating',
        role: 'csat',
        display: { display_type: 'emoji', display_subtype: 'star', left_label: '', right_label: '' },
        rows: [''],
        choices: [...stars, { text: 'N/A', weight: 0, isNa: true }],
      }),
      ask({
        heading: 'And in particular with&nbsp;...',
        family: 'matrix',
        subtype: 'rating',
        role: 'aspects',
        rows: ['Speed', 'Friendliness', 'Packaging'],
        choices: scale([1, 5], (score) => score),
      }),
    ),
    page(
      'Details',
      ask({
        heading: 'What was it about?',
        family: 'single_choice',
        subtype: 'vertical',
        role: 'topic',
        choices: TOPICS,
        other: 'Something else',
      }),
      ask({ heading: 'Anything else?', family: 'open_ended', subtype: 'essay', role: 'comment' }),
      ask({
        heading: 'Your e-mail address',
        family: 'open_ended',
        subtype: 'single',
        role: 'email',
        validation: { type: 'email', text: 'This is no e-mail address.', min: null, max: null, sum: null, sum_text: null },
      }),
    ),
  ];
}

function cesPages({ page, ask }: Builder): readonly Page[] {
  const ends: Readonly<Record<string, string>> = { '1': 'Strongly disagree', '7': 'Strongly agree' };
  return [
    page(
      'Your request',
      ask({
        heading: 'The company made it easy for me to handle my issue.',
        family: 'single_choice',
        subtype: 'vertical',
        role: 'ces',
        choices: scale([1, 7], (score) => score).map(({ text, weight }) => ({ text: ends[text] ?? text, weight })),
      }),
      // The recommendation question made by hand: its weights are the scores themselves.
      ask({
        heading: 'Would you recommend us?',
        family: 'matrix',
        subtype: 'rating',
        role: 'nps',
        rows: [''],
        choices: scale([0, 10], (score) => score),
      }),
      ask({ heading: 'What could we do better?', family: 'open_ended', subtype: 'essay', role: 'comment' }),
    ),
    page('You', ask({ heading: 'Your contact data', family: 'open_ended', subtype: 'multi', role: 'contact', rows: CONTACT_ROWS })),
  ];
}

/** The surveys of the account, in the order in which they were made. */
export function catalogue(world: World): readonly Survey[] {
  const builder = openBuilder(world.ids);
  const openedAt = world.stamp();
  const made = (of: Pick<Survey, 'title' | 'metric' | 'customVariables'>, pages: readonly Page[], daysAgo: number): Survey => ({
    ...of,
    id: world.ids.next('survey'),
    language: 'en',
    folderId: '0',
    createdAt: openedAt - daysAgo * DAY_MS,
    modifiedAt: openedAt - (daysAgo - 2) * DAY_MS,
    pages,
  });
  const crm = { crm_id: 'CRM id' };
  return [
    made({ title: 'How are we doing?', metric: 'nps', customVariables: { ...crm, lang: 'Language' } }, npsPages(builder), 400),
    made({ title: 'Your delivery', metric: 'csat', customVariables: { ...crm, email: 'E-mail' } }, csatPages(builder), 395),
    made({ title: 'Your support request', metric: 'ces', customVariables: crm }, cesPages(builder), 390),
    made({ title: 'One of every kind', metric: null, customVariables: {} }, everyKind(builder), 380),
  ];
}
