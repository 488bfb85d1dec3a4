import { isTimeZone } from '../../kernel/zone.ts';
import type { EntityDocument } from '../document.ts';
import type { Findings, Path as Place } from '../problems.ts';
import type { ResponseDocument } from '../response-document.ts';
import { parsePath } from './paths.ts';
import type { Answers, Part, Reading, Test } from './reading.ts';

type Document = EntityDocument | ResponseDocument;
type Section = NonNullable<Document['delivery']> | NonNullable<Document['table']>;

/** How records are found in what arrives; null for a mapping of a system that is asked. What is wrong is among the findings. */
export function compileReading(document: Document, findings: Findings): Reading | null {
  const { delivery, table } = document;
  const answers = 'response' in document ? document.response : undefined;
  if (delivery !== undefined && table !== undefined)
    findings.add(['table'], 'records come in deliveries or in tables', 'Write a file for each');
  const section = delivery ?? table;
  if (section === undefined) {
    if (answers !== undefined)
      findings.add(['response'], 'nothing says how records arrive', 'Add delivery or table, or remove it where the system is asked');
    return null;
  }
  checkSection(document, section, findings);
  if ('attach' in document && answers === undefined)
    findings.add([delivery === undefined ? 'table' : 'delivery'], 'nothing says what in a record is what of a response', 'Add response');
  const manner = {
    when: section.when === undefined ? [] : [section.when].flat().map(testOf),
    id: section.id === undefined ? null : [section.id].flat(),
    changed: section.changed ?? null,
    removed: section.removed === undefined ? null : testOf(section.removed),
    notation: { dates: section.dates ?? ('ymd' as const), zone: section.zone ?? null, decimal: section.decimal ?? ('.' as const) },
    answers: answers === undefined ? null : answersOf(answers),
  };
  if (delivery !== undefined) {
    checkPaths(document, findings);
    return { kind: 'delivery', ...manner, items: delivery.items ?? null };
  }
  const { encoding = null, delimiter = null, quote = null, header = null } = table ?? {};
  return { kind: 'table', ...manner, dialect: { encoding, delimiter, quote, header } };
}

function checkSection(document: Document, { zone, removed, id }: Section, findings: Findings): void {
  const place = document.delivery === undefined ? 'table' : 'delivery';
  if (zone !== undefined && !isTimeZone(zone))
    findings.add([place, 'zone'], `"${zone}" is no time zone`, 'Write one such as Asia/Tokyo or UTC');
  if (removed !== undefined && id === undefined)
    findings.add([place, 'removed'], 'what is told by its content alone cannot be removed', 'Add id');
  if ('direction' in document && document.direction !== 'in') findings.add(['direction'], 'records that only arrive go one way', 'Use in');
  if (!('direction' in document) && 'fields' in document) findings.add([place], 'records that only arrive go one way', 'Add direction: in');
}

const testOf = ({ at, is }: { at: string; is: string | number | boolean | (string | number | boolean)[] }): Test => ({
  at,
  is: [is].flat().map(String),
});

function answersOf(section: NonNullable<ResponseDocument['response']>): Answers {
  const { every } = section;
  return {
    belongsTo: section.belongs_to ?? null,
    survey: { id: section.survey.id, name: section.survey.name ?? null },
    submitted: section.submitted ?? null,
    complete: section.complete === undefined ? null : testOf(section.complete),
    terminated: section.terminated === undefined ? null : testOf(section.terminated),
    language: section.language ?? null,
    channel: section.channel ?? null,
    keys: Object.entries(section.keys ?? {}),
    questions: (section.questions ?? []).map(({ at = null, id, text = null, kind = null, scale = null, separator = null }) => {
      return { at, id: id ?? at ?? '', text, kind, scale, separator };
    }),
    every: every === undefined ? null : { ...every, ref: every.ref ?? null, text: every.text ?? null, value: [every.value].flat() },
    others: section.others ?? null,
  };
}

/** Every name of a delivery is a way into it, and has to be one. */
function checkPaths(document: Document, findings: Findings): void {
  for (const [place, text] of namesIn(document)) {
    const parsed = parsePath(text);
    if (typeof parsed === 'string')
      findings.add(place, parsed, 'Write it like customer.emails[0].address, and quote names with other signs');
    else if (parsed.steps.length === 0 && !parsed.fromRoot) findings.add(place, 'it leads nowhere', 'Name a place');
  }
}

type Named = readonly [place: Place, text: string];

function namesIn(document: Document): readonly Named[] {
  const { delivery } = document;
  if (delivery === undefined) return [];
  const at = (place: Place, part: Part | undefined): Named[] => (typeof part === 'string' ? [[place, part]] : []);
  const named = [
    ...at(['delivery', 'items'], delivery.items),
    ...at(['delivery', 'changed'], delivery.changed),
    ...at(['delivery', 'removed', 'at'], delivery.removed?.at),
    ...[delivery.id ?? []].flat().flatMap((part, i) => at(Array.isArray(delivery.id) ? ['delivery', 'id', i] : ['delivery', 'id'], part)),
    ...[delivery.when ?? []].flat().flatMap((test) => at(['delivery', 'when'], test.at)),
  ];
  if ('fields' in document) return [...named, ...document.fields.flatMap(({ remote }, i) => at(['fields', i, 'remote'], remote))];
  return [...named, ...answerNames(document, at)];
}

function answerNames({ attach, response }: ResponseDocument, at: (place: Place, part: Part | undefined) => Named[]): readonly Named[] {
  if (response === undefined) return [];
  const kept = new Set(Object.keys(response.keys ?? {}));
  const inside = (name: string, part: Part | undefined) => at(['response', name], part);
  return [
    ...attach.flatMap(({ from }, i) => (kept.has(from) || from.startsWith('answer:') ? [] : at(['attach', i, 'from'], from))),
    ...Object.entries(response.keys ?? {}).flatMap(([key, name]) => at(['response', 'keys', key], name)),
    ...at(['response', 'survey', 'id'], response.survey.id),
    ...at(['response', 'survey', 'name'], response.survey.name),
    ...inside('submitted', response.submitted),
    ...inside('language', response.language),
    ...inside('channel', response.channel),
    ...at(['response', 'complete', 'at'], response.complete?.at),
    ...at(['response', 'terminated', 'at'], response.terminated?.at),
    ...inside('others', response.others === true ? undefined : response.others),
    ...(response.questions ?? []).flatMap(({ at: name }, i) => at(['response', 'questions', i, 'at'], name)),
    ...at(['response', 'every', 'in'], response.every?.in),
  ];
}
