import type { Fields, FieldValue } from '../contract/records.ts';
import { canonical } from '../kernel/json.ts';
import { compileReading } from './arriving/compile.ts';
import { shownIn } from './arriving/example.ts';
import { shaped } from './explain.ts';
import { type HubModel, type HubObject, METRICS, RESPONSE_STATES } from './mapping.ts';
import { normalise } from './normalise.ts';
import { adviseOneOf, type Findings, type Path } from './problems.ts';
import { type ResponseDocument, responseDocument } from './response-document.ts';
import type { ContactRecipe, Evidence, MetricBinding, ResponseMapping, Timeline } from './response-mapping.ts';
import type { Source } from './yaml.ts';

const usualTopBox = 2;
const usualSinceDays = 365;

/** What an id that the hub has signed looks like: only letters and digits, at most 64, as the narrowest survey tool allows. */
export const SIGNED_ID = /^sl[0-9a-v]{46}$/i;

/** Checks and compiles the mapping of survey responses; undefined when something is among the findings. */
export function compileResponse(source: Source, model: HubModel | null): ResponseMapping | undefined {
  const shape = shaped(responseDocument, source);
  if (shape === undefined || model === null) return undefined;
  const { document, findings } = shape;
  const object = model.get(document.hub);
  if (object === undefined) findings.add(['hub'], `the hub has no object "${document.hub}"`, adviseOneOf(document.hub, [...model.keys()]));
  checkTwice(document, findings);
  checkMetrics(document, findings);
  if (object !== undefined) checkFields(document, object, findings);
  const reading = compileReading(document, findings);
  const mapping: ResponseMapping = {
    kind: 'response',
    file: source.file,
    connector: document.connector,
    object: document.object,
    ...(document.connection === undefined ? {} : { connection: document.connection }),
    hub: document.hub,
    attach: document.attach,
    metrics: (document.metrics ?? []).map(bindingOf),
    comments: document.comments ?? [],
    surveys: (document.surveys ?? []).map(({ survey, nature = null, touchpoint = null, creates = null }) => {
      return { survey, nature, touchpoint, creates };
    }),
    touchpoint: document.touchpoint ?? null,
    creates: document.creates === undefined ? null : recipeOf(document.creates),
    timeline: timelineOf(document),
    ...(reading === null ? {} : { reading }),
  };
  if (findings.problems.length === 0) checkExamples(mapping, document.examples ?? [], findings);
  return findings.problems.length === 0 ? mapping : undefined;
}

function timelineOf({ timeline = {} }: ResponseDocument): Timeline | null {
  if (timeline === 'off') return null;
  const { since, states = RESPONSE_STATES, surveys = { except: [] } } = timeline;
  return { sinceDays: since === undefined ? usualSinceDays : daysOf(since), states, surveys };
}

function daysOf(since: string): number | null {
  if (since === 'always') return null;
  return since === 'enabled' ? 0 : Number.parseInt(since, 10);
}

function bindingOf(one: NonNullable<ResponseDocument['metrics']>[number]): MetricBinding {
  const { survey = null, question, metric, key = metric, nature = null, touchpoint = null, scale = null } = one;
  const { higherIsBetter = true, topBox = usualTopBox, askedOf } = one;
  const binding = { survey, question, metric, key, nature, touchpoint, higherIsBetter, topBox, scale };
  return askedOf === 'employees' ? { ...binding, ofEmployees: true } : binding;
}

function recipeOf({ byDefault = false, fields }: NonNullable<ResponseDocument['creates']>): ContactRecipe {
  return {
    byDefault,
    fields: Object.entries(fields).map(([hub, from]) => ({ hub, from: typeof from === 'string' ? [from] : from })),
  };
}

/**
 * The evidence that a response shows, strongest first, in the spelling that is matched; an id is kept as it is written. `object` tells how a unique
 * field of the hub is spelt: without it, such evidence is passed over.
 */
export function* evidenceIn(
  mapping: Pick<ResponseMapping, 'attach'>,
  fields: Fields,
  object?: HubObject,
): Generator<Evidence & { readonly value: string }> {
  for (const one of mapping.attach) {
    const value = valueFor(one, Object.hasOwn(fields, one.from) ? (fields[one.from] ?? null) : null, object);
    if (value !== null) yield { ...one, value };
  }
}

function valueFor({ by, field }: Evidence, shown: FieldValue, object: HubObject | undefined): string | null {
  if (by === 'email' || by === 'phone') return normalise(by, shown);
  if (by === 'field') return normalise(object?.fields.get(field ?? '')?.identity ?? 'text', shown);
  const id = idIn(shown);
  // One key may carry both kinds of id: each is taken for what it looks like.
  return id === null || SIGNED_ID.test(id) !== (by === 'link') ? null : id;
}

