import type { FieldSchema } from '../contract/connector.ts';
import type { FieldValue } from '../contract/records.ts';
import type { Translated } from '../mapping/mapping.ts';
import type { PlannedHold } from './record-plan.ts';

/** Why a value is not sent: in plain words, and as a word of ours that the catalogue of causes knows. */
export type Unfit = {
  readonly because: 'no_such_field' | 'read_only' | 'required' | 'too_long' | 'unknown_choice' | 'wrong_type' | 'untranslatable';
  readonly reason: string;
  readonly limit?: number;
};

/** What we refuse to send; null when the value fits. `value` is in the remote's words. */
export function guard(value: FieldValue, field: FieldSchema | undefined, system: string): Unfit | null {
  if (field === undefined) return { because: 'no_such_field', reason: `${system} has no such field, or hides it from this connection` };
  if (!field.writable) return { because: 'read_only', reason: `${field.label} is read-only in ${system}` };
  if (value === null)
    return field.required ? { because: 'required', reason: `${system} requires ${field.label}, so it cannot be cleared` } : null;
  return fits(value, field, system);
}

function fits(value: FieldValue & {}, field: FieldSchema, system: string): Unfit | null {
  if (field.maxLength !== null && typeof value === 'string' && value.length > field.maxLength) {
    const reason = `${field.label} takes at most ${field.maxLength} characters in ${system}, and this has ${value.length}`;
    return { because: 'too_long', reason, limit: field.maxLength };
  }
  if (field.choices !== null) {
    const known = new Set(field.choices.map((choice) => choice.value));
    const unknown = (Array.isArray(value) ? value : [value]).map(String).find((one) => !known.has(one));
    if (unknown !== undefined) return { because: 'unknown_choice', reason: `${field.label} in ${system} has no option "${unknown}"` };
  }
  const wanted = wrongKind(value, field);
  return wanted === null ? null : { because: 'wrong_type', reason: `${field.label} in ${system} takes ${wanted}` };
}

/** What the field takes, where the value is of another kind. */
function wrongKind(value: FieldValue & {}, field: FieldSchema): string | null {
  switch (field.type) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'a number';
    case 'boolean':
      return typeof value === 'boolean' ? null : 'yes or no';
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? null : 'a date';
    case 'datetime':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? null : 'a date and time';
    default:
      return null;
  }
}

/** The same for a value that has been translated, or could not be. */
export function guardEncoded(encoded: Translated, field: FieldSchema | undefined, system: string): Unfit | null {
  return encoded.ok ? guard(encoded.value, field, system) : { because: 'untranslatable', reason: encoded.reason };
}

/** A value that stays here, with what the catalogue of causes tells it by. */
export function heldBack(field: string, value: FieldValue, { reason, ...why }: Unfit): PlannedHold {
  return { kind: 'refused_field', field, reason, detail: { value, ...why } };
}
