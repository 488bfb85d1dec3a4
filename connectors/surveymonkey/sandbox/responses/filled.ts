import { type Question, questionsOf, type Survey } from '../surveys/model.ts';
import type { Answer, Answers } from './responses.ts';

const DATES: Readonly<Record<string, string>> = { both: '12/31/2015 11:59 PM', date_only: '12/31/2015', time_only: '11:59 PM' };

function answersTo({ family, subtype, display, choices, rows, cols, other }: Question): readonly Answer[] {
  const [choice, second = choice] = choices;
  if (display?.display_type === 'file_upload')
    return [{ text: 'plan.pdf', download_url: 'https://www.surveymonkey.com/file/plan.pdf', content_type: 'application/pdf' }];
  switch (family) {
    case 'single_choice':
      return [choice === undefined ? {} : { choice_id: choice.id }];
    case 'multiple_choice':
      return choices.slice(0, 2).map(({ id }) => ({ choice_id: id }));
    case 'matrix': {
      const menus = cols.flatMap(({ id, choices: [first] = [] }) => (first === undefined ? [] : [{ col_id: id, choice_id: first.id }]));
      const plain = [choice, ...(subtype === 'multi' ? [second] : [])].flatMap((one) => (one === undefined ? [] : [{ choice_id: one.id }]));
      const ranked = (at: number): readonly Answer[] => choices.slice(at, at + 1).map(({ id }) => ({ choice_id: id }));
      const inRow = (at: number): readonly Answer[] => (subtype === 'menu' ? menus : subtype === 'ranking' ? ranked(at) : plain);
      const remark = other === null ? [] : [{ other_id: other.id, text: 'because' }];
      return [...rows.flatMap(({ id }, at) => inRow(at).map((answer) => ({ row_id: id, ...answer }))), ...remark];
    }
    case 'datetime':
      return rows.map(({ id }) => ({ row_id: id, text: DATES[subtype] ?? '' }));
    case 'presentation':
      return [];
    default: {
      const text = subtype === 'numerical' || display?.display_type === 'slider' ? '7' : 'words';
      return rows.length === 0 ? [{ text }] : rows.map(({ id }) => ({ row_id: id, text }));
    }
  }
}

/** An answer to every question that takes one, each in the shape of its kind. */
export function filledIn(survey: Survey): Answers {
  const pairs = questionsOf(survey).map((question) => [question.id, answersTo(question)] as const);
  return new Map(pairs.filter(([, answers]) => answers.length > 0));
}