function idIn(value: FieldValue): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const id = String(value).trim();
  return id === '' ? null : id;
}

/** The first of these keys that is filled in. */
export function firstFilled(fields: Fields, keys: readonly string[]): string | null {
  return keys.map((key) => idIn(fields[key] ?? null)).find((value) => value !== null) ?? null;
}

function checkTwice({ attach, metrics = [], surveys = [] }: ResponseDocument, findings: Findings): void {
  for (const [i, one] of attach.entries()) {
    if (attach.findIndex(({ by, from, field }) => by === one.by && from === one.from && field === one.field) < i)
      findings.add(['attach', i], 'this step stands above already', 'Remove it');
  }
  for (const [i, one] of metrics.entries()) {
    const first = metrics.findIndex(({ survey, question }) => survey === one.survey && question === one.question);
    if (first < i)
      findings.add(['metrics', i, 'question'], `"${one.question}" is bound already by metrics[${first}]`, 'Keep one of the two');
  }
  for (const [i, { survey }] of surveys.entries()) {
    const first = surveys.findIndex((one) => one.survey === survey);
    if (first < i) findings.add(['surveys', i, 'survey'], `"${survey}" is described already by surveys[${first}]`, 'Keep one of the two');
  }
}

function checkMetrics({ metrics = [] }: ResponseDocument, findings: Findings): void {
  for (const [i, { metric, key = metric, askedOf, higherIsBetter, scale }] of metrics.entries()) {
    if (metric === 'ces' && higherIsBetter === undefined)
      findings.add(['metrics', i], 'which end of an effort scale is good has to be said', 'Add higherIsBetter: true, or false for CES 1.0');
    // An unbound question counts under the name of its kind.
    if (askedOf === 'employees' && METRICS.some((kind) => kind === key))
      findings.add(
        ['metrics', i],
        'what employees answer would be counted with what customers do',
        `Add a key of its own, such as e${metric}`,
      );
    if (scale !== undefined && scale.min >= scale.max) findings.add(['metrics', i, 'scale'], 'min has to be less than max', 'Correct it');
  }
}

function checkFields({ attach, creates }: ResponseDocument, object: HubObject, findings: Findings): void {
  for (const [i, { by, field }] of attach.entries()) {
    const path: Path = ['attach', i, field === undefined ? 'by' : 'field'];
    if (by !== 'field' && field !== undefined) findings.add(path, 'only "by: field" names a field', 'Remove it, or say by: field');
    else if (by === 'field' && object.fields.get(field ?? '')?.unique !== true)
      findings.add(
        path,
        'evidence has to be a field that no two records share',
        `Name a field of ${object.name} that is unique in hub.yaml`,
      );
  }
  for (const name of Object.keys(creates?.fields ?? {})) {
    const field = object.fields.get(name);
    if (field === undefined)
      findings.add(
        ['creates', 'fields', name],
        `${object.name} has no field "${name}"`,
        adviseOneOf(name, [...object.fields.keys()]),
        'key',
      );
    else if (field.rollup !== null) findings.add(['creates', 'fields', name], 'it is computed from responses', 'Remove it', 'key');
  }
}

function checkExamples(mapping: ResponseMapping, examples: NonNullable<ResponseDocument['examples']>, findings: Findings): void {
  for (const [i, example] of examples.entries()) {
    const remote = shownIn(example, { mapping, path: ['examples', i], findings });
    if (remote === undefined) continue;
    checkAnswers(example.answers ?? {}, remote, (name, reason) =>
      findings.add(['examples', i, 'answers', name], reason, 'Correct the example or response'),
    );
    const [first] = evidenceIn(mapping, remote);
    if (first?.by === example.attach.by && first.value === example.attach.value) continue;
    const found =
      first === undefined ? 'nothing in it is evidence' : `it is attached by ${first.by} ${JSON.stringify(first.value)} from ${first.from}`;
    findings.add(['examples', i, 'attach'], found, 'Correct the example or the order of attach');
  }
}

function checkAnswers(wanted: Fields, shown: Fields, tell: (question: string, reason: string) => void): void {
  for (const [question, answer] of Object.entries(wanted)) {
    const found = shown[`answer:${question}`] ?? null;
    if (canonical(found) !== canonical(answer)) tell(question, `the answer to ${question} is ${JSON.stringify(found)}`);
  }
}
