import type { Fields } from '../../contract/records.ts';
import type { Answer, QuestionKind } from '../../contract/survey.ts';
import type { Explanation } from '../../hub/records/explanation.ts';
import type { Role } from '../../hub/tables/access.ts';
import type { HubField, HubModel, HubObject } from '../../mapping/mapping.ts';
import { holds } from './operator.ts';

/** The fields of an object that a role may not see. */
export type Veil = (object: string | null) => ReadonlySet<string>;

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Whether a role is told what vendors and faults said in their own words: these may quote a value, and nobody knows of which field. Others are told
 * the cause, which is in the hub's words.
 */
export const hearsVendors = (role: Role): boolean => holds(role, 'steward');

/** What is sensitive is for stewards and admins; what customers said is for analysts too, who work with it. */
export function veilFor(role: Role, model: HubModel): Veil {
  if (holds(role, 'steward')) return () => NOTHING;
  const isOpen = ({ category }: HubField) => category === 'feedback' && holds(role, 'analyst');
  const hidden = new Map([...model.values()].map((object) => [object.name, sensitiveFields(object.fields, isOpen)]));
  return (object) => (object === null ? NOTHING : (hidden.get(object) ?? NOTHING));
}

function sensitiveFields(fields: HubObject['fields'], isOpen: (field: HubField) => boolean): ReadonlySet<string> {
  return new Set([...fields.values()].filter((field) => field.sensitivity === 'sensitive' && !isOpen(field)).map((field) => field.name));
}

/** The model as it is for somebody: without what is veiled, so that nothing is called by it. */
export function modelBehind(veil: Veil, model: HubModel): HubModel {
  const objects = [...model.values()].map((object) => {
    const hidden = veil(object.name);
    if (hidden.size === 0) return object;
    return { ...object, fields: new Map([...object.fields].filter(([name]) => !hidden.has(name))) };
  });
  return new Map(objects.map((object) => [object.name, object]));
}

/** Whether records of an object are told apart by something that is veiled: then they are not found by it. */
export const veilsIdentity = (veil: Veil, model: HubModel, object: string): boolean =>
  [...veil(object)].some((name) => (model.get(object)?.fields.get(name)?.identity ?? null) !== null);

/** Whether what customers wrote themselves is veiled: as the field that keeps their last comment is. */
const veilsWords = (veil: Veil, model: HubModel): boolean =>
  [...model.values()].some(({ name, fields }) => [...veil(name)].some((field) => fields.get(field)?.rollup?.take === 'comment'));

/** Responses without what their authors wrote, where that is veiled. `isVeiled` tells it from an answer that nobody gave. */
export function veilResponses(veil: Veil, model: HubModel) {
  const isVeiled = veilsWords(veil, model);
  return <Row extends { readonly comment: string | null }>(row: Row) =>
    isVeiled ? { ...row, comment: null, isVeiled } : { ...row, isVeiled };
}

type Answered = { readonly comment: string | null; readonly answers: readonly Answer[]; readonly keys: Fields };
/** One response with its answers, likewise. */
export function veilAnswers(veil: Veil, model: HubModel) {
  const veilRow = veilResponses(veil, model);
  return <Detail extends Answered>(detail: Detail) => {
    const row = veilRow(detail);
    if (!row.isVeiled) return { ...row, answers: [...detail.answers] };
    return { ...row, answers: detail.answers.map(withoutWords), keys: withoutRepeats(detail) };
  };
}

// What was counted or chosen stays; what was written goes, and what the tool itself sent, which holds it once more.
const COUNTED: ReadonlySet<QuestionKind> = new Set([
  'nps',
  'csat',
  'ces',
  'rating',
  'number',
  'choice',
  'choices',
  'boolean',
  'rank',
  'date',
]);

const isCounted = ({ question }: Answer): boolean => COUNTED.has(question.kind);

/** What a response came with, less what repeats an answer that was written: under the name of the answer, or in its words under another one. */
function withoutRepeats({ comment, answers, keys }: Answered): Fields {
  const counted = new Set(answers.filter(isCounted).flatMap(({ question: { id, ref } }) => [`answer:${id}`, `answer:${ref}`]));
  const written = answers.filter((answer) => !isCounted(answer));
  const words = new Set<unknown>(
    [comment, ...written.flatMap(({ value, raw }) => [value, raw])].filter((each) => typeof each === 'string'),
  );
  return Object.fromEntries(
    Object.entries(keys).filter(([name, value]) => (!name.startsWith('answer:') || counted.has(name)) && !words.has(value)),
  );
}

const withoutWords = (answer: Answer): Answer => ({ question: answer.question, value: isCounted(answer) ? answer.value : null });

type Shown = { readonly object: string; readonly fields: Fields };
/** A record without what is veiled, and with the names of what is. */
export function veilRecord<Row extends Shown>(veil: Veil, row: Row): Row & { hidden: string[] } {
  const hidden = veil(row.object);
  return { ...row, fields: withoutKeys(row.fields, hidden), hidden: [...hidden] };
}

/** A journal line without what is veiled. */
export function veilChange<Line extends { readonly object: string; readonly fields: readonly { readonly field: string }[] }>(
  veil: Veil,
  line: Line,
): Line {
  const hidden = veil(line.object);
  return { ...line, fields: line.fields.filter((change) => !hidden.has(change.field)) };
}

/** A hold that says that there is one, without the values of a veiled field. */
export function veilHold<
  Hold extends {
    readonly hubObject: string | null;
    readonly field: string | null;
    readonly detail: Readonly<Record<string, unknown>>;
    readonly decision: unknown;
  },
>(veil: Veil, hold: Hold): Hold {
  const hidden = veil(hold.hubObject);
  if (hold.field !== null && hidden.has(hold.field)) return { ...hold, detail: {}, decision: null };
  const { fields, values } = hold.detail;
  // A write that was refused as a whole has several values, and a proposal to merge shows several fields at once.
  const shown = Array.isArray(fields) ? { fields: fields.filter((one: { readonly field?: string }) => !hidden.has(one.field ?? '')) } : {};
  const kept = typeof values === 'object' && values !== null ? { values: withoutKeys({ ...values }, hidden) } : {};
  return { ...hold, detail: { ...hold.detail, ...shown, ...kept } };
}

export function withoutKeys<Value>(fields: Readonly<Record<string, Value>>, hidden: ReadonlySet<string>): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !hidden.has(name)));
}

type Viewing = { readonly veil: Veil; readonly hearsVendors: boolean };

/** An explanation without what is veiled. */
export function veilExplanation({ veil, hearsVendors: hears }: Viewing, explanation: Explanation | null): Explanation | null {
  if (explanation === null) return null;
  const hidden = veil(explanation.object);
  const links = hears ? explanation.links : explanation.links.map((link) => ({ ...link, reason: null }));
  return { ...explanation, links, fields: explanation.fields.filter((each) => !hidden.has(each.field)) };
}
