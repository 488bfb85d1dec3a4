import type { FieldValue } from '../contract/records.ts';
import type { Translated } from './mapping.ts';

export type Translate = (value: FieldValue) => Translated;
export type Scalar = string | number | boolean;

/** A translation that worked. */
export function given(value: FieldValue): Translated {
  return { ok: true, value };
}

/** A translation that would have had to guess. */
export function refused(reason: string): Translated {
  return { ok: false, reason };
}

/** True for multi-selects. */
export function isList(value: FieldValue): value is readonly string[] {
  return typeof value === 'object' && value !== null;
}

/** Text without outer white space and with LF line ends only: vendors change both on their own. */
function tidy(text: string): string {
  return (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).trim();
}

/** Lifts a translation of filled-in text to all values: blank stays blank, numbers and booleans count as their text. */
export function onText(translate: (text: string) => Translated): Translate {
  return (value) => {
    if (value === null) return given(null);
    if (isList(value)) return refused('a list of values does not fit a field with one value');
    const text = tidy(String(value));
    return text === '' ? given(null) : translate(text);
  };
}
