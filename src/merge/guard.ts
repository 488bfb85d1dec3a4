import type { FieldSchema } from '../contract/connector.ts';
import type { FieldValue } from '../contract/records.ts';

/** What we refuse to send, with the reason in plain words; null when the value fits. `value` is in the remote's words. */
export function guard(value: FieldValue, field: FieldSchema | undefined, system: string): string | null {
  if (field === undefined) return `${system} has no such field, or hides it from this connection`;
  if (!field.writable) return `${field.label} is read-only in ${system}`;
  if (value === null) return field.required ? `${system} requires ${field.label}, so it cannot be cleared` : null;
  return fits(value, field, system);
}

function fits(value: FieldValue & {}, field: FieldSchema, system: string): string | null {
  if (field.maxLength !== null && typeof value === 'string' && value.length > field.maxLength) {
    return `${field.label} takes at most ${field.maxLength} characters in ${system}, and this has ${value.length}`;
  }
  if (field.choices !== null) {
    const known = new Set(field.choices.map((choice) => choice.value));
    const unknown = (Array.isArray(value) ? value : [value]).map(String).find((one) => !known.has(one));
    if (unknown !== undefined) return `${field.label} in ${system} has no option "${unknown}"`;
  }
  switch (field.type) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? null : `${field.label} in ${system} takes a number`;
    case 'boolean':
      return typeof value === 'boolean' ? null : `${field.label} in ${system} takes yes or no`;
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? null : `${field.label} in ${system} takes a date`;
    case 'datetime':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? null : `${field.label} in ${system} takes a date and time`;
    default:
      return null;
  }
}
