import { csvLine } from '../../kernel/csv.ts';
import type { AuditRow } from './audit.ts';

export const AUDIT_FORMATS = ['csv', 'jsonl'] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];
const HEAD = ['at', 'kind', 'who', 'called', 'from', 'what', 'to', 'detail', 'answer'];

/** The audit log as a file. */
export async function* exportAudit(format: AuditFormat, all: AsyncIterable<readonly AuditRow[]>): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(HEAD);
  for await (const some of all) yield some.map(format === 'csv' ? csvRow : jsonLine).join('');
}

/** A line as it is shown; what the log keeps for itself stays out. */
export function auditView({ actor_name, at, detail: { look: _, ...detail }, ...row }: AuditRow) {
  const { id, kind, actor, address, action, subjects, status } = row;
  return { id, at: at.toISOString(), kind, actor, actorName: actor_name, address, action, subjects, detail, status };
}

const jsonLine = (row: AuditRow): string => `${JSON.stringify(auditView(row))}\n`;

function csvRow(row: AuditRow): string {
  const { at, kind, actor, actorName, address, action, subjects, detail, status } = auditView(row);
  const told = Object.keys(detail).length === 0 ? '' : JSON.stringify(detail);
  return csvLine([at, kind, actor, actorName, address ?? '', action, subjects.join(' '), told, status === null ? '' : String(status)]);
}
