import type { Fields, FieldValue, Present } from '../../src/contract/records.ts';
import type { Answer, SurveyResponse } from '../../src/contract/survey.ts';
import { answersOf, contactPart, type Known } from './answers.ts';
import { tagOfLanguage } from './languages.ts';
import { shift } from './times.ts';
import type { Row } from './wire.ts';

const NO_TIME = new Date(0).toISOString();

/** How an observation is told from others: `changedAt` moves when the response is completed. */
export type Key = { readonly id: string; readonly changedAt: string };

/** Response ids are the vendor's, made unique over all surveys. */
export function keyOf(row: Row, surveyId: string): Key {
  const at = row.at ?? NO_TIME;
  // One time stands for the start and for the end of a response, so the unfinished one is put a moment before the finished.
  const changedAt = row.state === 'partial' && row.at !== null ? shift(at, -1) : at;
  return { id: `${surveyId}:${row.id}`, changedAt };
}

function channelOf(device: string | null): string | null {
  if (device === null) return null;
  if (/mobile|phone|tablet/i.test(device)) return 'mobile';
  return /computer|desktop|web|pc/i.test(device) ? 'web' : device.toLowerCase();
}

function responseOf(row: Row, about: { id: string; name: string; answers: readonly Answer[] }): SurveyResponse {
  return {
    survey: { id: about.id, name: about.name },
    submittedAt: row.state === 'complete' ? row.at : null,
    state: row.state,
    language: tagOfLanguage(row.language),
    channel: channelOf(row.device),
    answers: about.answers,
  };
}

function contactFields(row: Row): Fields {
  const parts: Record<string, FieldValue> = row.email === null ? {} : { 'contact:email': row.email };
  const found = new Set<string>();
  for (const value of row.entries.flatMap(({ values }) => values)) {
    const part = contactPart(value);
    const text = value.text?.trim();
    if (part === null || text === undefined || found.has(part)) continue;
    found.add(part);
    parts[`contact:${part}`] = text;
  }
  return parts;
}

function answerFields(answers: readonly Answer[]): Fields {
  const scored = answers.filter(({ question }) => question.kind !== 'contact');
  return Object.fromEntries(scored.map(({ question, value }) => [`answer:${question.ref ?? question.id}`, value]));
}

/** A response as the hub sees it. Where it was sent from (address, place) stays behind. */
export function observe(row: Row, survey: { readonly id: string; readonly name: string }, known: Known): Present {
  const answers = answersOf(row.entries, known);
  const customs = Object.entries(row.customs).map(([name, value]) => [`custom:${name}`, value] as const);
  return {
    kind: 'present',
    ...keyOf(row, survey.id),
    version: null,
    fields: {
      external_reference: row.externalReference,
      ...(row.segmentCode === null ? {} : { segment_code: row.segmentCode }),
      ...Object.fromEntries(customs),
      ...contactFields(row),
      ...answerFields(answers),
    },
    response: responseOf(row, { id: survey.id, name: row.surveyName ?? survey.name, answers }),
  };
}
