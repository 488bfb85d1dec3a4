import { createHash } from 'node:crypto';
import { isRaw, list, number, object, objects, type Raw, text } from '../../src/contract/raw.ts';
import type { FieldValue } from '../../src/contract/records.ts';
import type { SurveyResponse } from '../../src/contract/survey.ts';
import { plainText } from '../../src/kernel/html.ts';
import { canonical } from '../../src/kernel/json.ts';
import { instantOfEpoch, instantOfStamp } from './times.ts';

export type Listed<T> = { readonly items: readonly T[]; readonly totalItems: number | null; readonly totalPages: number | null };

/** `marks` are the counters that move whenever a response comes or goes on; null when the vendor shows none. */
export type Survey = {
  readonly id: string;
  readonly name: string;
  readonly marks: string | null;
  readonly completed: number | null;
  readonly lastAt: string | null;
};

/** One value of an answered question. `other` and `followUp` are boxes beside a choice. */
export type Value = {
  readonly answerId: string | null;
  readonly label: string;
  readonly position: number | null;
  readonly rank: number | null;
  readonly text: string | null;
  readonly other: string | null;
  readonly followUp: string | null;
  readonly result: string | null;
  readonly date: string | null;
  readonly file: string | null;
};
/** What was answered to one question, matrix row, or contact part. `unread` is its JSON when it has another shape. */
export type Entry = {
  readonly questionId: string;
  readonly code: string | null;
  readonly text: string;
  readonly hint: string;
  readonly values: readonly Value[];
  readonly unread: string | null;
  /** What was answered, as JSON. */
  readonly raw: string;
};
export type Row = {
  readonly surveyId: string | null;
  readonly surveyName: string | null;
  readonly id: string;
  /** ISO, or null when no time of it can be read. */
  readonly at: string | null;
  readonly state: SurveyResponse['state'];
  readonly externalReference: string | null;
  readonly customs: Readonly<Record<string, FieldValue>>;
  readonly email: string | null;
  readonly language: string | null;
  readonly device: string | null;
  /** The code of the business unit that it belongs to, where CX says it. */
  readonly segmentCode: string | null;
  readonly entries: readonly Entry[];
};

function listed<T>(body: unknown, what: string, read: (item: Raw) => T): Listed<T> {
  const page = object(body, what);
  const items = list(page.response, `${what}.response`).map((item, at) => read(isRaw(item) ? item : { unread: item, at }));
  const pagination = isRaw(page.pagination) ? page.pagination : {};
  return { items, totalItems: number(pagination.totalItems), totalPages: number(pagination.totalPages) };
}

const COUNTERS = ['completedResponses', 'startedResponses', 'terminatedResponses', 'lastResponseReceived'] as const;

function survey(raw: Raw): Survey | null {
  const id = text(raw.surveyID);
  if (id === null) return null;
  const counters = COUNTERS.map((name) => raw[name] ?? null);
  const last = text(raw.lastResponseReceived);
  return {
    id,
    name: plainText(text(raw.name) ?? '') || `Survey ${id}`,
    marks: counters.every((counter) => counter === null) ? null : canonical(counters),
    completed: number(raw.completedResponses),
    lastAt: last === null ? null : instantOfStamp(last),
  };
}

/** A page of the list of surveys; what has no id is no survey. */
export function parseSurveys(body: unknown): Listed<Survey> {
  const page = listed(body, 'the list of surveys', survey);
  return { ...page, items: page.items.filter((item) => item !== null) };
}

/** One survey; null when the answer holds none. */
export function parseSurvey(body: unknown): Survey | null {
  const { response } = object(body, 'the survey');
  return isRaw(response) ? survey(response) : null;
}

export type Choice = { readonly id: string | null; readonly text: string };
export type Question = {
  readonly id: string;
  readonly code: string | null;
  readonly type: string;
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly rows: readonly { readonly id: string; readonly text: string; readonly columns: readonly Choice[] }[];
};

function choices(value: unknown, idName: string): readonly Choice[] {
  return objects(value).map((raw) => ({ id: text(raw[idName]), text: plainText(text(raw.text) ?? '') }));
}

function question(raw: Raw): Question | null {
  const id = text(raw.questionID);
  if (id === null) return null;
  const columns = choices(raw.columns, 'columnID');
  const rows = objects(raw.rows).flatMap((row) => {
    const rowId = text(row.rowID);
    const own = choices(row.columns, 'columnID');
    return rowId === null ? [] : [{ id: rowId, text: plainText(text(row.text) ?? ''), columns: own.length > 0 ? own : columns }];
  });
  return {
    id,
    code: text(raw.code),
    type: (text(raw.type) ?? '').toLowerCase(),
    text: plainText(text(raw.text) ?? ''),
    choices: choices(raw.answers, 'answerID'),
    rows,
  };
}

