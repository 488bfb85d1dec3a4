import type { FieldSchema, FieldType } from '../../../src/contract/connector.ts';
import { tokenOfEvidence } from '../../../src/contract/evidence.ts';
import type { FieldValue, Observation } from '../../../src/contract/records.ts';
import type { Ticket } from './wire.ts';

/** A ticket with the workspace that it is in. */
export type Placed = { readonly workspace: string; readonly ticket: Ticket };

/** Ids are the vendor's, made unique over all workspaces. */
export const idOf = ({ workspace, ticket }: Placed): string => `${workspace}:${ticket.id}`;

type Field = { readonly label: string; readonly type: FieldType; of(placed: Placed): FieldValue };
const field = (label: string, of: Field['of'], type: FieldType = 'text'): Field => ({ label, type, of });

/** By the response that it is about, and by the address of the customer. */
function customerOf({ surveyId, responseId, customerEmail }: Ticket): FieldValue {
  const response = surveyId === null || responseId === null ? null : `${surveyId}:${responseId}`;
  const token = tokenOfEvidence({ response, email: customerEmail });
  return token === null ? null : [token];
}

const FIELDS: Readonly<Record<string, Field>> = {
  status: field('Status', ({ ticket }) => ticket.status),
  priority: field('Priority', ({ ticket }) => ticket.priority),
  type: field('Type', ({ ticket }) => ticket.type),
  description: field('Description', ({ ticket }) => ticket.description, 'long_text'),
  created_at: field('Created', ({ ticket }) => ticket.createdAt, 'datetime'),
  issue_date: field('Issue date', ({ ticket }) => ticket.issueDate, 'datetime'),
  is_overdue: field('Overdue', ({ ticket }) => ticket.isOverdue, 'boolean'),
  customer: field('Customer', ({ ticket }) => customerOf(ticket), 'references'),
  customer_name: field('Customer name', ({ ticket }) => ticket.customerName),
  customer_email: field('Customer e-mail', ({ ticket }) => ticket.customerEmail),
  assigned_name: field('Assigned to', ({ ticket }) => ticket.assignedName),
  assigned_email: field('Assigned to (e-mail)', ({ ticket }) => ticket.assignedEmail),
  origin_segment: field('Origin segment', ({ ticket }) => ticket.originSegment.code),
  origin_segment_name: field('Origin segment (name)', ({ ticket }) => ticket.originSegment.name),
  current_segment: field('Current segment', ({ ticket }) => ticket.currentSegment.code),
  current_segment_name: field('Current segment (name)', ({ ticket }) => ticket.currentSegment.name),
  survey_id: field('Survey', ({ ticket }) => ticket.surveyId),
  response_id: field('Response', ({ ticket }) => ticket.responseId),
  workspace_id: field('Workspace', ({ workspace }) => workspace),
};

export const TICKET_SCHEMA: readonly FieldSchema[] = Object.entries(FIELDS).map(([name, { label, type }]) => ({
  name,
  label,
  type,
  writable: false,
  required: false,
  maxLength: null,
  choices: null,
}));

const NO_TIME = new Date(0).toISOString();

/** When the ticket came to be as it is. */
export const changedAtOf = ({ deletedAt, updatedAt, createdAt }: Ticket): string =>
  [deletedAt, updatedAt, createdAt]
    .filter((at) => at !== null)
    .sort()
    .at(-1) ?? NO_TIME;

/** A ticket as the hub sees it, with those fields that were asked for. */
export function observe(placed: Placed, asked: readonly string[]): Observation {
  const { ticket } = placed;
  const common = { id: idOf(placed), changedAt: changedAtOf(ticket) };
  if (ticket.deletedAt !== null) return { kind: 'gone', ...common };
  const fields = asked.flatMap((name): readonly (readonly [string, FieldValue])[] => {
    const of = FIELDS[name]?.of;
    return of === undefined ? [] : [[name, of(placed)]];
  });
  return { kind: 'present', ...common, version: null, fields: Object.fromEntries(fields) };
}
