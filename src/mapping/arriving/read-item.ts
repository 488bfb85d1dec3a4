import { createHash } from 'node:crypto';
import type { Item } from '../../contract/arriving.ts';
import type { Fields, FieldValue, Observation, Present } from '../../contract/records.ts';
import { canonical } from '../../kernel/json.ts';
import { fieldsRead } from '../fields-read.ts';
import type { EntityMapping, Line } from '../mapping.ts';
import type { Mapping } from '../mappings.ts';
import { instantOf, plainNumber, plainTime } from './notation.ts';
import { readResponse } from './read-response.ts';
import type { Notation, Part, Reading } from './reading.ts';
import { assertStorable, fieldValue, holds, textAt, Unreadable } from './values.ts';

/** What came of one thing that arrived. `passed`: it is none of this mapping's. */
export type ReadItem =
  | { readonly kind: 'seen'; readonly seen: Observation }
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly place: string; readonly reason: string };

const LONGEST_ID = 500;
/** How far a clock over there may be ahead. */
const AHEAD_MS = 86_400_000;

/** Reads one thing that arrived at that time (ISO) by the mapping. */
export function readItem(mapping: Mapping, reading: Reading, { item, receivedAt }: { item: Item; receivedAt: string }): ReadItem {
  try {
    if (!reading.when.every((test) => holds(item, test))) return { kind: 'passed' };
    const seen = observe(mapping, reading, { item, receivedAt });
    assertStorable(seen, 'it');
    return { kind: 'seen', seen };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'refused', place: item.place, reason: error.message };
    throw error;
  }
}

type Arrived = { readonly item: Item; readonly receivedAt: string };

function observe(mapping: Mapping, reading: Reading, { item, receivedAt }: Arrived): Observation {
  const changedAt = reading.changed === null ? null : timeAt(item, reading.changed, { notation: reading.notation, receivedAt });
  if (reading.removed !== null && holds(item, reading.removed))
    return { kind: 'gone', id: idOf(item, reading.id ?? []), changedAt: changedAt ?? receivedAt };
  if (mapping.kind === 'response') {
    if (reading.answers === null) throw new Unreadable('the mapping does not say what of it is a response');
    const submittedAt =
      reading.answers.submitted === null ? null : timeAt(item, reading.answers.submitted, { notation: reading.notation, receivedAt });
    const at = changedAt ?? submittedAt ?? receivedAt;
    const { fields, response } = readResponse(item, {
      mapping,
      answers: reading.answers,
      notation: reading.notation,
      submittedAt: submittedAt ?? at,
    });
    return { ...present(item, reading, fields), changedAt: at, response };
  }
  const fields = fieldsOf(item, mapping, reading.notation);
  return { ...present(item, reading, fields), changedAt: changedAt ?? receivedAt };
}

const present = (item: Item, reading: Reading, fields: Fields): Omit<Present, 'changedAt'> => ({
  kind: 'present',
  id: reading.id === null ? contentId(fields) : idOf(item, reading.id),
  version: null,
  fields,
});

/** What stands for a record that has no id: all that was read of it. */
const contentId = (fields: Fields): string => `content:${createHash('sha256').update(canonical(fields)).digest('base64url').slice(0, 27)}`;

function idOf(item: Item, parts: readonly Part[]): string {
  const texts = parts.map((part) => {
    const text = textAt(item, part);
    if (text === null) throw new Unreadable(`there is no id in ${typeof part === 'string' ? part : 'the mapping'}`);
    return text;
  });
  const id = texts.join(':');
  if (id.length > LONGEST_ID) throw new Unreadable(`the id has ${id.length} characters, and ${LONGEST_ID} at most are taken`);
  return id;
}

/** The time that stands there, or null where none does. One that lies ahead would keep out all that follows. */
function timeAt(item: Item, name: string, { notation, receivedAt }: { notation: Notation; receivedAt: string }): string | null {
  const value = item.at(name);
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return null;
  const at = typeof value === 'string' || typeof value === 'number' ? instantOf(value, notation) : null;
  if (at === null) throw new Unreadable(`${name} holds ${JSON.stringify(value)}, which is no time that the mapping says how to read`);
  if (Date.parse(at) > Date.parse(receivedAt) + AHEAD_MS) throw new Unreadable(`${name} lies in the future`);
  return at;
}

function fieldsOf(item: Item, mapping: EntityMapping, notation: Notation): Fields {
  const lines = new Map(mapping.lines.map((line) => [line.remote, line]));
  return Object.fromEntries(
    fieldsRead(mapping).flatMap((name) => {
      const value = fieldValue(item, name);
      return value === undefined ? [] : [[name, written(value, lines.get(name), notation)] as const];
    }),
  );
}

/** A value in the one notation that the line's transform reads. */
function written(value: FieldValue, line: Line | undefined, notation: Notation): FieldValue {
  if (line?.ref != null && typeof value === 'number') return String(value);
  if (typeof value === 'string' && value.trim() === '') return null;
  const type = line?.codec.spec?.type;
  if (typeof value === 'string' && type === 'number') return plainNumber(value, notation);
  if (typeof value === 'string' && type === 'date') return plainTime(value, notation);
  if (type === 'datetime' && (typeof value === 'string' || typeof value === 'number')) return instantOf(value, notation) ?? value;
  return value;
}
