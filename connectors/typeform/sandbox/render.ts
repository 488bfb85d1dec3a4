import { type Answer, answersOf } from './answers.ts';
import type { Field, Form } from './forms.ts';
import type { StoredResponse } from './store.ts';

type Json = Readonly<Record<string, unknown>>;

/** `2026-11-20T12:04:02Z`: to the second. */
export function second(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Values that the link carried for the hidden fields of the form; others were dropped on the way in. */
export function hiddenOf({ form, given }: StoredResponse): Json {
  return Object.fromEntries(Object.entries(given.hidden ?? {}).filter(([name]) => form.hidden.includes(name)));
}

function timesOf({ state, landedAt, at }: StoredResponse): Json {
  switch (state) {
    case 'completed':
      return { landed_at: second(landedAt), submitted_at: second(at) };
    case 'partial':
      return { landed_at: second(landedAt), staged_at: second(at) };
    case 'started':
      return { landed_at: second(landedAt) };
  }
}

/** Without any answer the list is null on some rows and missing on others. */
function answersPart(answers: readonly Answer[], token: string): Json {
  if (answers.length > 0) return { answers };
  return token.charCodeAt(0) % 2 === 0 ? { answers: null } : {};
}

/** A response as the list shows it; `only` limits the answers to those fields. */
export function renderResponse(response: StoredResponse, only: ReadonlySet<string> | null): Json {
  const { token, form, state } = response;
  const hidden = hiddenOf(response);
  const answers = answersOf(response).filter(({ field }) => only === null || only.has(field.id));
  return {
    landing_id: token,
    token,
    response_id: token,
    response_type: state,
    ...timesOf(response),
    metadata: {
      user_agent: 'Mozilla/5.0 (sandbox)',
      platform: token.charCodeAt(1) % 2 === 0 ? 'mobile' : 'other',
      referer: `https://town.typeform.com/to/${form.id}`,
      network_id: token.slice(0, 6),
      browser: 'default',
    },
    ...(Object.keys(hidden).length === 0 ? {} : { hidden }),
    calculated: { score: 0 },
    ...answersPart(answers, token),
    ...(form.metric === 'nps' ? { variables: [{ key: 'score', type: 'number', number: 0 }] } : {}),
    thankyou_screen_ref: 'default_tys',
  };
}

/** The definition of a question without what the sandbox knows of it. */
function renderField({ role: _role, properties, ...field }: Field): Json {
  const nested = properties?.fields === undefined ? {} : { fields: properties.fields.map(renderField) };
  return { ...field, properties: { ...properties, ...nested }, validations: { required: false } };
}

type FormAges = { readonly created_at: string; readonly last_updated_at: string };

/** A form in the list of forms. */
export function renderFormRow({ id, title }: Form, ages: FormAges, origin: string): Json {
  return {
    id,
    title,
    ...ages,
    settings: { is_public: true },
    self: { href: `${origin}/forms/${id}` },
    theme: { href: `${origin}/themes/qHWOQ7` },
    _links: { display: `https://town.typeform.com/to/${id}` },
  };
}

/** A form with its questions. */
export function renderForm(form: Form, ages: FormAges, origin: string): Json {
  return {
    ...renderFormRow(form, ages, origin),
    type: 'quiz',
    workspace: { href: `${origin}/workspaces/w1` },
    settings: { language: 'en', is_public: true, progress_bar: 'proportion', meta: { allow_indexing: false } },
    hidden: form.hidden,
    variables: { score: 0 },
    logic: [],
    thankyou_screens: [{ id: 'DefaultTyScreen', ref: 'default_tys', title: 'Thank you!', type: 'thankyou_screen' }],
    fields: form.fields.map(renderField),
  };
}
