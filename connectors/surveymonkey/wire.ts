import { createHash } from 'node:crypto';
import { isRaw, list, number, object, objects, type Raw, text } from '../../src/contract/raw.ts';
import type { FieldValue } from '../../src/contract/records.ts';
import type { SurveyResponse } from '../../src/contract/survey.ts';
import { canonical } from '../../src/kernel/json.ts';

/** A page of any list; `isLast` when the vendor names none after it. */
export type Listed<T> = { readonly items: readonly T[]; readonly isLast: boolean };

export function parseList<T>(body: unknown, what: string, read: (item: unknown) => T): Listed<T> {
  const raw = object(body, what);
  const items = list(raw.data, what).map(read);
  const links = isRaw(raw.links) ? raw.links : {};
  return { items, isLast: items.length === 0 || text(links.next) === null };
}

/** An instant as ISO in UTC; one without an offset is UTC already. Null when it cannot be read. */
export function instant(value: unknown): string | null {
  const written = text(value);
  if (written === null) return null;
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(written) ? written : `${written}Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** A survey in the list; `marks` are the counters that move when responses come, null when the vendor shows none. */
export type Listing = { readonly id: string; readonly title: string; readonly modifiedAt: string | null; readonly marks: string | null };

function listing(item: unknown): Listing | null {
  const raw = isRaw(item) ? item : {};
  const id = text(raw.id);
  if (id === null) return null;
  const [modifiedAt, count] = [instant(raw.date_modified), number(raw.response_count)];
  const marks = modifiedAt === null && count === null ? null : canonical([modifiedAt, count]);
  return { id, title: text(raw.title)?.trim() ?? `Survey ${id}`, modifiedAt, marks };
}

/** A page of the list of surveys; what has no id is no survey. */
export function parseSurveys(body: unknown): Listed<Listing> {
  const page = parseList(body, 'the list of surveys', listing);
  return { ...page, items: page.items.filter((item) => item !== null) };
}

/** One answer as it was given: ids of what was chosen, or what was written. */
export type Given = {
  readonly choiceId: string | null;
  readonly rowId: string | null;
  readonly colId: string | null;
  readonly otherId: string | null;
  readonly text: string | null;
  readonly file: string | null;
};
/** What was answered to one question. `unread` is its JSON when it has another shape. */
export type Entry = { readonly questionId: string; readonly given: readonly Given[]; readonly unread: string | null };
export type Row = {
  readonly id: string;
  readonly collectorId: string | null;
  readonly recipientId: string | null;
  /** Somebody tried the survey out: it is no response. */
  readonly isPreview: boolean;
  readonly isEnteredByHand: boolean;
  readonly status: string | null;
  readonly state: SurveyResponse['state'];
  readonly customValue: string | null;
  readonly customs: Readonly<Record<string, FieldValue>>;
  /** The contact who was invited, as far as the collector is not anonymous. */
  readonly invited: Readonly<Record<string, string>>;
  readonly language: string | null;
  readonly changedAt: string;
  readonly entries: readonly Entry[];
};

function given(raw: Raw): Given {
  return {
    choiceId: text(raw.choice_id),
    rowId: text(raw.row_id),
    colId: text(raw.col_id),
    otherId: text(raw.other_id),
    text: text(raw.text),
    file: text(raw.download_url),
  };
}

function entry(raw: unknown, at: number): Entry {
  const questionId = isRaw(raw) ? text(raw.id) : null;
  if (!isRaw(raw) || questionId === null || !Array.isArray(raw.answers ?? []))
    return { questionId: questionId ?? `unread-${at + 1}`, given: [], unread: canonical(raw) };
  return { questionId, given: objects(raw.answers).map(given), unread: null };
}

function entries(pages: unknown): readonly Entry[] {
  return objects(pages)
    .flatMap(({ questions }) => (Array.isArray(questions) ? questions : []))
    .map(entry);
}

/** Anything that is not said to be completed does not count as complete. */
function stateOf(status: string | null): SurveyResponse['state'] {
  if (status === 'completed') return 'complete';
  return status === 'disqualified' || status === 'overquota' ? 'terminated' : 'partial';
}

function scalars(value: unknown): Readonly<Record<string, FieldValue>> {
  const raw = isRaw(value) ? value : {};
  return Object.fromEntries(
    Object.entries(raw).map(([name, one]) => [name, isRaw(one) || Array.isArray(one) ? canonical(one) : text(one)]),
  );
}

/** Metadata holds each value with its type, such as `{ type: 'string', value: 'haruka@example.jp' }`. */
function valuesIn(part: unknown): Readonly<Record<string, string>> {
  const raw = isRaw(part) ? part : {};
  const values = Object.entries(raw).map(([name, one]) => [name, text(isRaw(one) ? one.value : one)?.trim() ?? null] as const);
  return Object.fromEntries(values.filter((pair): pair is readonly [string, string] => pair[1] !== null));
}

const PREVIEWS = new Set(['preview', 'survey_preview']);

// A row without an id still has to be found again, and not twice: its content is its id.
function contentId(raw: unknown): string {
  return `unread-${createHash('sha256').update(canonical(raw)).digest('hex').slice(0, 16)}`;
}

function row(item: unknown): Row {
  const raw = isRaw(item) ? item : {};
  const id = text(raw.id);
  const [mode, status, recipient] = [text(raw.collection_mode), text(raw.response_status), text(raw.recipient_id)];
  const metadata = isRaw(raw.metadata) ? raw.metadata : {};
  const named = { email: raw.email_address, first_name: raw.first_name, last_name: raw.last_name };
  return {
    id: id ?? contentId(item),
    collectorId: text(raw.collector_id),
    recipientId: recipient === '0' ? null : recipient,
    isPreview: PREVIEWS.has(mode ?? ''),
    isEnteredByHand: mode === 'data_entry',
    status,
    state: stateOf(status),
    customValue: text(raw.custom_value)?.trim() ?? null,
    customs: scalars(raw.custom_variables),
    invited: { ...valuesIn(named), ...valuesIn(metadata.contact) },
    language: valuesIn(metadata.respondent).language ?? null,
    changedAt: instant(raw.date_modified) ?? instant(raw.date_created) ?? new Date(0).toISOString(),
    entries: id === null ? [entry(item, 0)] : entries(raw.pages),
  };
}

/** A page of responses. A row that cannot be read is kept as it came, and costs none of the others. */
export function parseResponses(body: unknown): Listed<Row> {
  return parseList(body, 'the list of responses', row);
}

/** A page of ids. */
export function parseIds(body: unknown): Listed<string | null> {
  return parseList(body, 'the list of ids', (item) => (isRaw(item) ? text(item.id) : null));
}

/** One response; null when the answer holds none. */
export function parseResponse(body: unknown): Row | null {
  const raw = object(body, 'the response');
  return text(raw.id) === null ? null : row(raw);
}

export type Webhook = { readonly id: string; readonly url: string | null; readonly surveyIds: readonly string[] };

/** A list of webhooks, which shows their names and no more. */
export function parseWebhooks(body: unknown): readonly { readonly id: string; readonly name: string }[] {
  return objects(list(object(body, 'the list of webhooks').data, 'the list of webhooks')).flatMap((raw) => {
    const id = text(raw.id);
    return id === null ? [] : [{ id, name: text(raw.name) ?? '' }];
  });
}

/** One webhook; null when the answer holds none. */
export function parseWebhook(body: unknown): Webhook | null {
  const raw = object(body, 'the webhook');
  const id = text(raw.id);
  const surveyIds = Array.isArray(raw.object_ids) && raw.object_type === 'survey' ? raw.object_ids.flatMap((one) => text(one) ?? []) : [];
  return id === null ? null : { id, url: text(raw.subscription_url), surveyIds };
}
