import type { Builder } from './build.ts';
import type { Page } from './model.ts';

const WORDS = ['Red', 'Green', 'Blue'];
const ROWS = ['Speed', 'Care'];
const ADDRESS = ['name', 'address', 'city', 'state', 'zip', 'country', 'email', 'phone'].map((type) => ({ text: type, type }));

/** One question of each family and subtype, and of each way to show one. */
export function everyKind({ page, ask }: Builder): readonly Page[] {
  const heading = (family: string, subtype: string) => ({ heading: `${family}, ${subtype}`, family, subtype });
  const shown = (display_type: string, display_subtype: string | null = null) => ({ display: { display_type, display_subtype } });
  return [
    page(
      'Choices',
      ...['vertical', 'horiz', 'menu'].map((subtype) => ask({ ...heading('single_choice', subtype), choices: WORDS, other: 'Other' })),
      ask({ ...heading('multiple_choice', 'vertical'), choices: [...WORDS, { text: 'None', isNa: true }] }),
      ask({ ...heading('single_choice', 'vertical'), ...shown('image_choice'), choices: WORDS }),
    ),
    page(
      'Matrices',
      ask({ ...heading('matrix', 'single'), rows: ROWS, choices: WORDS }),
      ask({ ...heading('matrix', 'multi'), rows: ROWS, choices: WORDS }),
      ask({ ...heading('matrix', 'rating'), rows: ROWS, choices: WORDS.map((text, at) => ({ text, weight: at + 1 })), other: 'Why?' }),
      ask({ ...heading('matrix', 'ranking'), forcedRanking: true, rows: ROWS, choices: ['1', '2', { text: 'N/A', isNa: true }] }),
      ask({ ...heading('matrix', 'menu'), rows: ROWS, cols: { Before: WORDS, After: WORDS } }),
    ),
    page(
      'Words and numbers',
      ask({ ...heading('open_ended', 'single') }),
      ask({ ...heading('open_ended', 'multi'), rows: ROWS }),
      ask({ ...heading('open_ended', 'numerical'), rows: ROWS }),
      ask({ ...heading('open_ended', 'essay') }),
      ask({ ...heading('open_ended', 'single'), ...shown('slider') }),
      ask({ ...heading('open_ended', 'single'), ...shown('file_upload') }),
    ),
    page(
      'People and times',
      ask({ ...heading('demographic', 'international'), rows: ADDRESS }),
      ask({ ...heading('demographic', 'us'), rows: ADDRESS }),
      ...['both', 'date_only', 'time_only'].map((subtype) => ask({ ...heading('datetime', subtype), rows: [''] })),
      ask({ ...heading('presentation', 'descriptive_text') }),
      ask({ ...heading('presentation', 'image') }),
    ),
  ];
}