/** A page of the questions of a survey. */
export function parseQuestions(body: unknown): Listed<Question> {
  const page = listed(body, 'the list of questions', question);
  return { ...page, items: page.items.filter((item) => item !== null) };
}

function value(raw: Raw): Value {
  const inner = isRaw(raw.value) ? raw.value : {};
  return {
    answerId: text(raw.answerID),
    label: plainText(text(raw.answerText) ?? ''),
    position: number(inner.scale),
    rank: number(inner.rank),
    text: text(inner.text) ?? (isRaw(raw.value) ? null : text(raw.value)),
    other: text(inner.other),
    followUp: text(inner.dynamicExplodeText),
    result: text(inner.result),
    date: text(inner.date),
    file: text(inner.fileLink),
  };
}

function entry(raw: unknown, at: number): Entry {
  const questionId = isRaw(raw) ? text(raw.questionID) : null;
  if (!isRaw(raw) || questionId === null || !Array.isArray(raw.answerValues ?? [])) {
    return {
      questionId: questionId ?? `unread-${at + 1}`,
      code: null,
      text: '',
      hint: '',
      values: [],
      unread: canonical(raw),
      raw: canonical(raw),
    };
  }
  return {
    questionId,
    code: text(raw.questionCode),
    text: plainText(text(raw.questionText) ?? ''),
    hint: text(raw.questionDescription) ?? '',
    values: objects(raw.answerValues).map(value),
    unread: null,
    raw: canonical(raw.answerValues ?? []),
  };
}

function entries(responseSet: unknown): readonly Entry[] {
  if (responseSet === null || responseSet === undefined) return [];
  return Array.isArray(responseSet) ? responseSet.map(entry) : [entry(responseSet, 0)];
}

/** Anything that is not said to be complete does not count as complete. */
function state(status: string | null): SurveyResponse['state'] {
  if (status !== null && /^complet/i.test(status)) return 'complete';
  return status !== null && /terminat|screen|disqualif|over ?quota|quota/i.test(status) ? 'terminated' : 'partial';
}

function scalar(value: unknown): FieldValue {
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : canonical(value);
}

// On CX surveys the keys are the admin's own labels, so none of them can be counted on.
function customs(raw: Raw): Row['customs'] {
  const low = isRaw(raw.customVariables) ? raw.customVariables : {};
  const nested = isRaw(low.highCustomVariables) ? low.highCustomVariables : {};
  const high = isRaw(raw.highCustomVariables) ? raw.highCustomVariables : nested;
  const all = Object.entries({ ...high, ...low }).filter(([name]) => name !== 'highCustomVariables');
  return Object.fromEntries(all.map(([name, value]) => [name, scalar(value)]));
}

// A row without an id still has to be found again, and not twice: its content is its id.
function contentId(raw: Raw): string {
  return `unread-${createHash('sha256').update(canonical(raw)).digest('hex').slice(0, 16)}`;
}

function row(raw: Raw): Row {
  const id = text(raw.responseID);
  const stamp = text(raw.timestamp);
  return {
    surveyId: text(raw.surveyID),
    surveyName: text(raw.surveyName),
    id: id ?? contentId(raw),
    at: instantOfEpoch(number(raw.utctimestamp) ?? number(raw.UTCTimestamp)) ?? (stamp === null ? null : instantOfStamp(stamp)),
    state: state(text(raw.responseStatus)),
    externalReference: text(raw.externalReference)?.trim() ?? null,
    customs: customs(raw),
    email: text(raw.emailAddress)?.trim() ?? null,
    language: text(raw.language),
    device: text(raw.osDeviceType),
    segmentCode: text(raw.segmentCode),
    entries: id === null ? [entry(raw, 0)] : entries(raw.responseSet),
  };
}

/** A page of responses. A row that cannot be read is kept as it came, and costs none of the others. */
export function parseResponses(body: unknown): Listed<Row> {
  return listed(body, 'the list of responses', row);
}

/** One response, whether it came alone or as a list of one; null when there is none. */
export function parseResponse(body: unknown): Row | null {
  const { response } = object(body, 'the response');
  const only = Array.isArray(response) ? response[0] : response;
  return isRaw(only) && text(only.responseID) !== null ? row(only) : null;
}

export type Webhook = { readonly id: string; readonly url: string | null };

/** The webhooks of a survey. */
export function parseWebhooks(body: unknown): readonly Webhook[] {
  return listed(body, 'the list of webhooks', (raw) => ({
    id: text(raw.webhookID) ?? text(raw.id),
    url: text(raw.requestURL),
  })).items.flatMap(({ id, url }) => (id === null ? [] : [{ id, url }]));
}
