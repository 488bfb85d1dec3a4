import { csvLine } from '../../kernel/csv.ts';
import type { PlanLineView } from '../views/plans.ts';

export const PLAN_FORMATS = ['csv', 'jsonl'] as const;
export type PlanFormat = (typeof PLAN_FORMATS)[number];

const HEAD = [
  'operation',
  'connection',
  'object',
  'remote id',
  'record id',
  'title',
  'field',
  'old',
  'new',
  'rule',
  'source',
  'reason',
  'drift',
];

/** Lines of a plan as a file: one row a field in CSV, one line a record in JSON Lines. */
export async function* exportPlan(format: PlanFormat, lines: AsyncIterable<readonly PlanLineView[]>): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(HEAD);
  for await (const some of lines) yield some.map(format === 'csv' ? csvRows : jsonLine).join('');
}

const jsonLine = ({ hubObject: _, ...line }: PlanLineView): string => `${JSON.stringify(line)}\n`;

function csvRows(line: PlanLineView): string {
  const head = [line.operation, line.connection, line.object, line.remoteId, line.recordId, line.title];
  const tail = [line.reason, line.drift];
  const fields = Object.entries(line.drift === null ? line.fields : { ...line.fields, ...line.nowFields });
  const rows = fields.length === 0 ? [[]] : fields.map(([name, { old, new: next, rule, source }]) => [name, old, next, rule, source]);
  return rows.map((row) => csvLine([...head, ...(row.length === 0 ? ['', '', '', '', ''] : row), ...tail].map(inCell))).join('');
}

const inCell = (value: unknown): string =>
  value === null || value === undefined ? '' : Array.isArray(value) ? value.join('; ') : String(value);
