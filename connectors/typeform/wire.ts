import { createHash } from 'node:crypto';
import { isRaw, list, number, object, objects, type Raw, text } from '../../src/contract/raw.ts';
import type { FieldValue } from '../../src/contract/records.ts';
import type { SurveyResponse } from '../../src/contract/survey.ts';
import { canonical } from '../../src/kernel/json.ts';

export type Me = { readonly id: string; readonly name: string };
export type FormsPage = { readonly items: readonly { readonly id: string; readonly title: string }[]; readonly pageCount: number };

/** One question of a form; those inside groups, matrices, and contact blocks stand beside the others, with the parent they have. */
export type Field = {
  readonly id: string;
  readonly ref: string | null;
  readonly title: string;
  readonly type: string;
  readonly steps: number | null;
  readonly startsAtOne: boolean;
  readonly isMultiple: boolean;
  /** The part of a contact block, such as `first_name`. */
  readonly part: string | null;
  readonly parent: { readonly type: string; readonly title: string } | null;
};
export type Form = {
  readonly id: string;
  readonly title: string;
  readonly language: string | null;
  readonly hidden: readonly string[];
  readonly fields: readonly Field[];
};

/** An answer as it came; `unread` is its JSON when it has another shape than answers have. */
export type Given = {
  readonly field: { readonly id: string; readonly ref: string | null; readonly type: string };
  readonly type: string;
  readonly value: FieldValue;
  readonly unread: boolean;
  /** The answer as JSON. */
  readonly raw: string;
};
export type Item = {
  readonly id: string;
  /** What pages are asked for by. */
  readonly token: string;
  readonly submittedAt: string | null;
  readonly landedAt: string | null;
  /** The last time that is known of a response: when it was submitted, else saved, else begun. */
  readonly changedAt: string;
  readonly state: SurveyResponse['state'];
  readonly platform: string | null;
  readonly hidden: Readonly<Record<string, string | null>>;
  readonly answers: readonly Given[];
};
export type ItemsPage = { readonly items: readonly Item[]; readonly total: number | null; readonly pageCount: number | null };

export function parseMe(body: unknown): Me {
  const raw = object(body, 'the account');
  const id = text(raw.user_id) ?? text(raw.email) ?? text(raw.alias) ?? 'me';
  const [alias, email] = [text(raw.alias), text(raw.email)];
  return { id, name: alias !== null && email !== null ? `${alias} (${email})` : (alias ?? email ?? 'Typeform account') };
}

export function parseForms(body: unknown): FormsPage {
  const raw = object(body, 'the list of forms');
  const items = objects(list(raw.items, 'the list of forms')).flatMap((form) => {
    const id = text(form.id);
    return id === null ? [] : [{ id, title: text(form.title)?.trim() ?? `Form ${id}` }];
  });
  return { items, pageCount: number(raw.page_count) ?? 1 };
}

function fieldsOf(fields: unknown, parent: Field['parent']): readonly Field[] {
  return objects(fields).flatMap((raw) => {
    const properties = isRaw(raw.properties) ? raw.properties : {};
    const [type, title] = [text(raw.type) ?? '', text(raw.title)?.trim() ?? ''];
    const inside = fieldsOf(properties.fields, { type, title });
    const id = text(raw.id);
    if (id === null) return inside;
    const own: Field = {
      id,
      ref: text(raw.ref),
      title,
      type,
      steps: number(properties.steps),
      startsAtOne: properties.start_at_one === true,
      isMultiple: properties.allow_multiple_selection === true,
      part: text(raw.subfield_key),
      parent,
    };
    return [own, ...inside];
  });
}

export function parseForm(body: unknown): Form {
  const raw = object(body, 'the form');
  const settings = isRaw(raw.settings) ? raw.settings : {};
  return {
    id: text(raw.id) ?? '',
    title: text(raw.title)?.trim() ?? '',
    language: text(settings.language) ?? text(raw.language),
    hidden: Array.isArray(raw.hidden) ? raw.hidden.filter((name) => typeof name === 'string') : [],
    fields: fieldsOf(raw.fields, null),
  };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text).filter((item) => item !== null) : [];
}

