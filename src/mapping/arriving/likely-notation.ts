import type { DateOrder } from './reading.ts';

type Likely = {
  readonly dates: DateOrder;
  /** Whether dates can be meant in two ways. */
  readonly isDoubtful: boolean;
  /** Whether times stand there without a time zone. */
  readonly hasClock: boolean;
  readonly decimal: '.' | ',';
};

const DAY_FIRST = /^(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}\b/;
const CLOCK = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AP]M)?$/i;

/** How dates and numbers are written in some rows, as far as these tell. */
export function likelyNotation(rows: readonly (readonly string[])[]): Likely {
  const cells = rows.flat().map((cell) => cell.trim());
  const pairs = cells.flatMap((cell) => {
    const [, first, second] = DAY_FIRST.exec(cell) ?? [];
    return first === undefined ? [] : [[Number(first), Number(second)] as const];
  });
  const isDayFirst = pairs.some(([first]) => first > 12) || cells.some((cell) => /^\d{1,2}\.\d{1,2}\.\d{4}\b/.test(cell));
  const isMonthFirst = pairs.some(([, second]) => second > 12);
  const commas = cells.filter((cell) => /^-?\d{1,3}(?:\.\d{3})*,\d{1,2}$|^-?\d+,\d{1,2}$/.test(cell)).length;
  const dots = cells.filter((cell) => /^-?\d+\.\d{1,2}$/.test(cell)).length;
  return {
    dates: pairs.length === 0 ? 'ymd' : isMonthFirst ? 'mdy' : 'dmy',
    isDoubtful: pairs.length > 0 && isDayFirst === isMonthFirst,
    hasClock: cells.some((cell) => CLOCK.test(cell)),
    decimal: commas > dots ? ',' : '.',
  };
}
