import { looksLikeId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Field } from '../schema/field.ts';
import type { Value } from '../store/row.ts';
import type { Switches } from '../switches.ts';

const EMAIL = /^[^\s@,;<>()"]+@[^\s@,;<>()"]+\.[^\s@.,;<>()"]{2,}$/;
const DATETIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** What the field keeps of a value that came as JSON, or a refusal. Nothing is ever cut short. */
export function storedValue(field: Field, raw: unknown, switches: Switches): Value {
  if (field.type === 'boolean') return storedBoolean(field, raw);
  if (raw === null || raw === '') return emptied(field);
  switch (field.type) {
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return storedNumber(field, raw);
    case 'date':
      return storedDate(raw);
    case 'multipicklist':
      return storedChoices(field, raw, switches);
    case 'datetime':
      return storedInstant(raw);
    case 'id':
    case 'reference':
      return storedId(field, raw);
    default:
      return storedText(field, raw, switches);
  }
}

function emptied(field: Field): null {
  if (field.name === 'OwnerId') {
    throw new Refusal('INVALID_CROSS_REFERENCE_KEY', 'Owner ID: owner cannot be blank', { fields: ['OwnerId'] });
  }
  if (!field.nillable) {
    throw new Refusal('REQUIRED_FIELD_MISSING', `Required fields are missing: [${field.name}]`, { fields: [field.name] });
  }
  return null;
}

function unreadable(type: string, raw: unknown): Refusal {
  const [kind, shown] = typeof raw === 'string' ? ['VALUE_STRING', raw] : [`VALUE_${typeof raw}`.toUpperCase(), JSON.stringify(raw)];
  return new Refusal('JSON_PARSER_ERROR', `Cannot deserialize instance of ${type} from ${kind} value ${shown}`);
}

function storedBoolean(field: Field, raw: unknown): boolean {
  if (raw === null) {
    const message = `${field.label}: value not of required type: null`;
    throw new Refusal('INVALID_TYPE_ON_FIELD_IN_RECORD', message, { fields: [field.name] });
  }
  if (raw === true || raw === 'true') return true;
  if (raw === false || raw === 'false') return false;
  throw unreadable('boolean', raw);
}

function storedNumber(field: Field, raw: unknown): number {
  const given = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  if (typeof given !== 'number' || !Number.isFinite(given)) throw unreadable(field.type, raw);
  if (field.type === 'int' && !Number.isInteger(given)) throw unreadable('int', raw);
  const rounded = roundHalfUp(given, field.scale);
  if (Math.abs(rounded) < 10 ** (field.precision - field.scale)) return rounded;
  throw new Refusal('NUMBER_OUTSIDE_VALID_RANGE', `${field.label}: value outside of valid range on numeric field: ${given}`, {
    fields: [field.name],
  });
}

/** Away from zero at the half, on the decimal digits: 1.005 at two places is 1.01. */
function roundHalfUp(given: number, scale: number): number {
  const shifted = Math.round(Number(`${Math.abs(given)}e${scale}`));
  if (Number.isNaN(shifted)) return Number(given.toFixed(scale));
  return given < 0 ? 0 - shifted / 10 ** scale : shifted / 10 ** scale;
}

function storedInstant(raw: unknown): number {
  const at = typeof raw === 'string' && DATETIME.test(raw) ? Date.parse(raw.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')) : Number.NaN;
  if (Number.isNaN(at)) throw unreadable('datetime', raw);
  return Math.floor(at / 1000) * 1000;
}

/** A date has no zone; a time in it is refused. */
function storedDate(raw: unknown): string {
  const isDate = typeof raw === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(raw) && isOnCalendar(raw);
  if (!isDate) throw unreadable('date', raw);
  return raw;
}

function isOnCalendar(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** Choices apart by semicolons; they come back in the order of the definition. */
function storedChoices(field: Field, raw: unknown, switches: Switches): string | null {
  if (typeof raw !== 'string') throw unreadable('string', raw);
  const given = [...new Set(raw.split(';').map((one) => one.trim()))].filter((one) => one !== '');
  for (const one of given) refuseUnlisted(field, one);
  const order = new Map(field.choices.map((choice, i) => [choice, i]));
  const place = (one: string) => order.get(one) ?? order.size;
  const kept = switches.choicesInOrder ? given.sort((a, b) => place(a) - place(b)) : given;
  return kept.length === 0 ? emptied(field) : refuseTooLong(field, kept.join(';'));
}

function refuseUnlisted(field: Field, value: string): void {
  if (!field.restricted || field.choices.includes(value)) return;
  const message = `${field.label}: bad value for restricted picklist field: ${value}`;
  throw new Refusal('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, { fields: [field.name] });
}

function refuseTooLong(field: Field, value: string): string {
  if (value.length <= field.length) return value;
  const message = `${field.label}: data value too large: ${value.slice(0, 255)} (max length=${field.length})`;
  throw new Refusal('STRING_TOO_LONG', message, { fields: [field.name] });
}

function storedId(field: Field, raw: unknown): string {
  if (typeof raw === 'string' && looksLikeId(raw)) return raw;
  throw new Refusal('MALFORMED_ID', `${field.label}: id value of incorrect type: ${String(raw)}`, { fields: [field.name] });
}

function storedText(field: Field, raw: unknown, switches: Switches): string | null {
  if (typeof raw === 'object') throw unreadable('string', raw);
  let kept = String(raw);
  if (switches.trim) kept = kept.trim();
  if (kept === '') return emptied(field);
  if (field.type === 'textarea' && switches.crlf) kept = kept.replace(/\r?\n/g, '\r\n');
  if (field.type === 'email' && switches.lowerCaseEmail) kept = kept.toLowerCase();
  if (field.type === 'email' && !EMAIL.test(kept)) {
    throw new Refusal('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${kept}`, { fields: [field.name] });
  }
  refuseUnlisted(field, kept);
  return refuseTooLong(field, kept);
}