/** The value under the key that the type of an answer names; undefined when it is not there. */
function valueIn(raw: Raw, type: string): FieldValue | undefined {
  const value = raw[type] ?? (type === 'signature' ? raw.url : undefined);
  if (type === 'choice') return isRaw(value) ? (text(value.other) ?? text(value.label) ?? text(value.ref) ?? undefined) : undefined;
  if (type === 'choices') return isRaw(value) ? [...strings(value.labels), ...strings([value.other])] : undefined;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  // Payments and the newer kinds are objects of their own.
  return value === undefined || value === null ? undefined : canonical(value);
}

function given(raw: unknown, at: number): Given {
  const field = isRaw(raw) && isRaw(raw.field) ? raw.field : null;
  const id = text(field?.id);
  const about = { id: id ?? `unread-${at + 1}`, ref: text(field?.ref), type: text(field?.type) ?? '' };
  const type = isRaw(raw) ? text(raw.type) : null;
  const value = isRaw(raw) && id !== null && type !== null ? valueIn(raw, type) : undefined;
  if (value === undefined || type === null)
    return { field: about, type: 'other', value: canonical(raw), unread: true, raw: canonical(raw) };
  return { field: about, type, value, unread: false, raw: canonical(raw) };
}

function answersIn(answers: unknown): readonly Given[] {
  if (answers === null || answers === undefined) return [];
  return Array.isArray(answers) ? answers.map(given) : [given(answers, 0)];
}

function instant(value: unknown): string | null {
  const at = Date.parse(text(value) ?? '');
  // Typeform leaves the year 1 where a response was never submitted.
  return Number.isNaN(at) || at < 0 ? null : new Date(at).toISOString();
}

function hiddenIn(hidden: unknown): Item['hidden'] {
  if (!isRaw(hidden)) return {};
  return Object.fromEntries(Object.entries(hidden).map(([name, value]) => [name, text(value) ?? (isRaw(value) ? canonical(value) : null)]));
}

function stateOf(raw: Raw, submittedAt: string | null): SurveyResponse['state'] {
  const type = text(raw.response_type);
  if (type !== null && type !== 'completed') return 'partial';
  return submittedAt === null ? 'partial' : 'complete';
}

// A row without an id still has to be found again, and not twice: its content is its id.
function contentId(raw: unknown): string {
  return `unread-${createHash('sha256').update(canonical(raw)).digest('hex').slice(0, 16)}`;
}

function item(row: unknown): Item {
  const raw = isRaw(row) ? row : {};
  const id = text(raw.response_id) ?? text(raw.token);
  const submittedAt = instant(raw.submitted_at);
  const changedAt = submittedAt ?? instant(raw.staged_at) ?? instant(raw.landed_at) ?? new Date(0).toISOString();
  return {
    id: id ?? contentId(row),
    token: text(raw.token) ?? id ?? '',
    submittedAt,
    landedAt: instant(raw.landed_at),
    changedAt,
    state: stateOf(raw, submittedAt),
    platform: isRaw(raw.metadata) ? text(raw.metadata.platform) : null,
    hidden: hiddenIn(raw.hidden),
    answers: id === null ? [given(row, 0)] : answersIn(raw.answers),
  };
}

/** A page of responses. A row that cannot be read is kept as it came, and costs none of the others. */
export function parseItems(body: unknown): ItemsPage {
  const raw = object(body, 'the list of responses');
  return { items: list(raw.items, 'the list of responses').map(item), total: number(raw.total_items), pageCount: number(raw.page_count) };
}

export type Webhook = { readonly tag: string; readonly url: string | null; readonly isEnabled: boolean };

/** The webhooks of a form. */
export function parseWebhooks(body: unknown): readonly Webhook[] {
  return objects(list(object(body, 'the list of webhooks').items, 'the list of webhooks')).flatMap((raw) => {
    const tag = text(raw.tag);
    return tag === null ? [] : [{ tag, url: text(raw.url), isEnabled: raw.enabled === true }];
  });
}
