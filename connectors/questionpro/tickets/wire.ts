import { HubError } from '../../../src/contract/errors.ts';
import { isRaw, number, object, objects, type Raw, text } from '../../../src/contract/raw.ts';
import type { Listed } from '../wire.ts';

type Segment = { readonly code: string | null; readonly name: string | null };

/** A ticket of the closed loop. Times are ISO. */
export type Ticket = {
  readonly id: string;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly deletedAt: string | null;
  readonly surveyId: string | null;
  readonly responseId: string | null;
  readonly priority: string | null;
  readonly status: string | null;
  readonly type: string | null;
  readonly description: string | null;
  readonly issueDate: string | null;
  readonly isOverdue: boolean | null;
  readonly customerName: string | null;
  readonly customerEmail: string | null;
  readonly originSegment: Segment;
  readonly currentSegment: Segment;
  readonly assignedName: string | null;
  readonly assignedEmail: string | null;
};

function instant(value: unknown): string | null {
  const at = Date.parse(text(value) ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

const part = (raw: unknown): Raw => (isRaw(raw) ? raw : {});

function segment(raw: unknown): Segment {
  const { code, name } = part(raw);
  return { code: text(code), name: text(name) };
}

function ticket(raw: Raw): Ticket | null {
  const id = text(raw.id);
  if (id === null) return null;
  const { name, email } = part(raw.assignedUser);
  return {
    id,
    createdAt: instant(raw.createdAt),
    updatedAt: instant(raw.updatedAt),
    deletedAt: instant(raw.deletedAt),
    surveyId: text(raw.surveyId),
    responseId: text(raw.responseId),
    priority: text(raw.priority),
    status: text(raw.status),
    type: text(raw.type),
    description: text(raw.description) ?? text(raw.comment),
    issueDate: instant(raw.issueDate),
    isOverdue: typeof raw.isOverdue === 'boolean' ? raw.isOverdue : null,
    customerName: text(raw.customerName)?.trim() || null,
    customerEmail: text(raw.customerEmail)?.trim() || null,
    originSegment: segment(raw.originSegment),
    currentSegment: segment(raw.currentSegment),
    assignedName: text(name),
    assignedEmail: text(email),
  };
}

/** A page of tickets, in the third of the vendor's envelopes: it says how many there are in all, and how many it has put on a page. */
export function parseTickets(body: unknown): Listed<Ticket> {
  const page = object(body, 'the list of tickets');
  if (!Array.isArray(page.data))
    throw new HubError('broken_answer', `the list of tickets has no data: ${text(page.message) ?? 'no reason given'}`);
  const pager = part(page.pagerOptions);
  const [total, perPage] = [number(pager.totalCount), number(part(pager.pagerDto).perPage)];
  const totalPages = total === null || perPage === null || perPage <= 0 ? null : Math.ceil(total / perPage);
  return { items: objects(page.data).flatMap((raw) => ticket(raw) ?? []), totalItems: total, totalPages };
}
